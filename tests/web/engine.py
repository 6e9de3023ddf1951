"""Introductions in the tests of pages. Decided by the core, recorded in the real store, no Temporal."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import cast

from sqlalchemy import func, select

from mailroom.loops.hand_over import hand_over_news
from mailroom.room import Room
from models.ids import IntroductionId, PersonId
from models.news import Envelope, News, TimeIsUp
from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from models.process.timetable import next_wake
from models.process.verdict import Refused, Taken
from models.record.play import Course
from store.engine.database import Database
from store.tables import inbox
from tests.support import rows
from tests.support.play import Said
from tests.support.shell import record_all
from web.shared.house import Reception
from workflows.client import Away, Gone, NotRunning, StillThere, WorkflowHealth


class Engine:
    """Stands where the running workflows are. While `away`, nobody hears anything."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self.database, self.clock = database, clock
        self.courses: dict[IntroductionId, Course] = {}
        self.away = False
        # A running workflow records its steps one after the other, whoever speaks meanwhile.
        self._turns: defaultdict[IntroductionId, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def states(self) -> dict[IntroductionId, Introduction]:
        return {each: course.introduction for each, course in self.courses.items()}

    async def start(self, opening: Opening) -> bool:
        async with self._turns[opening.id]:
            if self.away or opening.id in self.courses:
                return not self.away
            course = self.courses[opening.id] = Course(opening, self.clock())
            await record_all(course, self.database)
            return True

    async def deliver(self, introduction: IntroductionId, envelope: Envelope) -> Reception:
        if self.away:
            return Away()
        if introduction not in self.states or self.states[introduction].closed:
            return NotRunning()
        return await self.heard(introduction, envelope.news, envelope.key)

    async def steps(self, introduction: IntroductionId) -> int | None:
        state = self.states.get(introduction)
        return state.step if state and not self.away else None

    async def standing(self, introduction: IntroductionId) -> WorkflowHealth:
        if self.away:
            return "away"
        state = self.states.get(introduction)
        return "missing" if state is None else "gone" if state.closed else "well"

    async def forget(self, introduction: IntroductionId) -> Gone | StillThere | Away:
        """Gone at the second asking, as Temporal deletes in its own time."""
        if self.away:
            return Away()
        state = self.states.get(introduction)
        if state is None:
            return Gone()
        if state.closed:
            del self.courses[introduction]
        return StillThere()

    async def with_person(self, person: PersonId) -> tuple[IntroductionId, ...] | Away:
        return Away() if self.away else tuple(each.id for each in self.states.values() if each.role_of(person))

    async def asked(self, opening: Opening) -> IntroductionId:
        """A request comes in at the door and begins; its letters are with their readers."""
        await self.database.write(lambda connection: rows.ask_at_the_door(connection, opening))
        await self.start(opening)
        await self.letters_arrive()
        return opening.id

    async def hear(self, introduction: IntroductionId, *said: Said) -> Reception:
        """What people say, one after the other, each reaching an introduction whose letters have arrived."""
        heard: Reception = Away()
        for each in said:
            news = each(self.states[introduction]) if callable(each) else each
            heard = await self.heard(introduction, news)
            await self.letters_arrive()
        return heard

    async def time_passes(self, introduction: IntroductionId) -> None:
        """The next thing that is due happens, if its time has come by the clock."""
        wake = next_wake(self.states[introduction])
        if wake and wake.at <= self.clock():
            await self.heard(introduction, TimeIsUp())
            await self.letters_arrive()

    async def next_instant(self, introduction: IntroductionId) -> datetime | None:
        """When something is due, or what was held is heard."""
        held = select(func.min(inbox.c.next_try_at)).where(inbox.c.state == "waiting", inbox.c.held_until.is_not(None))
        heard_at = await self.database.read(lambda connection: connection.execute(held).scalar())
        wake = next_wake(self.states[introduction])
        return min((at for at in (heard_at, wake.at if wake else None) if at), default=None)

    async def sweep(self) -> None:
        """What was held is heard, now that nobody can take it back."""
        room = cast(Room, SimpleNamespace(database=self.database, clock=self.clock))
        await hand_over_news(room, self)
        await self.letters_arrive()

    async def letters_arrive(self) -> None:
        now = self.clock()
        await self.database.write(lambda connection: rows.deliver_letters(connection, now))

    async def heard(self, introduction: IntroductionId, news: News, key: str | None = None) -> Taken | Refused:
        """One piece of news decided and recorded; the letters it causes stay planned."""
        async with self._turns[introduction]:
            course = self.courses[introduction]
            verdict = course.hear(news, self.clock(), key)
            if isinstance(verdict, Refused):
                return verdict
            await record_all(course, self.database)
            return Taken(step=verdict.after.step, stage=verdict.after.stage.kind)
