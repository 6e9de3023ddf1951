"""Verification finds nothing in a life that went well, and everything that was tampered with."""

from datetime import timedelta

import pytest

from models.ids import WordsId
from models.letters import LetterKind
from models.news import Edited
from models.record.warmth import Cold, Warm
from store.audit.proof import explain
from store.audit.verify import verify
from store.tables import ask, introduction, ledger, words
from store.tables import letter as letters
from tests.cast import CARL, ROSA, ROSAS_MAIL, TOMOKO
from tests.mailroom.desk import Case, Desk
from tests.mailroom.fake_relay import Post
from tests.store.letters.planned_letters import planned


async def rules_broken(desk: Desk) -> set[str]:
    return {fault.rule for each in [found async for found in verify(desk.database)] for fault in each.faults}


@pytest.fixture
async def lived(at_desk: Desk) -> Case:
    """A whole life, to its last letter."""
    case = await planned(at_desk, LetterKind.HOW_IT_WENT)
    await at_desk.carry(Post())
    return case


@pytest.mark.parametrize("kind", [LetterKind.HOW_IT_WENT, LetterKind.NO_INTRODUCTION, LetterKind.TWO_LINES])
async def test_a_life_that_went_well_verifies(at_desk: Desk, kind: LetterKind) -> None:
    await planned(at_desk, kind)
    await at_desk.carry(Post())
    (found,) = [each async for each in verify(at_desk.database)]
    assert found.faults == ()
    assert found.events > found.letters > 2


async def test_a_life_under_way_verifies_too(at_desk: Desk) -> None:
    await planned(at_desk, LetterKind.ASK_TARGET)
    await at_desk.carry(Post(silent=True, forgetful=True))
    assert await rules_broken(at_desk) == set()


async def test_a_changed_request_verifies_and_its_letters_carry_the_new_words(at_desk: Desk) -> None:
    case = await at_desk.asked()
    await at_desk.carry(Post())
    note = {"owner": ROSA.id, "introduction": case.id, "kind": "note", "at": at_desk.now}
    await at_desk.add(words, id="wrd_new", body="Tomoko, my pumps ran for a year.", **note)
    await case.hear(Edited(by=ROSA.id, note=WordsId("wrd_new"), channels=(ROSAS_MAIL,)))
    await at_desk.carry(Post())
    assert case.introduction.version == 2
    assert await rules_broken(at_desk) == set()


async def test_one_changed_byte_is_found(at_desk: Desk, lived: Case) -> None:
    (first, *_) = await at_desk.rows(ledger.select().where(ledger.c.seq == 3))
    await at_desk.set(ledger, ledger.c.seq == 3, body=first.body.replace(CARL.id, ROSA.id))
    assert await rules_broken(at_desk) == {"chain"}


async def test_a_missing_event_is_found(at_desk: Desk, lived: Case) -> None:
    last = max(row.seq for row in await at_desk.rows(ledger.select()))
    for seq in (2, last):
        (kept,) = await at_desk.rows(ledger.delete().where(ledger.c.seq == seq).returning(ledger))
        assert await rules_broken(at_desk) == {"chain"}
        await at_desk.add(ledger, **kept._mapping)


@pytest.mark.parametrize("column", ["stage", "approved", "told", "version", "connector", "ending"])
async def test_a_read_model_that_says_something_else_is_found(at_desk: Desk, lived: Case, column: str) -> None:
    changed = {"version": 7, "connector": TOMOKO.id, "ending": "stopped", "stage": "finding"}
    (row,) = await at_desk.rows(introduction.select())
    value = changed.get(column, not row._mapping[column])
    await at_desk.set(introduction, introduction.c.id == lived.id, **{column: value})
    assert await rules_broken(at_desk) == {"S18 fold"}


async def test_an_ask_that_says_something_else_is_found(at_desk: Desk, lived: Case) -> None:
    await at_desk.set(ask, ask.c.number == 1, state="open")
    assert await rules_broken(at_desk) == {"S18 fold"}


async def test_a_letter_said_to_have_left_that_never_started_is_found(at_desk: Desk) -> None:
    await planned(at_desk, LetterKind.ASK_TARGET)
    await at_desk.set(letters, letters.c.kind == "ask_target", state="accepted")
    assert await rules_broken(at_desk) == {"S36 letters"}


async def test_a_letter_changed_after_it_left_is_found(at_desk: Desk, lived: Case) -> None:
    await at_desk.set(letters, letters.c.kind == "ask_target", person=ROSA.id)
    assert await rules_broken(at_desk) == {"S36 letters"}


async def test_why_somebody_got_a_letter_is_told_from_the_ledger(at_desk: Desk, lived: Case) -> None:
    letter = await lived.last("ask_target")
    told = await at_desk.database.read(lambda connection: explain(connection, letter.id, at_desk.now))
    assert told
    assert isinstance(told.found, Warm)
    assert [(link.what, told.names.get(link.person or "")) for link in told.found.chain] == [
        ("requested", ROSA.name),
        ("approved", CARL.name),
    ]


async def test_the_letters_of_introduction_rest_on_every_yes(at_desk: Desk, lived: Case) -> None:
    letter = await lived.last("introduction_to_target")
    told = await at_desk.database.read(lambda connection: explain(connection, letter.id, at_desk.now))
    assert told
    assert isinstance(told.found, Warm)
    said = [link.what for link in told.found.chain]
    assert said == ["requested", "approved", "opted_in", "opted_in", "introduced"]


async def test_a_letter_that_was_not_allowed_says_what_it_lacked(at_desk: Desk) -> None:
    case = await planned(at_desk, LetterKind.ASK_CONNECTOR)
    letter = await case.last("ask_connector")
    await at_desk.set(letters, letters.c.id == letter.id, kind="ask_target", ask=None)
    at_desk.passes(timedelta(seconds=1))
    told = await at_desk.database.read(lambda connection: explain(connection, letter.id, at_desk.now))
    assert told
    assert isinstance(told.found, Cold)
