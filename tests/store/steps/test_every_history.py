"""Whatever is said, in whatever order: the store holds exactly what the ledger says, and the ledger holds.

Hypothesis makes up lives of introductions between the same people and plays them against a real database.
"""

import contextlib
import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, Row, select

from models.ids import AskNumber, WordsId
from models.letters import LetterKind
from models.news import (
    Blocked,
    Edited,
    Erased,
    Extended,
    HandedOver,
    Held,
    News,
    OptedIn,
    OptedOut,
    Resumed,
    Stopped,
    TookBack,
    Undone,
    Withdrew,
)
from models.process.state.opening import MadeBy
from models.process.verdict import Refused
from models.record.invariants import violations
from models.record.invariants.facts import Happened
from models.record.ledger import START, Began, Entry, Moved, add_up, canonical, seal_text
from models.record.retelling import retold
from models.record.step_record import Recorded
from store.journal import inbox
from store.journal.disclosure_columns import told_again
from store.journal.ledger import entries
from store.steps.step_recorder import record
from store.tables import ask, introduction, letter
from tests.cast import CARL, CLEO, CORA, MONDAY, OLIVE, ROSA, ROSAS_MAIL, TOMOKO, Person, opening, policy
from tests.support import rows
from tests.support.plausible import answers
from tests.support.services.databases import POSTGRESQL, SQLITE, Place
from tests.support.shell import Shell

TIMES = st.sampled_from([timedelta(seconds=1), timedelta(seconds=6), timedelta(minutes=3), timedelta(minutes=11)])
STOPS: st.SearchStrategy[Callable[[Person], News]] = st.sampled_from(
    [
        lambda who: Withdrew(by=who.id),
        lambda who: TookBack(by=who.id),
        lambda who: OptedOut(by=who.id),
        lambda who: Blocked(by=who.id),
        lambda who: Erased(by=who.id),
        lambda who: Stopped(by=who.id),
    ]
)
ASKS = st.integers(1, 8).map(AskNumber)
ANYBODY = st.sampled_from([ROSA, CARL, CLEO, TOMOKO, OLIVE])


