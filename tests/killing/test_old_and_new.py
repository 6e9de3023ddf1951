"""A later version and ours: forward, back again after news that only it knows, side by side, and by builds.

As docs/running/versions.md says it is done. Workers are processes of two programs (tests/support/later_version.py).
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from models.process.state.introduction import Introduction
from models.process.verdict import Taken
from store.audit.verify import verify
from store.journal import inbox
from store.journal.inbox import Inboxed
from store.steps import unclaimed
from tests.cast import CARL, ROSA, Person, policy
from tests.support import rows
from tests.support.later_version import GREETING, ROOT, make_later, program, surroundings
from tests.support.news_phrases import approves, opts_in
from tests.support.services.temporal_env import server_binary
from tests.support.world import Life, World, new_opening, peopled
from workflows.client import TASK_QUEUE, Away

RULES = policy("demo", {"connector.cap": 100, "undo_for": "0 s"})
UNTIL_DELIVERED = timedelta(seconds=6)
LETTERS = "S36 letters"  # they arrive here without a mailroom


@pytest.mark.soak
@pytest.mark.timeout(900)
async def test_forward_back_side_by_side_and_by_builds(temporal_env: WorkflowEnvironment, tmp_path: Path) -> None:
    later = make_later(tmp_path / "later")
    (folder := tmp_path / "here").mkdir()
    async with peopled(temporal_env, folder, RULES, TASK_QUEUE, (CARL,)) as here:
        place = Installation(here, folder)
        greeted = await forward_and_back(place, later)
        await side_by_side(place, later)
        await by_builds(place, later)
        found = [(each.introduction, fault.rule) async for each in verify(here.database) for fault in each.faults]
    assert {rule for which, rule in found if which != greeted.life.opening.id} <= {LETTERS}
    assert {rule for which, rule in found if which == greeted.life.opening.id} == {"chain"}, "what we cannot read"


async def forward_and_back(place: "Installation", later: Path) -> "Story":
    async with place.worker(ROOT):
        asked, approved, greeted = [await place.asked() for _ in range(3)]
        await approved.goes_on()
        await greeted.goes_on()
    assert "All 3 go on with this version." in await place.types(later, "replay", "--open")
    async with place.worker(later):
        await asked.goes_on()
        await approved.goes_on()
        assert "All 3 go on" in await place.types(ROOT, "replay", "--open"), "so far one may go back"
        before = await greeted.life.state()
        assert "step=" in await place.greets(later, greeted)
    told = await place.types(ROOT, "replay", "--open", ends_with=1)
    assert f"{greeted.life.opening.id}: this version " in told
    assert "1 of 3 would stand still" in told
    async with place.worker(ROOT):  # gone back all the same
        await asked.delivered()
        await approved.delivered()
        kept = await greeted.says(before)
        assert isinstance(await place.hands_over(kept), Away), "kept, and not heard"
        await place.stands_still(greeted)
    async with place.worker(later):  # and forward again: nothing was lost
        async with asyncio.timeout(90):
            while not isinstance(await place.hands_over(kept), Taken):
                await asyncio.sleep(0.5)
        await greeted.delivered()
    return greeted


async def side_by_side(place: "Installation", later: Path) -> None:
    """A mixed pair: each takes what comes, and what one has begun the other goes on with."""
    async with place.worker(ROOT), place.worker(later):
        stories = [await place.asked() for _ in range(8)]
        await asyncio.gather(*(story.delivered() for story in stories))


async def by_builds(place: "Installation", later: Path) -> None:
    """With build ids the new one stands ready, and takes over when it is made the current one."""
    async with place.worker(later, INTROBROKER_BUILD="new"):
        async with place.worker(ROOT, INTROBROKER_BUILD="old"):
            await place.makes_current("old")
            first, second = await place.asked(), await place.asked()
            await first.goes_on()
            assert "go on with this version" in await place.types(later, "replay", "--open")
            await place.makes_current("new")
            assert '"the current build is new"' in await place.types(ROOT, "doctor", "--json", ends_with=1)
            await first.goes_on()
        await first.delivered()
        await second.delivered()


class Story:
    """One introduction on its way: Carl approves, its target agrees, then Rosa, and both letters leave."""

    def __init__(self, life: Life, target: Person) -> None:
        self.life = life
        self._to_say = [approves(CARL), opts_in(target), opts_in(ROSA)]

    async def goes_on(self) -> None:
        """The next thing is said, and heard by whatever worker there is."""
        say = self._to_say.pop(0)
        async with asyncio.timeout(90):
            while not isinstance(verdict := await self.life.hear(say), Taken):
                assert isinstance(verdict, Away), verdict

    async def says(self, stands: Introduction) -> Inboxed:
        """The next thing is said, and kept."""
        news, now = self._to_say.pop(0)(stands), datetime.now(UTC)
        which = self.life.opening.id
        return await self.life.world.database.write(
            lambda connection: inbox.put(
                connection, introduction_id=which, news=news, via="link", nonce="in vain", now=now
            )
        )

    async def delivered(self) -> None:
        while self._to_say:
            await self.goes_on()
        await self.life.time_passes(UNTIL_DELIVERED)
        assert (await self.life.row()).delivered_at


class Installation:
    """A database, a Temporal server, and workers of either version."""

    def __init__(self, here: World, folder: Path) -> None:
        self.here = here
        self._told = {
            "TEMPORAL_ADDRESS": here.env.client.service_client.config.target_host,
            "TEMPORAL_NAMESPACE": here.env.client.namespace,
            "INTROBROKER_DATABASE_URL": here.url,
            "INTROBROKER_DATA": str(folder),
        }

    async def asked(self) -> Story:
        now = datetime.now(UTC)
        target = await self.here.database.write(lambda connection: rows.somebody_new(connection, CARL, now))
        life = Life(self.here, new_opening(self.here.rules, target))
        await self.here.database.write(lambda connection: rows.ask_at_the_door(connection, life.opening))
        assert await self.here.introductions.start(life.opening)
        await self.here.database.write(lambda connection: unclaimed.mark_started(connection, life.opening.id, now))
        await life.settled()
        return Story(life, target)

    @asynccontextmanager
    async def worker(self, version: Path, **settings: str) -> AsyncIterator[None]:
        process = await asyncio.create_subprocess_exec(
            *program("worker"), cwd=version, env=surroundings(version, **self._told, **settings)
        )
        try:
            yield
            assert process.returncode is None
        finally:
            process.terminate()
            await process.wait()

    async def types(self, version: Path, *words: str, ends_with: int = 0) -> str:
        return await self._runs(version, program(*words), ends_with)

    async def greets(self, later: Path, story: Story) -> str:
        """News that only the later version knows, heard there."""
        return await self._runs(later, [sys.executable, "-P", "-c", GREETING, story.life.opening.id])

    async def hands_over(self, kept: Inboxed) -> object:
        return await self.here.introductions.deliver(kept.introduction, kept.envelope, timedelta(seconds=3))

    async def stands_still(self, story: Story) -> None:
        """As the monitor of any mailroom sees it."""
        async with asyncio.timeout(90):
            while await self.here.introductions.standing(story.life.opening.id) != "stands_still":
                await asyncio.sleep(0.5)

    async def makes_current(self, build: str) -> None:
        """As docs/running/versions.md says, once the server has seen a worker of it."""
        words = ("worker", "deployment", "set-current-version", "--deployment-name", "introbroker", "--build-id", build)
        where = ("--address", self._told["TEMPORAL_ADDRESS"], "--namespace", self._told["TEMPORAL_NAMESPACE"], "--yes")
        async with asyncio.timeout(60):
            while await self._ends([str(server_binary()), *words, *where]):
                await asyncio.sleep(0.5)

    async def _runs(self, version: Path, argv: list[str], ends_with: int = 0) -> str:
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd=version,
            env=surroundings(version, **self._told),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said = (await process.communicate())[0].decode()
        assert process.returncode == ends_with, said
        return said

    async def _ends(self, argv: list[str]) -> int:
        quiet = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(*argv, stdout=quiet, stderr=quiet)
        return await process.wait()
