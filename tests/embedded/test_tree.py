"""The whole tree starts, ends, refuses a second start, and leaves nobody behind when its head is killed."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from embedded.ports import FOR_OTHERS, free_now
from embedded.processes import is_alive
from tests.support.services.listening import port_of


class Tree:
    """One `tests.embedded.tree` in a process of its own."""

    def __init__(self, data: Path, listening: socket.socket | int) -> None:
        self.data = data
        port, fds = (listening, []) if isinstance(listening, int) else (port_of(listening), [listening.fileno()])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.embedded.tree", *map(str, fds)],
            env={**os.environ, "INTROBROKER_DATA": str(data), "INTROBROKER_HTTP": f"127.0.0.1:{port}"},
            pass_fds=fds,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def line(self, start: str) -> str:
        """The first line that begins so; everything before it is passed over."""
        assert self.process.stdout
        for line in self.process.stdout:
            if line.startswith(start):
                return line.strip()
        pytest.fail(f"the tree ended without saying {start!r}")

    def last_line(self) -> str:
        words, _ = self.process.communicate(timeout=60)
        return str(words).strip().splitlines()[-1]

    def members(self) -> dict[str, tuple[int, int]]:
        return {name: (pid, started) for name, (pid, started) in json.loads((self.data / "lock").read_text()).items()}


@pytest.fixture
def trees() -> Iterator[list[Tree]]:
    planted: list[Tree] = []
    yield planted
    for tree in planted:
        if tree.process.poll() is None:
            tree.process.kill()
        tree.process.communicate(timeout=60)


def all_ended_within(members: dict[str, tuple[int, int]], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while any(is_alive(pid, started) for pid, started in members.values()):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


# Ctrl-C ends the whole of it in tests/commands/installation/test_run.py, SIGTERM in test_cluster.py beside it.
@pytest.mark.parametrize(
    "ending",
    [signal.SIGHUP, *(pytest.param(each, marks=pytest.mark.soak) for each in (signal.SIGINT, signal.SIGTERM))],
)
def test_asked_to_end_it_ends_whole_and_starts_again_as_before(
    trees: list[Tree], tmp_path: Path, listening: socket.socket, ending: signal.Signals
) -> None:
    trees.append(Tree(tmp_path, listening))
    up = trees[0].line("up")
    members = trees[0].members()
    assert list(members) == ["us", "temporal", "worker", "web"]
    trees[0].process.send_signal(ending)
    assert trees[0].process.wait(timeout=60) == 0
    assert all_ended_within(members, 0)
    trees.append(Tree(tmp_path, listening))
    assert trees[1].line("up") == up


def test_asked_to_end_while_starting_it_ends_whole(trees: list[Tree], tmp_path: Path, listening: socket.socket) -> None:
    trees.append(Tree(tmp_path, listening))
    trees[0].line("prepared")
    members = trees[0].members()
    trees[0].process.send_signal(signal.SIGTERM)
    assert trees[0].last_line() in ("stopped while starting", "")
    assert all_ended_within(members, 0)


def test_killed_it_takes_all_children_along_and_starts_again(
    trees: list[Tree], tmp_path: Path, listening: socket.socket
) -> None:
    trees.append(Tree(tmp_path, listening))
    up = trees[0].line("up")
    members = trees[0].members()
    trees[0].process.kill()
    trees.append(Tree(tmp_path, listening))  # at once, while the children may still be dying
    assert all_ended_within(members, 5)
    assert trees[1].line("up") == up


def test_a_second_start_on_the_folder_says_so(trees: list[Tree], tmp_path: Path, listening: socket.socket) -> None:
    trees.append(Tree(tmp_path, listening))
    trees[0].line("up")
    trees.append(Tree(tmp_path, listening))
    assert trees[1].last_line() == (
        f"introbroker is already running (pid {trees[0].process.pid}) on the data folder {tmp_path}."
    )
    assert trees[1].process.returncode == 1
    assert trees[0].process.poll() is None


def test_a_taken_port_is_told_before_anything_starts(trees: list[Tree], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        trees.append(Tree(tmp_path, port))
        assert trees[0].last_line().startswith(f"Port {port} on 127.0.0.1 is taken by another program")
    assert not (tmp_path / "temporal.db").exists()


def test_from_the_first_moment_nobody_can_take_the_port(trees: list[Tree], tmp_path: Path) -> None:
    """A port found free and let go would belong to whoever takes it while Temporal starts."""
    trees.append(Tree(tmp_path, port := free_now()))
    trees[0].line("prepared")
    with pytest.raises(OSError, match="in use"):
        socket.create_server(("127.0.0.1", port), reuse_port=False).close()
    trees[0].line("up")


def test_it_starts_at_the_first_try_while_others_take_ports_at_random(
    trees: list[Tree], tmp_path: Path, listening: socket.socket
) -> None:
    with others_come_and_go() as taken:
        trees.append(Tree(tmp_path, listening))
        trees[0].line("up")
        trees[0].process.send_signal(signal.SIGINT)
        assert trees[0].process.wait(timeout=60) == 0
    assert taken


@contextmanager
def others_come_and_go() -> Iterator[list[int]]:
    """Servers that listen for a moment where they please: on ports the system gives, and on those we like."""
    taken: list[int] = []
    over, dice = threading.Event(), random.Random(8)

    def come_and_go() -> None:
        standing: list[socket.socket] = []
        while not over.wait(0.002):
            with suppress(OSError):
                port = dice.choice((0, dice.choice(FOR_OTHERS)))
                standing.append(socket.create_server(("127.0.0.1", port)))
                taken.append(standing[-1].getsockname()[1])
            if len(standing) > 200:
                standing.pop(dice.randrange(len(standing))).close()
        for each in standing:
            each.close()

    crowd = threading.Thread(target=come_and_go)
    crowd.start()
    try:
        yield taken
    finally:
        over.set()
        crowd.join()
