"""The desk: a test's place among letters, with a database, a relay, and a clock to move.

A real database, steps recorded as the worker records them, a clock it moves.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from mailroom.compose.stationery import Stationery
from mailroom.loops import sweep
from mailroom.loops.drain import Hands
from mailroom.room import Room
from mailroom.transport.relay import Relay
from models.asks import AskKind
from models.ids import IntroductionId
from models.news import News, TimeIsUp
from models.policy.policy import Policy
from models.process.state.introduction import Introduction
from models.process.state.opening import MadeBy, Opening
from models.process.timetable import next_wake
from models.process.verdict import Step
from models.record.ledger import Entry, Mailed
from models.record.play import Course
from store.engine.database import Database, database
from store.engine.secrets import Keys
from store.journal import inbox
from store.journal.ledger import entries
from store.letters.outbox import Letter, Retries
from store.tables import letter as letters
from store.tables import words
from tests.cast import CARL, CLEO, MONDAY, SOME_WORDS, TOMOKO, Person, opening
from tests.support import rows
from tests.support.play import Said
from tests.support.shell import record_all

KEYS = Keys([("new", b"n" * 32), ("old", b"o" * 32)])
STATIONERY = Stationery(
    sender="introductions@programme.example.test",
    reply_to="office@programme.example.test",
    public_url="https://programme.example.test",
)
QUICKLY = Retries(first=timedelta(seconds=1), longest=timedelta(seconds=4), tries=4)


class Desk:
    """One programme, its introductions, and a mailroom whose clock stands still until it is moved."""

    def __init__(self, database: Database, rules: Policy) -> None:
        self.database, self.rules, self.now = database, rules, MONDAY

    def clock(self) -> datetime:
        return self.now

    def passes(self, time: timedelta) -> None:
        self.now += time

    def room(self, relay: Relay, **others: Any) -> Room:
        given: dict[str, Any] = {"retries": QUICKLY, "poll": timedelta(milliseconds=20)} | others
        return Room(
            database=self.database,
            relay=relay,
            keys=KEYS,
            write=given.pop("write", STATIONERY.write),
            clock=given.pop("clock", self.clock),
            domain=STATIONERY.domain,
            **given,
        )

    async def asked(self, made_by: MadeBy = MadeBy.REQUESTER, begun: Opening | None = None) -> "Case":
        """Rosa has asked for Tomoko, and the first step is recorded."""
        made = begun or opening(self.rules, made_by, asked_at=self.now)
        await self.database.write(lambda connection: rows.ask_at_the_door(connection, made))
        case = Case(self, made)
        await case.record()
        return case

    async def carry(self, relay: Relay, **others: Any) -> None:
        """Everything that is due now leaves; what comes back as news waits in the inbox."""
        async with Hands(self.room(relay, **others)) as hands:
            while not await hands.take():
                pass

    async def resolve(self, relay: Relay, **others: Any) -> None:
        await sweep.resolve_letters(self.room(relay, **others))

    async def outbox(self, introduction: IntroductionId | None = None) -> list[Letter]:
        query = select(letters).order_by(letters.c.step, letters.c.number)
        found = await self.database.read(lambda connection: connection.execute(query).all())
        return [_letter(row) for row in found if introduction in (None, row.introduction)]

    async def set(self, table: Any, where: Any, **values: Any) -> None:
        await self.database.write(lambda connection: connection.execute(table.update().where(where).values(**values)))

    async def add(self, table: Any, **values: Any) -> None:
        await self.database.write(lambda connection: connection.execute(table.insert().values(**values)))

    async def rows(self, query: Any) -> Sequence[Row[Any]]:
        return await self.database.write(lambda connection: connection.execute(query).all())


class Case:
    """One introduction, decided by the core and recorded in the real store."""

    def __init__(self, desk: Desk, made: Opening) -> None:
        self.desk, self.course = desk, Course(made, desk.now)

    @property
    def id(self) -> IntroductionId:
        return self.opening.id

    @property
    def opening(self) -> Opening:
        return self.course.opening

    @property
    def introduction(self) -> Introduction:
        return self.course.introduction

    async def hear(self, *said: Said) -> None:
        for each in said:
            self.desk.passes(timedelta(seconds=1))
            await self._hear(each(self.introduction) if callable(each) else each)

    async def wait(self) -> None:
        """Until the next thing is due, which then happens."""
        wake = next_wake(self.introduction)
        assert wake
        self.desk.now = max(self.desk.now, wake.at)
        await self._hear(TimeIsUp())

    async def wait_until(self, kind: str) -> None:
        """Until this stage, with what is due on the way."""
        while self.introduction.stage.kind != kind:
            await self.wait()

    async def wait_for(self, kind: AskKind) -> None:
        """Until somebody is asked this, with what is due on the way."""
        while not any(ask.kind == kind for ask in self.introduction.open_asks()):
            await self.wait()

    async def record(self) -> None:
        for verdict in await record_all(self.course, self.desk.database):
            assert isinstance(verdict, Step), verdict

    async def ledger(self) -> list[Entry]:
        return await self.desk.database.read(lambda connection: entries(connection, self.id))

    async def letters(self) -> list[Letter]:
        return await self.desk.outbox(self.id)

    async def last(self, kind: str) -> Letter:
        """The latest letter of this kind."""
        return [each for each in await self.letters() if each.kind == kind][-1]

    async def put(self, news: News, nonce: str = "page") -> None:
        """News that has come in and that nobody has heard yet."""
        await self.desk.database.write(
            lambda connection: inbox.put(
                connection, introduction_id=self.id, news=news, via="link", nonce=nonce, now=self.desk.now
            )
        )

    async def inbox(self) -> list[News]:
        """What the mailroom has to tell."""
        waiting = await self.desk.database.read(
            lambda connection: rows.unheard(connection, self.desk.now + timedelta(days=1))
        )
        return [each.news for each in waiting if each.introduction == self.id]

    async def mailed(self, letter: Letter) -> list[str]:
        """What the ledger says became of a letter, in order."""
        events = [entry.event for entry in await self.ledger()]
        return [event.state for event in events if isinstance(event, Mailed) and event.letter == letter.id]

    async def _hear(self, news: News) -> None:
        verdict = self.course.hear(news, self.desk.now)
        assert isinstance(verdict, Step), (news, verdict)
        await self.record()


@asynccontextmanager
async def desk(url: str, rules: Policy, connectors: Sequence[Person] = (CARL, CLEO)) -> AsyncIterator[Desk]:
    """At a database that is empty and up to date."""
    async with database(url, durable=False) as opened:
        await opened.write(lambda connection: _settle_in(connection, rules, connectors))
        yield Desk(opened, rules)


def _settle_in(connection: Connection, rules: Policy, connectors: Sequence[Person]) -> None:
    rows.settle_in(connection, rules, MONDAY, connectors)
    text = {"id": SOME_WORDS, "owner": TOMOKO.id, "kind": "lines", "body": "Do ask Ines about seals."}
    connection.execute(words.insert().values(**text, at=MONDAY))


def _letter(row: Row[Any]) -> Letter:
    return Letter.model_validate({name: row._mapping[name] for name in Letter.model_fields})
