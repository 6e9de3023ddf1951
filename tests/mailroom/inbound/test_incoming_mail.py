"""Messages that come in, and what they change.

A real report stops an address; whatever is forged or strange, nothing.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from mailroom.inbound.incoming_mail import receive
from mailroom.transport.return_addresses import LASTS, ReturnAddresses
from mailroom.transport.smtp import SmtpRelay
from models.news import Undeliverable
from store.audit import verify
from store.engine.secrets import Keys
from store.letters import returned_mail
from store.tables import channel, inbox, ledger, letter, token
from tests.cast import CARL, CLEO
from tests.mailroom import returned_messages
from tests.mailroom.desk import KEYS, STATIONERY, Case, Desk
from tests.support.services.sink import Sink

RETURNS = ReturnAddresses(KEYS, "bounces@programme.example.test")
OFFICE = "office@programme.example.test"


async def written(desk: Desk, sink: Sink, relay: SmtpRelay) -> tuple[Case, str]:
    """Carl has been written to; the envelope address his letter left under."""
    case = await desk.asked()
    await desk.carry(relay, returns=RETURNS)
    return case, sink.kept[-1].sender


async def arrives(desk: Desk, raw: bytes, *to: str) -> str:
    desk.passes(timedelta(minutes=5))
    return await receive(desk.database, RETURNS, STATIONERY.domain, raw, to, desk.now)


async def everything(desk: Desk) -> list[Any]:
    tables = (inbox, ledger, letter, channel, token)
    return [list(await desk.rows(select(table).order_by(*table.primary_key.columns))) for table in tables]


async def test_each_letter_leaves_under_an_address_of_its_own_that_stands_in_no_header(
    at_desk: Desk, sink: Sink, relay: SmtpRelay
) -> None:
    case, address = await written(at_desk, sink, relay)
    raw = sink.kept[-1].raw.decode()
    assert address.startswith("bounces+")
    assert len(address.partition("@")[0]) <= 64
    assert "bounces" not in raw
    found = RETURNS.read(address.upper(), at_desk.now)
    assert found
    assert found.letter == (await case.last("ask_connector")).id


async def test_a_report_that_nobody_is_there_stops_the_address_and_the_next_connector_is_asked(
    at_desk: Desk, sink: Sink, relay: SmtpRelay
) -> None:
    case, address = await written(at_desk, sink, relay)
    assert await arrives(at_desk, returned_messages.report(address)) == "bounced"

    failed = await case.last("ask_connector")
    assert (failed.state, failed.relay_said) == ("failed", "5.1.1 in a report")
    assert await case.mailed(failed) == ["started", "accepted", "failed"]
    (carls,) = await at_desk.rows(channel.select().where(channel.c.person == CARL.id))
    assert carls.stopped_at
    (news,) = await case.inbox()
    assert isinstance(news, Undeliverable)
    await case.hear(news)
    assert case.introduction.connector == CLEO.somebody
    verified = await at_desk.database.read(lambda connection: verify.verify_one(connection, case.id))
    assert not verified.faults


async def test_the_same_report_again_changes_nothing(at_desk: Desk, sink: Sink, relay: SmtpRelay) -> None:
    case, address = await written(at_desk, sink, relay)
    await arrives(at_desk, returned_messages.report(address))
    before = await everything(at_desk)
    assert await arrives(at_desk, returned_messages.report("x@y.test"), address) == "bounced"
    assert await everything(at_desk) == before
    (noted,) = (await came_back(at_desk, case)).values()
    assert [(each.kind, each.times) for each in noted] == [("bounced", 2)]


@pytest.mark.parametrize(
    ("action", "status", "letter_is", "address_is_stopped"),
    [
        ("failed", "5.1.1", "failed", True),
        ("failed", "5.0.0", "failed", True),
        ("failed", "5.4.4", "failed", True),
        ("failed", "5.2.2", "failed", False),  # a full box
        ("failed", "5.1.8", "failed", False),  # our own address
        ("failed", "5.7.1", "failed", False),  # they do not like us
        ("failed", "4.4.7", "failed", False),  # five days of trying
        ("Failed", "", "failed", True),  # the code stands in the diagnosis only
        ("delayed", "4.4.1", "accepted", False),
        ("delivered", "2.0.0", "accepted", False),
        ("relayed", "2.0.0", "accepted", False),
        ("nonsense", "5.1.1", "accepted", False),
    ],
)
async def test_what_a_report_means(
    at_desk: Desk, sink: Sink, relay: SmtpRelay, action: str, status: str, letter_is: str, address_is_stopped: bool
) -> None:
    case, address = await written(at_desk, sink, relay)
    raw = returned_messages.report(address, action, status or "x")
    if not status:
        raw = raw.replace(b"550 x", b"550 5.1.1")
    await arrives(at_desk, raw)
    assert (await case.last("ask_connector")).state == letter_is
    (carls,) = await at_desk.rows(channel.select().where(channel.c.person == CARL.id))
    assert bool(carls.stopped_at) is address_is_stopped


async def test_a_report_about_an_address_in_any_alphabet_is_a_bounce_like_any_other(
    at_desk: Desk, sink: Sink, relay: SmtpRelay
) -> None:
    case, address = await written(at_desk, sink, relay)
    assert await arrives(at_desk, returned_messages.encoded_report(address)) == "bounced"
    assert (await case.last("ask_connector")).state == "failed"
    (carls,) = await at_desk.rows(channel.select().where(channel.c.person == CARL.id))
    assert carls.stopped_at


async def test_whoever_forwards_a_bounce_is_somebody_who_writes(at_desk: Desk, sink: Sink, relay: SmtpRelay) -> None:
    case, address = await written(at_desk, sink, relay)
    before = await everything(at_desk)
    for inner in (returned_messages.report(address), returned_messages.complaint(address)):
        assert await arrives(at_desk, returned_messages.forwarded(inner, OFFICE)) == "nothing"
        assert await arrives(at_desk, returned_messages.forwarded(inner, address)) == "reply"
    assert await everything(at_desk) == before
    (noted,) = (await came_back(at_desk, case)).values()
    assert [(each.kind, each.times) for each in noted] == [("reply", 2)]


BY_PEOPLE: dict[str, dict[str, str]] = {
    "Exchange": {"X_Auto_Response_Suppress": "DR, OOF, AutoReply", "X_MS_Has_Attach": ""},
    "Exchange, of another setting": {"X_Auto_Response_Suppress": "None"},
    "an address that is a list": {"List_Id": "<office.example.test>", "Precedence": "list"},
    "who says so": {"Auto_Submitted": "no (a person)"},
    "with an invitation": {"Content_Type": 'multipart/alternative; boundary="b"'},
}
BODY = """\
--b
Content-Type: text/plain

