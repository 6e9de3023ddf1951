"""A "later" whose day has come: everything is looked at once more before any letter goes.

Weeks have passed since: they may be away, full, gone or closed to this requester by now, and nobody has told the
introduction. What may have grown old, a party's yes, is told in `tests/models/process/test_consent_validity.py`; an
address that has been suppressed stops every letter at the gate.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from models.asks import AskState
from models.ids import IntroductionId
from models.letters import Role
from models.process.state.introduction import Introduction
from models.process.state.stages import Resting, WithConnector, WithParties
from store.tables import asks_pause, block, channel, letter, membership, person, reservation, tie
from tests.cast import CARL, CLEO, MONDAY, PROGRAMME, ROSA, TOMOKO, Person, opening, policy
from tests.support import rows
from tests.support.news_phrases import approves, puts_off
from tests.support.services.databases import Place
from tests.support.shell import Shell

DAY = timedelta(days=1)
CALM = {
    "order": "requester_at_request",
    "requester.promised_answer": "40 d",
    "connector.later_up_to": "30 d",
    "target.later_up_to": "30 d",
    "connector.cap": 1,
    "connector.cap_per": "10 d",
    "target.cap": 1,
    "target.cap_per": "10 d",
}
RULES = policy("demo", CALM)

Change = Callable[[Connection, Person, datetime], Any]


def is_away(connection: Connection, who: Person, now: datetime) -> None:
    connection.execute(update(person).where(person.c.id == who.id).values(paused_until=now + 90 * DAY))


def has_opted_out(connection: Connection, who: Person, now: datetime) -> None:
    connection.execute(update(person).where(person.c.id == who.id).values(opted_out_at=now))


def has_been_erased(connection: Connection, who: Person, now: datetime) -> None:
    connection.execute(update(person).where(person.c.id == who.id).values(erased_at=now))


def has_no_address_left(connection: Connection, who: Person, now: datetime) -> None:
    connection.execute(update(channel).where(channel.c.person == who.id).values(stopped_at=now))


def has_blocked_rosa(connection: Connection, who: Person, now: datetime) -> None:
    row = {"tenant": rows.TENANT, "blocker": who.id, "blocked": ROSA.id, "at": now}
    connection.execute(insert(block).values(row))


def asks_rest(connection: Connection, who: Person, now: datetime) -> None:
    row = {"id": "pau_1", "programme": PROGRAMME, "person": who.id, "reason": "unanswered"}
    connection.execute(insert(asks_pause).values(row | {"since": now, "until": now + 30 * DAY}))


def has_been_asked_by_others(connection: Connection, who: Person, now: datetime) -> None:
    """As often as they may be within ten days, and lately."""
    other = opening(RULES, target=CLEO, asked_at=now).model_copy(update={"id": IntroductionId("int_other")})
    rows.ask_at_the_door(connection, other)
    role = Role.TARGET if who == TOMOKO else Role.CONNECTOR
    row = {"introduction": other.id, "step": 1, "person": who.id, "role": role, "programme": PROGRAMME}
    connection.execute(insert(reservation).values(row | {"at": now - DAY}))


def wants_no_such_requests(connection: Connection, who: Person, now: datetime) -> None:
    connection.execute(update(tie).where(tie.c.connector == who.id).values(no_go=True))


def does_not_know_her_after_all(connection: Connection, who: Person, now: datetime) -> None:
    connection.execute(update(tie).where(tie.c.connector == who.id).values(denied_at=now))


def has_left_the_programme(connection: Connection, who: Person, now: datetime) -> None:
    connection.execute(delete(membership).where(membership.c.person == who.id))


def nothing_has_changed(connection: Connection, who: Person, now: datetime) -> None:
    pass


OF_BOTH: tuple[Change, ...] = (
    is_away,
    has_opted_out,
    has_been_erased,
    has_no_address_left,
    has_blocked_rosa,
    asks_rest,
    has_been_asked_by_others,
)
OF_CONNECTORS: tuple[Change, ...] = (wants_no_such_requests, does_not_know_her_after_all, has_left_the_programme)


def back(connection: Connection, who: Person, change: Change, of: Person) -> Introduction:
    """`who` was asked and said "in twenty days"; on the day before, something has changed about `of`."""
    shell = Shell(lambda work: work(connection), _asked(connection))
    if who == TOMOKO:
        shell.hear(approves(CARL)(shell.introduction))
    shell.hear(puts_off(who, shell.now + 20 * DAY)(shell.introduction))
    connection.execute(delete(letter))
    shell.pass_time(19 * DAY)
    change(connection, of, shell.now)
    shell.pass_time(DAY)
    return shell.introduction


def _asked(connection: Connection) -> Any:
    begun = opening(RULES)
    rows.ask_at_the_door(connection, begun)
    return begun


def written_to(connection: Connection, who: Person) -> list[str]:
    """The letters that may still leave for this person."""
    theirs = select(letter.c.kind).where(letter.c.person == who.id)
    return list(connection.execute(theirs).scalars())


@pytest.fixture
def try_out(place: Place) -> Callable[[Callable[[Connection], None]], None]:
    """Run a story in the settled house, and take it all back."""
    place.run(lambda connection: rows.settle_in(connection, RULES, MONDAY, (CARL, CLEO)))

    def run(story: Callable[[Connection], None]) -> None:
        def told(connection: Connection) -> None:
            taken_back = connection.begin_nested()
            story(connection)
            taken_back.rollback()

        place.run(told)

    return run


TryOut = Callable[[Callable[[Connection], None]], None]


def test_who_is_as_free_as_before_is_asked_again(try_out: TryOut) -> None:
    def story(connection: Connection) -> None:
        for who, stage in ((CARL, WithConnector), (TOMOKO, WithParties)):
            inner = connection.begin_nested()
            introduction = back(connection, who, nothing_has_changed, who)
            assert isinstance(introduction.stage, stage)
            assert [ask.state for ask in introduction.asks if ask.person == who.id] == [AskState.SETTLED, AskState.OPEN]
            assert len(written_to(connection, who)) == 1
            inner.rollback()

    try_out(story)


def test_a_connector_who_may_not_be_asked_any_more_is_passed_over(try_out: TryOut) -> None:
    for change in (*OF_BOTH, *OF_CONNECTORS):

        def story(connection: Connection, change: Change = change) -> None:
            introduction = back(connection, CARL, change, CARL)
            assert written_to(connection, CARL) == [], change
            assert introduction.open_asks()[0].person == CLEO.id, change
            assert written_to(connection, CLEO) == ["ask_connector"], change

        try_out(story)


def test_a_target_who_may_not_be_asked_any_more_is_left_in_peace(try_out: TryOut) -> None:
    for change in OF_BOTH:

        def story(connection: Connection, change: Change = change) -> None:
            introduction = back(connection, TOMOKO, change, TOMOKO)
            assert written_to(connection, TOMOKO) == [], change
            assert isinstance(introduction.stage, Resting), change

        try_out(story)


def test_nobody_is_asked_again_for_a_requester_who_has_gone(try_out: TryOut) -> None:
    for who in (CARL, TOMOKO):
        for change in (is_away, has_opted_out, has_been_erased):

            def story(connection: Connection, who: Person = who, change: Change = change) -> None:
                introduction = back(connection, who, change, ROSA)
                assert written_to(connection, who) == [], change
                assert isinstance(introduction.stage, Resting), change

            try_out(story)


def test_asked_again_after_the_window_they_are_counted_again(try_out: TryOut) -> None:
    def story(connection: Connection) -> None:
        back(connection, CARL, nothing_has_changed, CARL)
        counted = select(reservation.c.at).where(reservation.c.person == CARL.id)
        assert len(connection.execute(counted).all()) == 2

    try_out(story)
