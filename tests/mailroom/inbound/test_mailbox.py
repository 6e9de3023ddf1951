"""Returned mail is found in a mailbox, once, over TLS, and left lying there."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from mailroom.inbound.mailbox import BROKEN, Box, Mailbox, look_in, take_in
from mailroom.transport.smtp import SmtpRelay
from tests.mailroom import returned_messages
from tests.mailroom.desk import Desk
from tests.mailroom.inbound.imap import PASSWORD, Server, imap
from tests.mailroom.inbound.test_incoming_mail import RETURNS, came_back, written
from tests.mailroom.transport.test_smtp import _contexts
from tests.support.services.sink import Sink


def box(server: Server, **others: str) -> Box:
    told = {"host": "localhost", "port": server.port, "security": "none", "login": "us", "password": PASSWORD}
    return Box.model_validate(told | others)


async def test_reports_in_the_mailbox_are_taken_in_once_and_stay_there(
    at_desk: Desk, sink: Sink, relay: SmtpRelay, tmp_path: Path
) -> None:
    ours, theirs = _contexts(tmp_path)
    case, address = await written(at_desk, sink, relay)
    async with imap(theirs) as server:
        mailbox, room = Mailbox(box(server, security="tls"), ours), at_desk.room(relay, returns=RETURNS)
        for raw in (
            returned_messages.mail(address, "I am away", Precedence="bulk"),
            returned_messages.report(address),
            b"\xff" * 1000,
        ):
            server.arrives(raw)
        assert await take_in(room, mailbox) == 3
        assert await take_in(room, mailbox) == 0
        assert (len(server.messages), server.seen) == (3, {1, 2, 3})
    assert (await case.last("ask_connector")).state == "failed"


async def test_what_could_not_be_kept_is_looked_at_again(at_desk: Desk, sink: Sink, relay: SmtpRelay) -> None:
    case, address = await written(at_desk, sink, relay)
    stop = asyncio.Event()
    async with imap() as server:
        room, mailbox = at_desk.room(relay, returns=RETURNS), Mailbox(box(server))
        server.folder = "elsewhere"  # away for a moment
        looking = asyncio.create_task(look_in(room, mailbox, stop, timedelta(milliseconds=10)))
        server.arrives(returned_messages.report(address, "delayed", "4.4.1"))
        server.folder = "INBOX"
        while not server.seen:
            await asyncio.sleep(0.01)
        stop.set()
        await looking
    (noted,) = (await came_back(at_desk, case)).values()
    assert [(each.kind, each.times) for each in noted] == [("delayed", 1)]


async def test_a_wrong_password_folder_or_certificate_is_an_error_in_words(tmp_path: Path) -> None:
    _, theirs = _contexts(tmp_path)
    async with imap() as server:
        for wrong in (box(server, password="x"), box(server, folder="none")):
            with pytest.raises(BROKEN):
                await asyncio.to_thread(Mailbox(wrong).check)
        await asyncio.to_thread(Mailbox(box(server)).check)
    async with imap(theirs) as server:
        with pytest.raises(BROKEN):  # nobody we know has signed it
            await asyncio.to_thread(Mailbox(box(server, security="tls")).check)