Gladly!
--b
Content-Type: text/calendar; method=REQUEST

BEGIN:VCALENDAR
--b--
"""


async def test_what_people_write_is_shown_whatever_their_mail_program_adds(
    at_desk: Desk, sink: Sink, relay: SmtpRelay
) -> None:
    case, address = await written(at_desk, sink, relay)
    before, sent = await everything(at_desk), (await case.last("ask_connector")).message_id or ""
    for who, headers in BY_PEOPLE.items():
        assert await arrives(at_desk, returned_messages.mail(address, BODY, **headers)) == "reply", who
    encoded = f"=?utf-8?q?{sent.replace('<', '=3C').replace('>', '=3E').replace('_', '=5F')}?="
    assert await arrives(at_desk, returned_messages.mail(OFFICE, BODY, In_Reply_To=encoded)) == "reply"
    assert await everything(at_desk) == before
    (noted,) = (await came_back(at_desk, case)).values()
    assert [(each.kind, each.times) for each in noted] == [("reply", len(BY_PEOPLE) + 1)]


async def test_a_complaint_stops_the_address(at_desk: Desk, sink: Sink, relay: SmtpRelay) -> None:
    case, address = await written(at_desk, sink, relay)
    assert await arrives(at_desk, returned_messages.complaint(address)) == "complaint"
    (carls,) = await at_desk.rows(channel.select().where(channel.c.person == CARL.id))
    assert carls.stopped_at
    assert [news.kind for news in await case.inbox()] == ["undeliverable"]


def forged(spoil: Callable[[str], str]) -> Callable[[str], bytes]:
    return lambda address: returned_messages.report(spoil(address))


STRANGER = ReturnAddresses(Keys.of(b"s" * 32), "bounces@programme.example.test")
NOTHING: dict[str, Callable[[str], bytes]] = {
    "without an address": forged(lambda address: "bounces@programme.example.test"),
    "with one letter changed": forged(lambda a: a.replace("+", "+a") if "+a" not in a else a.replace("+a", "+b", 1)),
    "of another domain": forged(lambda address: address.replace("programme.", "other.")),
    "cut short": forged(lambda address: address.replace("@", "=@")[:40] + "@programme.example.test"),
    "in another alphabet": forged(lambda address: address.replace("+", "+ß")),
    "out of office": lambda a: returned_messages.mail(a, "I am away", Auto_Submitted="auto-replied"),
    "out of office of an older kind": lambda a: returned_messages.mail(a, "I am away", Precedence="bulk"),
    "out of office, and a list": lambda a: returned_messages.mail(
        a, "I am away", List_Id="<list.example.test>", Auto_Submitted="auto-replied (vacation); owner-email=x@y.test"
    ),
    "a complaint taken back": lambda a: returned_messages.complaint(a, feedback="not-spam"),
    "a forwarder's signature that failed": lambda a: returned_messages.complaint(a, feedback="auth-failure"),
    "a null sender": lambda a: returned_messages.mail(a, "Something", Return_Path="<>"),
    "our own letter, come round": lambda a: returned_messages.mail(a, "Hello", Auto_Submitted="auto-generated"),
    "a read receipt": lambda a: returned_messages.report(a).replace(
        b"report-type=delivery-status", b"report-type=disposition-notification"
    ),
    "a calendar's reply": lambda a: returned_messages.mail(
        a, "BEGIN:VCALENDAR", Content_Type="text/calendar; method=REPLY"
    ),
    "a boundary that is never closed": lambda a: returned_messages.report(a).replace(b"--=_b", b"--=_c"),
    "a part of no sense": lambda a: returned_messages.report(a).replace(b"Action:", b"\xff\xfe\x00:"),
    "a charset there is none of": lambda a: returned_messages.mail(
        a, "x", Content_Type='text/plain; charset="no-such"', Precedence="junk"
    ),
    "parts within parts": lambda a: returned_messages.of_many_pieces(a, 1, [f"b{n}" for n in range(3000)]),
    "nothing at all": lambda a: b"",
    "no mail": lambda a: bytes(range(256)) * 100,
}


async def test_what_is_forged_strange_or_from_a_machine_changes_nothing(
    at_desk: Desk, sink: Sink, relay: SmtpRelay
) -> None:
    case, address = await written(at_desk, sink, relay)
    before, letters = await everything(at_desk), len(sink.kept)
    for what, message in NOTHING.items():
        assert await arrives(at_desk, message(address)) == "nothing", what
    assert await everything(at_desk) == before
    assert await came_back(at_desk, case) == {}
    await at_desk.carry(relay, returns=RETURNS)
    assert len(sink.kept) == letters  # nobody is answered


async def test_reports_about_other_letters_change_nothing(at_desk: Desk, sink: Sink, relay: SmtpRelay) -> None:
    case, address = await written(at_desk, sink, relay)
    sent = await case.last("ask_connector")
    assert sent.started_at
    before = await everything(at_desk)
    others = (
        STRANGER.of(sent.id, sent.started_at),  # another installation's
        RETURNS.of(sent.id, sent.started_at - timedelta(seconds=5)),  # an attempt there never was
        RETURNS.of(type(sent.id)("let_" + "0" * 24), sent.started_at),  # a letter there never was
    )
    for other in others:
        assert await arrives(at_desk, returned_messages.report(other)) == "nothing"
    at_desk.passes(LASTS)
    assert await arrives(at_desk, returned_messages.report(address)) == "nothing"
    assert await everything(at_desk) == before


async def test_i_approve_by_mail_is_no_answer_but_an_operator_is_told_of_it(
    at_desk: Desk, sink: Sink, relay: SmtpRelay
) -> None:
    case, address = await written(at_desk, sink, relay)
    sent = await case.last("ask_connector")
    before = await everything(at_desk)
    link = "https://programme.example.test/a/token"
    replies = (
        returned_messages.mail(OFFICE, f"I approve!\n> {link}", In_Reply_To=sent.message_id or ""),
        returned_messages.mail(OFFICE, "I approve", References=f"<other@x.test> {sent.message_id}"),
        returned_messages.mail(address, "I approve"),
    )
    for raw in replies:
        assert await arrives(at_desk, raw) == "reply"
    assert await arrives(at_desk, returned_messages.mail(OFFICE, "I approve")) == "nothing"
    assert (
        await arrives(at_desk, returned_messages.mail(OFFICE, "I approve", In_Reply_To=f"<{sent.id}@other.test>"))
        == "nothing"
    )
    assert await everything(at_desk) == before
    (noted,) = (await came_back(at_desk, case)).values()
    assert [(each.kind, each.times) for each in noted] == [("reply", 3)]


async def came_back(desk: Desk, case: Case) -> dict[Any, tuple[returned_mail.CameBack, ...]]:
    ids = [each.id for each in await case.letters()]
    return await desk.database.read(lambda connection: returned_mail.of_letters(connection, ids))
