"""The house of the erasure tests: a programme that runs, with the pages' engine, a mailroom, a clock, a journal."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from mailroom.compose.stationery import Stationery
from mailroom.loops import sweep
from mailroom.loops.drain import Hands
from mailroom.loops.erasure import carry_erasures
from mailroom.room import Room
from mailroom.transport.mail_page import MailPage
from models.ids import IntroductionId
from models.news import TimeIsUp
from models.process.state.introduction import Introduction
from models.process.timetable import next_wake
from store.audit.verify import BrokenRule, verify
from store.engine.database import Database, database
from store.engine.secrets import Keys
from store.privacy.erasure import jobs
from store.privacy.erasure.jobs import ErasureJob
from tests.cast import CARL, ROSA, TOMOKO, Person, opening, policy
from tests.store.privacy.erasure.canaries import place, place_in, sentence_of
from tests.support import rows
from tests.support.news_phrases import approves, opts_in
from tests.support.play import Said
from tests.support.services.databases import Place, migrated_copy
from tests.web.engine import Engine
from tests.web.house import Clock

KEYS = Keys([("new", b"n" * 32), ("old", b"o" * 32)])
STATIONERY = Stationery(
    sender="introductions@programme.example.test",
    reply_to="office@programme.example.test",
    public_url="https://programme.example.test",
)
RULES = policy("demo", {"requester.closings_every": None})
SECOND = timedelta(seconds=1)


@dataclass
class Home:
    """The programme at work. Everybody in it leaves canaries wherever they can."""

    folder: Path
    database: Database
    engine: Engine
    clock: Clock

    @property
    def room(self) -> Room:
        return Room(
            database=self.database,
            relay=MailPage(self.database, self.clock),
            keys=KEYS,
            write=STATIONERY.write,
            clock=self.clock,
            domain=STATIONERY.domain,
            poll=timedelta(milliseconds=5),
            journal=self.folder / "erasures.journal",
        )

    async def asked(self) -> IntroductionId:
        """Rosa asks for Tomoko."""
        made = opening(RULES, asked_at=self.clock())

        def at_the_door(connection: Connection) -> None:
            rows.ask_at_the_door(connection, made)
            for who in (ROSA, TOMOKO, CARL):
                place_in(connection, who, made.id, self.clock())

        await self.database.write(at_the_door)
        await self.engine.start(made)
        return made.id

    async def hear(self, introduction: IntroductionId, *said: Said) -> None:
        for each in said:
            await self.carry()
            self.clock.passes(SECOND)
            state = self.engine.states[introduction]
            await self.engine.heard(introduction, each(state) if callable(each) else each)

    async def until(self, introduction: IntroductionId, reached: Callable[[Introduction], bool]) -> None:
        """Time passes, and what is due happens."""
        while not reached(self.engine.states[introduction]):
            wake = next_wake(self.engine.states[introduction])
            assert wake
            self.clock.now = max(self.clock.now, wake.at)
            await self.carry()
            await self.engine.heard(introduction, TimeIsUp())

    async def carry(self) -> None:
        """Every letter that is due is on the mail page."""
        async with Hands(self.room) as hands:
            while not await hands.take():
                pass

    async def sweep(self) -> None:
        """One round of everything a mailroom does beside carrying letters."""
        self.clock.passes(timedelta(seconds=6))
        await sweep.once(self.room, self.engine)
        await carry_erasures(self.room, self.engine)

    async def erase(self, who: Person) -> str:
        now = self.clock()
        asked = await self.database.write(lambda connection: jobs.ask(connection, who.id, KEYS, "themself", now))
        return asked.erasures[0].id

    async def erasure(self, which: str) -> ErasureJob:
        found = await self.database.read(lambda connection: jobs.get(connection, which))
        assert found
        return found

    async def faults(self) -> list[BrokenRule]:
        return [fault async for each in verify(self.database) for fault in each.faults]


@asynccontextmanager
async def home(folder: Path, where: Place | None = None) -> AsyncIterator[Home]:
    """On SQLite, or in this place."""
    clock, url = Clock(), where.url if where else f"sqlite:///{await migrated_copy(folder)}"
    async with database(url, durable=False) as opened:

        def settle(connection: Connection) -> None:
            rows.settle_in(connection, RULES, clock())
            for who in (ROSA, TOMOKO, CARL):
                place(connection, who, clock())

        await opened.write(settle)
        yield Home(folder, opened, Engine(opened, clock), clock)


Story = Callable[[Home], Awaitable[IntroductionId]]


async def asked(here: Home) -> IntroductionId:
    """Carl has the question."""
    introduction = await here.asked()
    await here.carry()
    return introduction


async def with_parties(here: Home) -> IntroductionId:
    introduction = await here.asked()
    await here.hear(introduction, approves(CARL, sentence_of(CARL)))
    here.clock.passes(timedelta(minutes=1))
    await here.carry()
    return introduction


async def held_yes(here: Home) -> IntroductionId:
    """Tomoko has said yes, and it can still be undone."""
    introduction = await with_parties(here)
    await here.hear(introduction, opts_in(TOMOKO))
    return introduction


async def delivering(here: Home) -> IntroductionId:
    """Both have said yes; the letters are about to be written."""
    introduction = await held_yes(here)
    await here.hear(introduction, opts_in(ROSA))
    return introduction


async def delivery_in_flight(here: Home) -> IntroductionId:
    """Both letters lie in the outbox."""
    introduction = await delivering(here)
    await here.until(introduction, lambda state: state.stage.kind == "following_up")
    return introduction


async def following_up(here: Home) -> IntroductionId:
    introduction = await delivery_in_flight(here)
    await here.carry()
    return introduction


async def closed(here: Home) -> IntroductionId:
    introduction = await following_up(here)
    await here.until(introduction, lambda state: state.closed)
    await here.carry()
    return introduction


STORIES: dict[str, Story] = {
    story.__name__: story
    for story in (asked, with_parties, held_yes, delivering, delivery_in_flight, following_up, closed)
}
