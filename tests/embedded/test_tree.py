"""The whole tree starts, ends, refuses a second start, and leaves nobody behind when its head is killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.ports import any_free_port
from embedded.processes import is_alive


class Tree:
    """One `tests.embedded.tree` in a process of its own."""

    def __init__(self, data: Path, port: int) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.embedded.tree"],
            env={**os.environ, "INTROBROKER_DATA": str(data), "INTROBROKER_HTTP": f"127.0.0.1:{port}"},
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


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_end_it_ends_whole_and_starts_again_as_before(
    trees: list[Tree], tmp_path: Path, ending: signal.Signals
) -> None:
    port = any_free_port()
    trees.append(Tree(tmp_path, port))
    up = trees[0].line("up")
    members = trees[0].members()
    assert list(members) == ["us", "temporal", "worker", "web"]
    trees[0].process.send_signal(ending)
    assert trees[0].process.wait(timeout=60) == 0
    assert all_ended_within(members, 0)
    if ending is signal.SIGINT:
        trees.append(Tree(tmp_path, port))
        assert trees[1].line("up") == up


def test_asked_to_end_while_starting_it_ends_whole(trees: list[Tree], tmp_path: Path) -> None:
    trees.append(Tree(tmp_path, any_free_port()))
    trees[0].line("prepared")
    members = trees[0].members()
    trees[0].process.send_signal(signal.SIGTERM)
    assert trees[0].last_line() in ("stopped while starting", "")
    assert all_ended_within(members, 0)


def test_killed_it_takes_all_children_along_and_starts_again(trees: list[Tree], tmp_path: Path) -> None:
    port = any_free_port()
    trees.append(Tree(tmp_path, port))
    up = trees[0].line("up")
    members = trees[0].members()
    trees[0].process.kill()
    trees.append(Tree(tmp_path, port))  # at once, while the children may still be dying
    assert all_ended_within(members, 5)
    assert trees[1].line("up") == up


def test_a_second_start_on_the_folder_says_so(trees: list[Tree], tmp_path: Path) -> None:
    trees.append(Tree(tmp_path, any_free_port()))
    trees[0].line("up")
    trees.append(Tree(tmp_path, any_free_port()))
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
