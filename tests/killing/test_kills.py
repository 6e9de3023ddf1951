"""Nothing acknowledged is lost, and no letter sent twice, when processes are killed in the middle of their work.

The whole stack runs as `introbroker run` starts it, with a real mail server; worker, Temporal, mailroom and web are
killed with -9 at random moments while people answer their letters.
"""

import asyncio
import contextlib
import os
import random
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.client import Client

from embedded.ports import any_port
from store.audit.verify import verify
from store.engine.database import database
from tests.killing.background_load import Desk, Readers, child
from tests.support.services.databases import Place
from tests.support.services.listening import at
from tests.support.services.sink import Sink

VICTIMS = ("worker", "temporal", "mailroom", "web")
EACH_ROUND = 6
PATIENCE = 300
ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(1_600)
async def test_a_round_of_kills(sink: Sink, place: Place, tmp_path: Path) -> None:
    """All four are killed; thirty rounds strike in the long run, each in another order."""
    await survive(sink, place, tmp_path, rounds=1, seed=5)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
async def test_thirty_rounds_of_kills(sink: Sink, place: Place, tmp_path: Path) -> None:
    await survive(sink, place, tmp_path, rounds=30, seed=30, in_the_middle=True)
    assert len(sink.kept) >= 300


@pytest.mark.soak
@pytest.mark.timeout(3_600)
async def test_kills_while_every_run_begins_anew(sink: Sink, place: Place, tmp_path: Path) -> None:
    """With one turn a run is full at every step, so that a kill falls between two of them."""
    await survive(sink, place, tmp_path, rounds=30, seed=7, turns=1)


async def survive(
    sink: Sink,
    place: Place,
    folder: Path,
    *,
    rounds: int,
    seed: int,
    in_the_middle: bool = False,
    turns: int | None = None,
) -> None:
    """`in_the_middle`: each round strikes while half of what was asked before is under way, at whatever stage.
    `turns`: those with which a run is full."""
    desk, readers, dice = Desk(place), Readers(sink), random.Random(seed)
    await desk.open()
    more = {"PYTHONPATH": _with_short_runs(folder, turns)} if turns else {}
    async with running(folder, sink, desk, **more) as head, reading(readers) as people:
        for _ in range(rounds):
            desk.ask(EACH_ROUND)
            before = desk.delivered()
            for victim in dice.sample(VICTIMS, len(VICTIMS)):
                await asyncio.sleep(dice.uniform(0.2, 1.5))
                kill(head, victim)
            if in_the_middle:
                await works_again(desk, people, before + EACH_ROUND // 2)
            else:
                await settled(desk, people)
        await settled(desk, people)
        if turns:
            assert await _runs_begun_anew(folder) > len(desk.asked)
    nothing_is_lost(desk, readers)
    no_letter_is_doubled(desk, sink)
    async with database(desk.url) as opened:
        assert [fault async for each in verify(opened) for fault in each.faults] == []


def _with_short_runs(folder: Path, turns: int) -> str:
    """Where Python looks for modules: first for one that it reads before any other, and that says how long a run is."""
    (folder / "sitecustomize.py").write_text(f"from workflows import runs\n\nruns.TURNS = {turns}\n")
    return os.pathsep.join((str(folder), str(ROOT)))


async def _runs_begun_anew(folder: Path) -> int:
    port, identity = ((folder / name).read_text().strip() for name in ("temporal.port", "identity"))
    client = await Client.connect(f"127.0.0.1:{port}", namespace=f"introbroker-{identity}")
    return (await client.count_workflows("ExecutionStatus = 'ContinuedAsNew'")).count


def nothing_is_lost(desk: Desk, readers: Readers) -> None:
    answers = desk.answers()
    assert answers["waiting"] == 0
    assert answers["taken"] + answers["refused"] >= readers.acknowledged > 0
    assert answers["refused"] == 0
    assert desk.delivered() >= len(desk.asked) - len(desk.stuck())


def no_letter_is_doubled(desk: Desk, sink: Sink) -> None:
    counted = Counter(kept.message_id for kept in sink.kept)
    assert [name for name, count in counted.items() if count > 1] == []
    assert [name for name in desk.accepted() if name not in counted] == []


async def works_again(desk: Desk, people: asyncio.Task[None], delivered: int) -> None:
    """Some are delivered that were not before: this takes all four of them."""
    async with asyncio.timeout(PATIENCE):
        await _until(lambda: desk.delivered() >= min(delivered, len(desk.asked) - len(desk.stuck())), desk, people)


async def settled(desk: Desk, people: asyncio.Task[None]) -> None:
    """Everything asked for has been delivered, and every letter that was due by then has an outcome."""
    async with asyncio.timeout(PATIENCE):
        await _until(lambda: desk.delivered() >= len(desk.asked) - len(desk.stuck()), desk, people)
        by_now = datetime.now(UTC)  # check-ins of earlier rounds keep falling due: there is always one under way
        await _until(lambda: not desk.letters_under_way(by_now), desk, people)


async def _until(so: Callable[[], bool], desk: Desk, people: asyncio.Task[None]) -> None:
    try:
        while not so():
            if people.done():
                people.result()  # what stopped those who read their letters is the finding
            await asyncio.sleep(0.5)
    except asyncio.CancelledError:
        print(desk.left_over())  # shown by pytest where this took too long
        raise


def kill(head: int, name: str) -> None:
    pid = child(head, name)
    if pid:  # it may be on its way up from the kill before
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextlib.asynccontextmanager
async def running(
    folder: Path, sink: Sink, desk: Desk, listening: socket.socket | None = None, /, **more: str
) -> AsyncIterator[int]:
    """`introbroker run` on this folder, with `more` settings; its process id. `listening`: what it serves on."""
    with contextlib.nullcontext(listening) if listening else any_port() as held:
        async with running_on(held, folder, sink, desk, **more) as head:
            yield head


@contextlib.asynccontextmanager
async def running_on(listening: socket.socket, folder: Path, sink: Sink, desk: Desk, **more: str) -> AsyncIterator[int]:
    settings = {
        "INTROBROKER_DATA": str(folder),
        "INTROBROKER_DATABASE_URL": desk.url,
        **at(listening),
        "INTROBROKER_SMTP_URL": sink.url,
        "INTROBROKER_REPLY_TO": "office@example.test",
        **more,
    }
    said = folder / "said.txt"  # no pipe: it tells of each of so many ends, and would wait for somebody to read it
    with said.open("w") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "cli", "run", "--fd", str(listening.fileno())),
            cwd=ROOT,
            pass_fds=(listening.fileno(),),
            env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
            stdout=out,
            stderr=asyncio.subprocess.STDOUT,
        )
    try:
        async with asyncio.timeout(PATIENCE):
            while "Open http" not in said.read_text():
                assert process.returncode is None, said.read_text()
                await asyncio.sleep(0.1)
        yield process.pid
    finally:
        with contextlib.suppress(ProcessLookupError):  # what it said before it ended is the failure to be read
            process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            await process.wait()


@contextlib.asynccontextmanager
async def reading(readers: Readers) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(readers.read())
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
