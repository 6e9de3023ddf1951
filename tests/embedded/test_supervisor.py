"""Children are started in order, started again when they crash, and ended in the opposite order."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from embedded.child import Child
from embedded.folder import HeldFolder, StartRefused, hold
from embedded.processes import is_alive, started_at
from embedded.supervisor import StopAsked, Supervisor

WRITES_WHEN_ASKED_TO_END = """
import signal, sys, time
def end(*_):
    open(sys.argv[1], "a").write(sys.argv[2] + " ")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
open(sys.argv[1] + "." + sys.argv[2], "w").close()
time.sleep(60)
"""


class Words(list[str]):
    """What the supervisor said."""

    @property
    def all(self) -> str:
        return "\n".join(self)


@pytest.fixture
def said() -> Words:
    return Words()


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncIterator[HeldFolder]:
    before = os.umask(0o022)
    with hold(tmp_path / "data") as held:
        yield held
    os.umask(before)


@pytest.fixture
async def supervisor(folder: HeldFolder, said: Words) -> AsyncIterator[Supervisor]:
    tree = Supervisor(folder, said.append)
    yield tree
    await tree.stop()


def python(name: str, code: str, *arguments: str) -> Child:
    return Child(name=name, argv=[sys.executable, "-c", code, *arguments], environment=dict(os.environ))


async def until(path: Path, seconds: float = 60.0) -> str:
    """What the file says, once it says something."""
    async with asyncio.timeout(seconds):
        while not (path.exists() and path.read_text()):
            await asyncio.sleep(0.02)
    return path.read_text()


async def test_the_last_started_is_the_first_to_end(supervisor: Supervisor, tmp_path: Path) -> None:
    order = tmp_path / "order"
    for name in ("temporal", "worker", "web"):
        child = python(name, WRITES_WHEN_ASKED_TO_END, str(order), name)
        ready = tmp_path / f"order.{name}"
        await supervisor.start(Child(**{**vars(child), "is_ready": lambda _, ready=ready: exists(ready)}))
    await supervisor.stop()
    assert order.read_text() == "web worker temporal "


async def exists(path: Path) -> bool:
    return path.exists()


async def test_a_crashed_child_is_started_again_and_its_last_words_are_told(
    supervisor: Supervisor, said: Words, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embedded.supervisor.FIRST_PAUSE", 0.05)
    lives = tmp_path / "lives"
    code = "import sys, time; open(sys.argv[1], 'a').write('.'); print('alas'); time.sleep(0.3); sys.exit(7)"
    await supervisor.start(python("worker", code, str(lives)))
    async with asyncio.timeout(60):
        while len(lives.read_text() if lives.exists() else "") < 3:
            await asyncio.sleep(0.02)
    assert "The worker ended by itself (exit code 7); starting it again in 0.05 s." in said.all
    assert "starting it again in 0.1 s." in said.all
    assert "    alas" in said.all


async def test_a_child_killed_from_outside_is_started_again(
    supervisor: Supervisor, folder: HeldFolder, said: Words, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    code = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"
    await supervisor.start(python("web", code, str(pids)))
    first = int(await until(pids))
    pids.unlink()
    os.kill(first, signal.SIGKILL)
    assert int(await until(pids)) != first
    assert "killed by SIGKILL" in said.all


async def test_a_child_that_fails_at_once_refuses_the_start(supervisor: Supervisor) -> None:
    async def never(_: int) -> bool:
        return False

    child = python("mailroom", "raise SystemExit('the relay is nowhere')")
    with pytest.raises(StartRefused) as refusal:
        await supervisor.start(Child(**{**vars(child), "is_ready": never}))
    assert "The mailroom did not start (exit code 1)." in str(refusal.value)
    assert "    the relay is nowhere" in str(refusal.value)


async def test_a_child_that_falls_over_while_another_gets_ready_refuses_the_start(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    ready = tmp_path / "ready"
    fallen = python("worker", "raise SystemExit(3)")
    slow = python("web", "import sys, time; time.sleep(1); open(sys.argv[1], 'w'); time.sleep(60)", str(ready))
    with pytest.raises(StartRefused, match=r"The worker did not start \(exit code 3\)"):
        await supervisor.start(fallen, Child(**{**vars(slow), "is_ready": lambda _: exists(ready)}))


async def test_a_child_that_is_never_ready_refuses_the_start(supervisor: Supervisor) -> None:
    async def never(_: int) -> bool:
        return False

    idle = vars(python("web", "import time; time.sleep(60)"))
    with pytest.raises(StartRefused, match="The web was not ready in time"):
        await supervisor.start(Child(**{**idle, "is_ready": never, "ready_within": 0.2}))


async def test_a_deaf_child_is_killed_when_its_time_is_over(
    supervisor: Supervisor, tmp_path: Path, said: Words
) -> None:
    pids = tmp_path / "pids"
    code = (
        "import os, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"
    )
    await supervisor.start(Child(**{**vars(python("web", code, str(pids))), "stop_within": 0.2}))
    pid = int(await until(pids))
    await supervisor.stop()
    assert not is_alive(pid, started_at(pid) or 0)
    assert not said, "an end that was asked for is no crash"


async def test_asking_twice_is_asking_in_a_hurry(supervisor: Supervisor, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    code = (
        "import os, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"
    )
    await supervisor.start(Child(**{**vars(python("web", code, str(pids))), "stop_within": 60}))
    await until(pids)
    supervisor.ask_to_stop()
    await supervisor.watch()
    supervisor.ask_to_stop()
    async with asyncio.timeout(30):
        await supervisor.stop()


async def test_a_stop_asked_for_while_starting_drops_the_start(supervisor: Supervisor) -> None:
    dropped: list[bool] = []

    async def forever() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            dropped.append(True)

    asyncio.get_running_loop().call_later(0.05, supervisor.ask_to_stop)
    with pytest.raises(StopAsked):
        await supervisor.unless_stopped(forever())
    assert dropped


async def test_ctrl_c_asks_to_stop(supervisor: Supervisor) -> None:
    with supervisor.listening_for_ctrl_c():
        os.kill(os.getpid(), signal.SIGINT)
        with suppress(TimeoutError):
            async with asyncio.timeout(60):
                await supervisor.watch()
                return
    pytest.fail("the supervisor did not hear the signal")
