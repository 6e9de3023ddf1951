"""The mail server of the tests keeps, refuses, dawdles and hangs up as it is told."""

import asyncio
from email.message import EmailMessage

import aiosmtplib
import pytest
from aiosmtplib import SMTP

from tests.support.services.sink import Sink

ROSA = "rosa@example.org"
CARL = "carl@example.org"


def letter(number: int = 1, recipient: str = ROSA) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "us@example.org", recipient, "Olá"
    message["Message-ID"] = f"<{number}@example.org>"
    message.set_content("Bom dia.")
    return message


async def test_a_letter_is_kept_and_known(sink: Sink) -> None:
    async with SMTP(hostname="127.0.0.1", port=sink.port) as relay:
        await relay.send_message(letter(1))
        await relay.send_message(letter(2, CARL))
    assert sink.connections == 1
    assert [kept.message["Subject"] for kept in sink.letters_to(ROSA)] == ["Olá"]
    assert sink.knows("<2@example.org>")
    assert not sink.knows("<3@example.org>")


@pytest.mark.parametrize(("code", "at_data"), [(451, False), (550, False), (452, True), (554, True)])
async def test_one_recipient_is_refused_and_the_other_served(sink: Sink, code: int, at_data: bool) -> None:
    sink.refuse(ROSA, code, at_data=at_data)
    async with SMTP(hostname="127.0.0.1", port=sink.port) as relay:
        with pytest.raises((aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPDataError)) as refusal:
            await relay.send_message(letter(1))
        await relay.send_message(letter(2, CARL))
    assert str(code) in repr(refusal.value)
    assert [kept.recipient for kept in sink.kept] == [CARL]


async def test_a_refusal_may_pass(sink: Sink) -> None:
    sink.refuse(ROSA, 451, times=1)
    async with SMTP(hostname="127.0.0.1", port=sink.port) as relay:
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
            await relay.send_message(letter())
        await relay.send_message(letter())
    assert sink.knows("<1@example.org>")


@pytest.mark.parametrize("keeps", [True, False])
async def test_the_sender_cannot_tell_when_the_connection_breaks_after_the_dot(sink: Sink, keeps: bool) -> None:
    sink.drop_after_dot(ROSA, keeps=keeps)
    relay = SMTP(hostname="127.0.0.1", port=sink.port)
    await relay.connect()
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await relay.send_message(letter())
    assert sink.knows("<1@example.org>") is keeps


async def test_a_slow_server_outlasts_the_senders_patience(sink: Sink) -> None:
    sink.delay(ROSA, 1.0, times=1)
    relay = SMTP(hostname="127.0.0.1", port=sink.port)
    await relay.connect()
    with pytest.raises((aiosmtplib.SMTPReadTimeoutError, asyncio.TimeoutError)):
        await relay.send_message(letter(), timeout=0.2)
    relay.close()


async def test_a_closed_server_comes_back_on_its_port(sink: Sink) -> None:
    port = sink.port
    await sink.close()
    with pytest.raises(aiosmtplib.SMTPConnectError):
        await aiosmtplib.send(letter(), hostname="127.0.0.1", port=port)
    await sink.open()
    await aiosmtplib.send(letter(), hostname="127.0.0.1", port=port)
    assert sink.port == port
    assert sink.knows("<1@example.org>")
