"""Where nobody is reached under the target's address, the connector is asked once for another, and it is written to."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mailroom.transport.smtp import SmtpRelay
from models.asks import AskKind
from models.ids import ChannelId
from models.news import AddressGiven, ConnectorApproved, Undeliverable
from models.outcomes import Ending
from store.tables import channel
from tests.cast import CARL, CLEO, ROSA, TOMOKO, policy
from tests.mailroom import returned_messages
from tests.mailroom.desk import Case, Desk, desk
from tests.mailroom.inbound.test_incoming_mail import RETURNS, arrives
from tests.store.letters.planned_letters import ABOUT_TO_BE
from tests.support.news_phrases import approves, last_ask, opts_in
from tests.support.services.databases import migrated_copy
from tests.support.services.sink import Sink

OLD, NEW = "tomoko@valves.test", "tomoko@packaging.test"


@pytest.fixture
async def patient_desk(tmp_path: Path) -> AsyncIterator[Desk]:
    rules = policy("demo", {"connector.another_address": True, "letters.connector": 3})
    async with desk(f"sqlite:///{await migrated_copy(tmp_path)}", rules) as opened:
        yield opened


async def approved(desk: Desk, relay: SmtpRelay) -> Case:
    """Carl has given Tomoko's address; his yes can no longer be undone."""
    case = await desk.asked()
    await desk.carry(relay, returns=RETURNS)
    address, ask = await given(desk, case, OLD), last_ask(case.introduction, CARL.id)
    await case.hear(ConnectorApproved(ask=ask, by=CARL.id, vouch="introduce", address=address))
    desk.passes(ABOUT_TO_BE)
    await desk.carry(relay, returns=RETURNS)
    return case


async def given(desk: Desk, case: Case, address: str) -> ChannelId:
    """As the connector's page keeps it: for this introduction only."""
    named = ChannelId(f"cha_{address}")
    of = {"id": named, "person": TOMOKO.id, "kind": "email", "value": address, "match_key": address}
    await desk.add(channel, **of, introduction=case.id, source="the connector", created_at=desk.now)
    return named


async def asked_anew(desk: Desk, relay: SmtpRelay, case: Case) -> None:
    (news,) = [each for each in await case.inbox() if isinstance(each, Undeliverable)]
    assert news.address_is_dead
    await case.hear(news)
    await desk.carry(relay, returns=RETURNS)


async def test_the_letter_goes_to_the_address_the_connector_gives(
    patient_desk: Desk, sink: Sink, relay: SmtpRelay
) -> None:
    sink.refuse(OLD, 550)
    case = await approved(patient_desk, relay)
    await asked_anew(patient_desk, relay, case)
    assert sink.kept[-1].recipient == CARL.address
    assert "another address for Tomoko Abe" in sink.kept[-1].message["Subject"]
    assert OLD not in sink.kept[-1].raw.decode()

    new = await given(patient_desk, case, NEW)
    ask = last_ask(case.introduction, CARL.id, AskKind.ADDRESS)
    await case.hear(AddressGiven(ask=ask, by=CARL.id, address=new))
    patient_desk.passes(ABOUT_TO_BE)
    await patient_desk.carry(relay, returns=RETURNS)
    assert [letter.recipient for letter in sink.kept if letter.recipient in (OLD, NEW, TOMOKO.address)] == [NEW]
    await case.hear(opts_in(TOMOKO), opts_in(ROSA))
    await case.wait_until("following_up")


async def test_an_address_that_comes_back_later_is_asked_anew_too_and_only_once(
    patient_desk: Desk, sink: Sink, relay: SmtpRelay
) -> None:
    case = await approved(patient_desk, relay)
    (first,) = sink.letters_to(OLD)
    await arrives(patient_desk, returned_messages.report(first.sender))
    await asked_anew(patient_desk, relay, case)
    new = await given(patient_desk, case, NEW)
    ask = last_ask(case.introduction, CARL.id, AskKind.ADDRESS)
    await case.hear(AddressGiven(ask=ask, by=CARL.id, address=new))
    patient_desk.passes(ABOUT_TO_BE)
    await patient_desk.carry(relay, returns=RETURNS)

    (second,) = sink.letters_to(NEW)
    before = len(sink.kept)
    await arrives(patient_desk, returned_messages.report(first.sender))  # once more, about the first: nothing new
    assert case.introduction.stage.kind == "with_parties"
    await arrives(patient_desk, returned_messages.report(second.sender))
    (news,) = [each for each in await case.inbox() if getattr(each, "ask", 0) == len(case.introduction.asks)]
    await case.hear(news)
    assert getattr(case.introduction.stage, "ending", None) == Ending.UNDELIVERABLE
    await patient_desk.carry(relay, returns=RETURNS)
    asked = [letter for letter in sink.kept[before:] if letter.recipient in (CARL.address, CLEO.address)]
    assert asked == [], "nobody is asked twice"


async def test_where_another_address_is_on_file_nobody_is_asked(
    patient_desk: Desk, sink: Sink, relay: SmtpRelay
) -> None:
    later = patient_desk.now + ABOUT_TO_BE
    second = {"id": "cha_second", "person": TOMOKO.id, "kind": "email", "value": NEW, "source": "her own page"}
    await patient_desk.add(channel, **second, created_at=later)
    sink.refuse(TOMOKO.address, 550)
    case = await patient_desk.asked()
    await patient_desk.carry(relay)
    await case.hear(approves(CARL))
    patient_desk.passes(ABOUT_TO_BE)
    await patient_desk.carry(relay)
    (news,) = [each for each in await case.inbox() if isinstance(each, Undeliverable)]
    assert not news.address_is_dead


async def test_a_refusal_that_does_not_blame_the_address_asks_nobody(
    patient_desk: Desk, sink: Sink, relay: SmtpRelay
) -> None:
    sink.refuse(OLD, 554, at_data=True)
    case = await approved(patient_desk, relay)
    (news,) = [each for each in await case.inbox() if isinstance(each, Undeliverable)]
    assert not news.address_is_dead
