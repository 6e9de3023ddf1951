"""Processes of their own, watched by the tests of the command."""

import contextlib
import http.client
import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from embedded.processes import is_alive


def line_of(process: "subprocess.Popen[str]", start: str) -> str:
    """The first line it says that begins so; everything before it is passed over."""
    assert process.stdout
    said = []
    for line in process.stdout:
        if line.startswith(start):
            return line.strip()
        said.append(line)
    pytest.fail(f"it ended without saying {start!r}; it said {''.join(said)!r}")


def words_of(process: "subprocess.Popen[str]", within: float = 60) -> str:
    """Everything it says until it ends."""
    said, _ = process.communicate(timeout=within)
    return str(said)


def answer(port: int, path: str = "/", method: str = "GET", body: str = "") -> tuple[int, str]:
    """What a page answers; 0 where nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, {"content-type": "application/x-www-form-urlencoded"})
        found = connection.getresponse()
        return found.status, found.read().decode()
    except ConnectionError:
        return 0, ""
    finally:
        connection.close()


def answers_within(port: int, seconds: float, path: str = "/") -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(TimeoutError):  # where the test holds the port, who comes early waits
            if answer(port, path)[0]:
                return True
        time.sleep(0.2)
    return False


def members(data: Path) -> dict[str, tuple[int, int]]:
    """The tree that holds the folder: each process with its id and when it started."""
    return {name: (pid, started) for name, (pid, started) in json.loads((data / "lock").read_text()).items()}


def begun_again_within(data: Path, before: dict[str, tuple[int, int]], name: str, seconds: float) -> None:
    """Until the folder's next tree has a process of this name."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(ValueError):  # it is being written
            found = members(data)
            if name in found and found[name] != before[name]:
                return
        time.sleep(0.05)
    pytest.fail(f"no {name} after {seconds} seconds")


def all_ended_within(tree: dict[str, tuple[int, int]], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while any(is_alive(pid, started) for pid, started in tree.values()):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def kill(pid: int, number: int) -> None:
    os.kill(pid, number)
