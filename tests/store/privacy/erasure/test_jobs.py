"""Erased people are found nowhere. In whatever part, at each stage, in every table and byte."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.ids import IntroductionId
from store.engine.database import T, Work
from store.tables import letter, mail
from tests.cast import CARL, ROSA, TOMOKO, Person
from tests.store.privacy.erasure import canaries
from tests.store.privacy.erasure.house import STORIES, Home, home
from tests.support.services.databases import Place

PARTS = {"requester": ROSA, "connector": CARL, "target": TOMOKO}
QUICK = {
    ("asked", "connector"),
    ("with_parties", "target"),
    ("held_yes", "requester"),
    ("delivery_in_flight", "target"),
    ("following_up", "connector"),
    ("closed", "target"),
}
EVERY_PART_AT_EVERY_STAGE = [
    pytest.param(part, stage, marks=() if (stage, part) in QUICK else pytest.mark.soak)
    for stage in STORIES
    for part in PARTS
]


@pytest.mark.parametrize(("part", "stage"), EVERY_PART_AT_EVERY_STAGE)
async def test_nothing_of_them_is_left_anywhere(tmp_path: Path, part: str, stage: str) -> None:
    who = PARTS[part]
    async with home(tmp_path) as here:
        introduction = await STORIES[stage](here)
        found = await here.database.read(lambda connection: canaries.where(connection, who))
        assert {("person", "name"), ("words", "body"), ("channel", "value")} <= found <= canaries.ALLOWED
        which = await here.erase(who)
        await here.sweep()
        await here.carry()
        assert (await here.erasure(which)).state in ("forgotten", "done")
        assert await here.database.read(lambda connection: canaries.where(connection, who)) == set()
        await here.database.forget()
        assert canaries.in_files(tmp_path, who) == []
        await _goes_on_to_its_end(here, introduction)
        done = await here.erasure(which)
        assert (done.state, done.executions, (done.counts or {})["person"]) == ("done", 1, 1)
        assert introduction not in here.engine.states
        assert await here.faults() == []
        assert await _could_still_leave(here, who) == []
    assert not canaries.in_dump(tmp_path / "pages.db", who)
    assert canaries.in_files(tmp_path, who) == []


@pytest.mark.soak
@pytest.mark.parametrize("part", PARTS)
async def test_every_table_is_clean_on_both_databases(place: Place, tmp_path: Path, part: str) -> None:
    who = PARTS[part]
    async with home(tmp_path, place) as here:
        introduction = await STORIES["following_up"](here)
        which = await here.erase(who)
        await here.sweep()
        assert await here.database.read(lambda connection: canaries.where(connection, who)) == set()
        await _goes_on_to_its_end(here, introduction)
        assert (await here.erasure(which)).state == "done"
        assert await here.faults() == []


class Killed(Exception):
    """The process is gone."""


class Mortal:
    """A database whose process dies right after a commit: each life one commit longer than the one before."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.deaths, self.lived = inner, 0, 0

    async def read(self, work: Work[T]) -> T:
        return await self.inner.read(work)  # type: ignore[no-any-return]

    async def write(self, work: Work[T]) -> T:
        done = await self.inner.write(work)
        self.lived += 1
        if self.lived > self.deaths:
            self.deaths, self.lived = self.deaths + 1, 0
            raise Killed
        return done  # type: ignore[no-any-return]

    async def forget(self) -> None:
        await self.inner.forget()

    async def close(self) -> None:
        await self.inner.close()


async def test_killed_after_one_write_or_another_it_is_carried_through_all_the_same(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await STORIES["closed"](here)
        which, alive = await here.erase(TOMOKO), here.database
        here.database = deadly = Mortal(alive)
        while (await here.erasure(which)).state != "done":
            assert deadly.deaths < 40
            try:
                await here.sweep()
            except Killed:
                here.clock.passes(timedelta(minutes=20))
        here.database = alive
        assert deadly.deaths > 3
        assert await here.database.read(lambda connection: canaries.where(connection, TOMOKO)) == set()
        assert ((await here.erasure(which)).counts or {})["person"] == 1
        assert await here.faults() == []


async def test_while_temporal_is_away_the_words_go_all_the_same_and_nothing_leaves(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        introduction = await STORIES["held_yes"](here)
        which = await here.erase(TOMOKO)
        here.engine.away = True
        await here.sweep()
        assert (await here.erasure(which)).state == "asked"
        here.clock.passes(timedelta(seconds=30))
        await here.sweep()
        assert (await here.erasure(which)).state == "forgotten"
        assert await here.database.read(lambda connection: canaries.where(connection, TOMOKO)) == set()
        here.engine.away = False
        here.clock.passes(timedelta(minutes=20))
        await here.sweep()
        assert here.engine.states[introduction].stage.kind == "resting"


async def test_the_requester_is_told_as_of_every_ending_and_not_by_whose_name(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        introduction = await STORIES["with_parties"](here)
        await here.erase(TOMOKO)
        await here.sweep()
        await here.until(introduction, lambda state: state.closed)
        await here.carry()
        subjects = select(mail.c.subject).where(mail.c.person == ROSA.id)
        told = await here.database.read(lambda connection: connection.execute(subjects).scalars().all())
        assert told[-1] == "Por ahora no hay presentación con la persona que pediste conocer"


async def _goes_on_to_its_end(here: Home, introduction: IntroductionId) -> None:
    """The others are not told why; whatever still waits comes to its end by time alone, and then goes too."""
    if introduction in here.engine.states:
        await here.until(introduction, lambda state: state.closed)
    await here.carry()
    for _ in range(3):
        here.clock.passes(timedelta(minutes=20))
        await here.sweep()


async def _could_still_leave(here: Home, who: Person) -> list[str]:
    unsent = select(letter.c.id).where(letter.c.person == who.id, letter.c.state.in_(("planned", "started")))
    return list(await here.database.read(lambda connection: connection.execute(unsent).scalars().all()))