class LivesOfAnIntroduction(RuleBasedStateMachine):
    """One introduction, its people saying anything at any time, its letters arriving or not."""

    fresh: Callable[[Path], Place]  # where each life is lived

    def __init__(self) -> None:
        super().__init__()
        self.stack = contextlib.ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.place = self.fresh(Path(folder))
        self.stack.callback(self.place.close)

    def teardown(self) -> None:
        with self.stack:
            if hasattr(self, "shell"):
                self.the_ledger_holds()

    @initialize(
        order=st.sampled_from(["together", "target_first", "requester_at_request"]),
        made_by=st.sampled_from([MadeBy.REQUESTER, MadeBy.KEY]),
        batches=st.booleans(),
    )
    def ask_at_the_door(self, order: str, made_by: MadeBy, batches: bool) -> None:
        fields = {"order": order, "requester.promised_answer": "90 min", "requester.edits": 1}
        rules = policy("demo", fields if batches else fields | {"requester.closings_every": None})
        self.opening = opening(rules, made_by)
        self.place.run(lambda connection: rows.settle_in(connection, rules, MONDAY, (CARL, CLEO, CORA)))
        self.place.run(lambda connection: rows.ask_at_the_door(connection, self.opening))
        self.shell = Shell(self._run, self.opening)

    @rule(time=TIMES)
    def time_passes(self, time: timedelta) -> None:
        self.shell.pass_time(time)

    @rule()
    def letters_arrive(self) -> None:
        self.place.run(lambda connection: rows.deliver_letters(connection, self.shell.now))

    @precondition(lambda self: self.shell.introduction.open_asks())
    @rule(data=st.data())
    def somebody_answers(self, data: st.DataObject) -> None:
        """A plausible answer to an open ask, by the one who was asked."""
        asked = data.draw(st.sampled_from(self.shell.introduction.open_asks()))
        words = WordsId(f"wrd_{self.opening.id}")
        self._say(data.draw(st.sampled_from(answers(asked, words, self.shell.now))))

    @rule(who=ANYBODY, number=ASKS)
    def somebody_says_what_they_may_not(self, who: Person, number: AskNumber) -> None:
        person = who.id
        self._say(OptedIn(ask=number, by=person, channels=()))

    @rule(who=ANYBODY, number=ASKS)
    def somebody_undoes(self, who: Person, number: AskNumber) -> None:
        self._say(Undone(ask=number, by=who.id))

    @precondition(lambda self: self.shell.introduction.step > 6)  # late enough for most lives to get somewhere
    @rule(stopping=STOPS, who=ANYBODY)
    def somebody_stops_it(self, stopping: Callable[[Person], News], who: Person) -> None:
        self._say(stopping(who))

    @rule(held=st.booleans())
    def an_operator_holds_or_resumes_it(self, held: bool) -> None:
        self._say(Held(by=OLIVE.id) if held else Resumed(by=OLIVE.id))

    @precondition(lambda self: self.shell.introduction.open_asks())
    @rule(data=st.data())
    def an_operator_gives_more_time(self, data: st.DataObject) -> None:
        asked = data.draw(st.sampled_from(self.shell.introduction.open_asks()))
        self._say(Extended(ask=asked.number, by=OLIVE.id, until=asked.due_at + timedelta(minutes=5)))

    @rule(by_herself=st.booleans())
    def the_request_is_edited(self, by_herself: bool) -> None:
        words = WordsId(f"wrd_{self.opening.id}")
        mine = Edited(by=ROSA.id, note=words, channels=(ROSAS_MAIL,))
        self._say(mine if by_herself else Edited(by=OLIVE.id, made_by="key", note=words))

    @rule(to=st.sampled_from([CLEO, CORA, OLIVE]))
    def another_connector_is_named(self, to: Person) -> None:
        self._say(HandedOver(by=OLIVE.id, to=to.id))

    @rule()
    def the_last_step_is_recorded_again(self) -> None:
        recording, recorded = self.shell.recordings[-1]
        before = self._letters()
        assert self._run(lambda connection: record(connection, recording)) == recorded
        assert self._letters() == before

    @invariant()
    def the_pages_show_what_the_ledger_says(self) -> None:
        """And the ledger alone tells where it stands."""
        if not hasattr(self, "shell"):
            return
        chain, row, asks = self.place.run(self._shown)
        added_up = add_up([entry.event for entry in chain])
        assert added_up is not None
        where = added_up.standing
        assert (where.stage, where.held, where.due_at, where.ending, where.version, where.told, added_up.step) == (
            row.stage,
            row.held,
            row.due_at,
            row.ending,
            row.version,
            row.told,
            row.step,
        )
        known = told_again(row, chain)
        assert {name: row._mapping[name] for name in known} == known
        assert [(each.number, each.state, each.due_at) for each in added_up.asks] == [
            (each.number, each.state, each.due_at) for each in asks
        ]
        assert retold(self.opening, chain) == self.shell.introduction

    def the_ledger_holds(self) -> None:
        """Asked once a life is over: nothing is ever taken out of a ledger, so what broke on the way is still there."""
        chain = self.place.run(lambda connection: entries(connection, self.opening.id))
        previous = START
        for entry in chain:
            spelled = canonical(entry.event)
            assert entry.hash == seal_text(entry.scope, entry.seq, entry.at, spelled, previous)
            previous = entry.hash
        history = [Happened(entry.at, entry.event) for entry in chain if isinstance(entry.event, Began | Moved)]
        assert not list(violations(history))

    @invariant()
    def nobody_is_introduced_twice(self) -> None:
        if hasattr(self, "shell"):
            letters = self._letters()
            assert sum(kind == LetterKind.INTRODUCTION_TO_TARGET for kind, _ in letters) <= 1

    def _say(self, news: News) -> None:
        """As a page does: kept in the inbox first, then heard."""
        nonce = f"n{len(self.shell.recordings)}-{news.kind}-{self.shell.now}"
        kept = self.place.run(
            lambda connection: inbox.put(
                connection,
                introduction_id=self.opening.id,
                news=news,
                via="link",
                nonce=nonce,
                now=self.shell.now,
            )
        )
        verdict = self.shell.hear(news, kept.key)
        if isinstance(verdict, Refused):
            reason = verdict.reason
            self.place.run(lambda connection: inbox.mark_refused(connection, kept.key, reason))
        after = self.place.run(lambda connection: inbox.get(connection, kept.key))
        assert after is not None
        assert after.state != "waiting"

    def _run(self, work: Callable[[Connection], Recorded]) -> Recorded:
        return self.place.run(work)

    def _shown(self, connection: Connection) -> tuple[list[Entry], Row[Any], Sequence[Row[Any]]]:
        chain = entries(connection, self.opening.id)
        asks = connection.execute(select(ask).order_by(ask.c.number)).all()
        return chain, connection.execute(select(introduction)).one(), asks

    def _letters(self) -> list[tuple[str, str]]:
        query = select(letter.c.kind, letter.c.person).order_by(letter.c.id)
        return [(each.kind, each.person) for each in self.place.run(lambda connection: connection.execute(query).all())]


QUICK = settings(
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


# On PostgreSQL each life takes a database of its own and a trip for every statement: fewer of them say as much.
FEW = {SQLITE: 10, POSTGRESQL: 3}
MANY = {SQLITE: 400, POSTGRESQL: 50}


def test_a_few_lives(kind_of_database: str, newest: Callable[[str, Path], Place]) -> None:
    lives = machine(kind_of_database, newest)
    run_state_machine_as_test(lives, settings=settings(QUICK, max_examples=FEW[kind_of_database]))


@pytest.mark.soak
def test_many_long_lives(kind_of_database: str, newest: Callable[[str, Path], Place]) -> None:
    many = settings(QUICK, max_examples=MANY[kind_of_database], stateful_step_count=80)
    run_state_machine_as_test(machine(kind_of_database, newest), settings=many)


def machine(kind: str, newest: Callable[[str, Path], Place]) -> type[LivesOfAnIntroduction]:
    class OnThisDatabase(LivesOfAnIntroduction):
        fresh = staticmethod(partial(newest, kind))

    return OnThisDatabase
