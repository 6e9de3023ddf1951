"""Introductions are counted as they are made: who would have one more than they said, chooses it knowingly."""

from datetime import timedelta

from sqlalchemy import Connection, select

from models.ids import IntroductionId
from models.letters import Role
from models.news import CapReached, TookBack
from models.policy.policy import Policy
from models.process.state.opening import Opening
from models.process.state.stages import FollowingUp, WithParties
from models.process.verdict import Reason
from store.asks import asks
from store.asks.views import RequesterView, TargetView
from store.journal import inbox
from store.tables import disclosure, introduction
from tests.cast import CARL, CLEO, MONDAY, ROSA, TOMOKO, Person, opening, policy
from tests.support import rows
from tests.support.news_phrases import approves, opts_in
from tests.support.services.databases import Place
from tests.support.shell import Shell

ONE = {"cap": 1, "cap_per": "30 d"}
OPEN = {"order": "requester_at_request", "requester.promised_answer": "40 d", "target.cap": 5, "requester.open_asks": 5}


def side_by_side(connection: Connection, rules: Policy, asked: list[tuple[Person, Person]]) -> list[Shell]:
    """Several requests, each approved; what the others do is not known to any of them."""
    found = []
    for number, (requester, target) in enumerate(asked):
        begun = opening(rules, target=target).model_copy(
            update={"id": IntroductionId(f"int_{number}"), "requester": requester.somebody}
        )
        found.append(_approved(connection, begun))
    return found


def _approved(connection: Connection, begun: Opening) -> Shell:
    rows.ask_at_the_door(connection, begun)
    shell = Shell(lambda work: work(connection), begun)
    shell.hear(approves(CARL)(shell.introduction))
    shell.pass_time(timedelta(minutes=1))
    return shell


def say_yes(shell: Shell, who: Person, *, beyond_cap: bool = False) -> None:
    news = opts_in(who)(shell.introduction)
    shell.hear(news.model_copy(update={"beyond_cap": beyond_cap}))
    shell.pass_time(timedelta(minutes=1))


def disclosed(connection: Connection) -> set[str]:
    return set(connection.execute(select(disclosure.c.introduction)).scalars())


def page(connection: Connection, shell: Shell, role: Role) -> TargetView | RequesterView:
    number = shell.introduction.open_asks(role)[-1].number
    found = asks.by_number(connection, shell.opening.id, number, shell.now)
    assert isinstance(found, TargetView | RequesterView)
    return found


def test_the_second_yes_waits_for_the_target_to_want_one_more(place: Place) -> None:
    rules = policy("demo", {**OPEN, "target.introductions": ONE})
    place.run(lambda connection: rows.settle_in(connection, rules, MONDAY, (CARL,)))

    def story(connection: Connection) -> None:
        first, second = side_by_side(connection, rules, [(ROSA, TOMOKO), (CLEO, TOMOKO)])
        assert page(connection, second, Role.TARGET).full is None
        say_yes(first, TOMOKO)
        assert page(connection, second, Role.TARGET).full is not None, "the page says so before the yes counts"
        say_yes(second, TOMOKO)  # said on a page that was opened before
        assert isinstance(first.introduction.stage, FollowingUp)
        assert CapReached(role=Role.TARGET) in [reply for _, done in second.recordings for reply in done.replies]
        assert isinstance(second.introduction.stage, WithParties)
        assert disclosed(connection) == {first.opening.id}
        assert not second.introduction.open_asks(Role.REQUESTER), "the second requester learns nothing"
        say_yes(second, TOMOKO, beyond_cap=True)
        assert disclosed(connection) == {first.opening.id, second.opening.id}

    place.run(story)


def test_a_yes_that_could_not_be_taken_back_counts_as_one(place: Place) -> None:
    rules = policy("demo", {**OPEN, "target.introductions": ONE})
    place.run(lambda connection: rows.settle_in(connection, rules, MONDAY, (CARL,)))

    def story(connection: Connection) -> None:
        first, second = side_by_side(connection, rules, [(ROSA, TOMOKO), (CLEO, TOMOKO)])
        say_yes(first, TOMOKO)
        on_its_way = {"delivered_at": None, "target_progress": "in_progress"}  # the two are not introduced yet
        this = introduction.update().where(introduction.c.id == first.opening.id)
        connection.execute(this.values(on_its_way))
        taking_back = inbox.put(
            connection,
            introduction_id=first.opening.id,
            news=TookBack(by=TOMOKO.id),
            via="own_page",
            nonce="too late",
            now=MONDAY,
        )
        inbox.mark_refused(connection, taking_back.key, Reason.TOO_LATE_TO_UNDO)
        assert page(connection, second, Role.TARGET).full is not None, "a yes that could not be taken back stands"

    place.run(story)


def test_a_requester_who_has_had_enough_is_asked_too(place: Place) -> None:
    rules = policy("demo", {**OPEN, "requester.introductions": ONE})
    place.run(lambda connection: rows.settle_in(connection, rules, MONDAY, (CARL,)))

    def story(connection: Connection) -> None:
        rows.knows(connection, CARL, CLEO, 5, MONDAY)
        first, second = side_by_side(connection, rules, [(ROSA, TOMOKO), (ROSA, CLEO)])
        say_yes(first, TOMOKO)
        say_yes(second, CLEO)
        assert disclosed(connection) == {first.opening.id}
        assert page(connection, second, Role.REQUESTER).full is not None
        assert not second.introduction.open_asks(Role.TARGET)
        say_yes(second, ROSA, beyond_cap=True)
        assert disclosed(connection) == {first.opening.id, second.opening.id}

    place.run(story)


def test_what_began_before_goes_on_as_it_began(place: Place) -> None:
    rules = policy("demo", {**OPEN, "target.introductions": ONE})
    place.run(lambda connection: rows.settle_in(connection, rules, MONDAY, (CARL,)))

    def story(connection: Connection) -> None:
        older = [
            _approved(
                connection,
                opening(rules).model_copy(
                    update={"id": name, "requester": who.somebody, "caps_hold_at_delivery": False}
                ),
            )
            for name, who in (("int_a", ROSA), ("int_b", CLEO))
        ]
        for each in older:
            say_yes(each, TOMOKO)
        assert len(disclosed(connection)) == 2

    place.run(story)
