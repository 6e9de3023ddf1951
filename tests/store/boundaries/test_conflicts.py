"""Those whom a programme keeps apart are never introduced, either way, by any connector, and nobody is told."""

from typing import Any

import pytest
from sqlalchemy import Connection, delete, func, select, update

from models.ids import IntroductionId, PersonId, ProgrammeId
from models.news import News
from models.process.state.stages import Resting
from store.boundaries import conflicts
from store.boundaries.conflicts import ConflictSide
from store.privacy import merge_people
from store.privacy.erasure import deletion
from store.tables import ask, conflict, inbox, introduction, letter, person
from tests.cast import CARL, CLEO, CORA, MONDAY, OLIVE, PROGRAMME, ROSA, STAN, TOMOKO, Person, opening, policy
from tests.support import rows
from tests.support.news_phrases import approves
from tests.support.services.databases import Place
from tests.support.shell import Shell

RULES = policy("demo", {"connector.cap": 100, "target.cap": 100})
WHERE = ProgrammeId(PROGRAMME)


def somebody(who: Person) -> ConflictSide:
    return ConflictSide(person=PersonId(who.id))


def at(name: str) -> ConflictSide:
    return ConflictSide(organisation=name)


@pytest.fixture
def settled(place: Place) -> Place:
    def settle_in(connection: Connection) -> None:
        rows.settle_in(connection, RULES, MONDAY)
        for who, where in ((ROSA, "Semilla, S.A."), (TOMOKO, "Hikari Labs"), (CARL, "Archive of Porto")):
            connection.execute(update(person).where(person.c.id == who.id).values(organisation=where))

    place.run(settle_in)
    return place


def asks(place: Place, number: int = 1) -> Shell:
    begun = opening(RULES).model_copy(update={"id": IntroductionId(f"int_{number}")})
    place.run(lambda connection: rows.ask_at_the_door(connection, begun))
    return Shell(place.run, begun)


def mark(place: Place, one: ConflictSide, other: ConflictSide) -> list[News] | None:
    told = place.run(lambda c: conflicts.mark(c, WHERE, one, other, "import", PersonId(OLIVE.id), MONDAY))
    return None if told is None else [each.news for each in told]


def lift_all(connection: Connection) -> None:
    for each in conflicts.listed(connection, WHERE):
        assert conflicts.lift(connection, [WHERE], each.id, PersonId(OLIVE.id), MONDAY)
    connection.execute(update(introduction).values(live=False))


def many(place: Place, table: Any) -> int:
    return int(place.run(lambda connection: connection.execute(select(func.count()).select_from(table)).scalar_one()))


def test_whoever_is_marked_is_not_asked_for_whichever_way_and_however_it_was_written(settled: Place) -> None:
    pairs = [
        (somebody(ROSA), somebody(TOMOKO)),
        (somebody(TOMOKO), somebody(ROSA)),
        (at("SEMILLA SA"), at("hikari labs")),
        (at("Hikari-Labs"), somebody(ROSA)),
        (somebody(TOMOKO), at("Semílla S.A.")),
    ]
    for number, (one, other) in enumerate(pairs):
        assert mark(settled, one, other) is not None  # one that rests hears of it, and refuses
        assert mark(settled, other, one) is None
        assert isinstance(asks(settled, number).introduction.stage, Resting)
        assert (many(settled, ask), many(settled, letter)) == (0, 0)
        settled.run(lift_all)
    assert mark(settled, at("Semilla Norte"), at("Hikari Labs")) == []
    (pair,) = settled.run(lambda connection: conflicts.listed(connection, WHERE))
    assert dict(zip((pair.one, pair.other), pair.people, strict=True)) == {"Semilla Norte": 0, "Hikari Labs": 1}
    assert asks(settled, 9).introduction.stage.kind == "with_connector"


def test_what_is_under_way_ends_without_a_word_and_nothing_else_hears_of_it(settled: Place) -> None:
    shell = asks(settled)
    shell.hear(approves(CARL)(shell.introduction))
    assert mark(settled, at("Hikari Labs"), somebody(STAN)) == []
    told = mark(settled, at("Hikari Labs"), somebody(ROSA))
    assert told
    shell.hear(told[0])
    assert isinstance(shell.introduction.stage, Resting)
    assert not shell.introduction.told
    kept = settled.run(lambda connection: connection.execute(select(inbox.c.kind, inbox.c.person, inbox.c.via)).all())
    assert kept == [("barred", None, "import")]


def test_whoever_is_kept_apart_from_the_requester_is_not_asked_as_a_connector(settled: Place) -> None:
    mark(settled, somebody(ROSA), at("Archive of Porto"))
    connector = asks(settled).introduction.connector
    assert connector
    assert connector.id == CLEO.id


def test_marks_move_with_a_record_that_is_given_up_and_go_with_somebody_who_is_forgotten(settled: Place) -> None:
    mark(settled, somebody(CORA), somebody(TOMOKO))
    mark(settled, somebody(CLEO), somebody(CORA))

    def join_and_forget(connection: Connection) -> tuple[bool, int, int]:
        assert merge_people.join(connection, PersonId(STAN.id), PersonId(CORA.id), MONDAY) is None
        apart = conflicts.are_apart(connection, WHERE, TOMOKO.id, STAN.id)
        gone = deletion.foreseen(connection, PersonId(STAN.id), MONDAY)["conflict"]
        left = connection.execute(delete(conflict)).rowcount
        return apart, gone, left

    assert settled.run(join_and_forget) == (True, 2, 2)
