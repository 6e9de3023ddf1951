"""The data folder. One tree of processes holds it at a time; whatever is in it is read by its owner only."""

import fcntl
import json
import os
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from embedded.processes import is_alive, started_at

LEFTOVERS_HAVE = 5.0  # seconds for the children of a killed tree to end by themselves


class StartRefused(Exception):
    """The stack cannot start here and now: one sentence says why, and what to do."""


class HeldFolder:
    """The folder while it is ours. Children inherit the lock, so it is free only when the last of them has ended."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self.lock = lock
        self._children: dict[str, int] = {}

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def identity(self) -> str:
        """A name of this folder's own, so that nobody mistakes another server for ours."""
        return kept_text(self.path / "identity", secrets.token_hex(4))

    def note_child(self, name: str, pid: int) -> None:
        """Written down at once: after a kill -9 the next start knows whom to wait for."""
        self._children[name] = pid
        self.write_down()

    def write_down(self) -> None:
        tree = {"us": os.getpid(), **self._children}
        text = json.dumps({name: [pid, started_at(pid)] for name, pid in tree.items()})
        os.ftruncate(self.lock, 0)
        os.pwrite(self.lock, text.encode(), 0)


def prepare(path: Path) -> Path:
    """Makes the folder, and whatever this process writes from now on, its owner's alone."""
    os.umask(0o077)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise StartRefused(f"The data folder {path} cannot be made: {problem.strerror}.") from None
    if not os.access(path, os.W_OK | os.X_OK, effective_ids=True):
        raise StartRefused(f"The data folder {path} cannot be written to by this account.")
    closed = sorted(each.name for each in path.iterdir() if not os.access(each, os.R_OK, effective_ids=True))
    if closed:
        raise StartRefused(
            f"The data folder {path} holds files of another account ({', '.join(closed[:3])}): "
            "start as that account, or give the whole folder to this one."
        )
    return path


@contextmanager
def hold(path: Path) -> Iterator[HeldFolder]:
    """Takes the folder for this tree of processes, or refuses with a sentence."""
    lock = os.open(prepare(path) / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not take(lock):
            refuse_if_running(lock, path)
            end_leftovers(lock, path)
        folder = HeldFolder(path, lock)
        folder.logs.mkdir(exist_ok=True)
        folder.write_down()
        yield folder
    finally:
        os.close(lock)


def take(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def refuse_if_running(lock: int, path: Path) -> None:
    pid = written_down(lock).get("us")
    if pid is not None:
        raise StartRefused(f"introbroker is already running (pid {pid}) on the data folder {path}.")


def end_leftovers(lock: int, path: Path) -> None:
    """The earlier tree lost its head (kill -9): its children end by themselves, and are ended if they do not."""
    if taken_within(lock, LEFTOVERS_HAVE):
        return
    refuse_if_running(lock, path)  # somebody may have started in the meantime
    for pid in written_down(lock).values():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if not taken_within(lock, LEFTOVERS_HAVE):
        raise StartRefused(f"Something left over from an earlier start still holds the data folder {path}.")


def taken_within(lock: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not take(lock):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def written_down(lock: int) -> dict[str, int]:
    """The processes noted by whoever held the folder before, as far as they are still the same processes."""
    try:
        noted: dict[str, Any] = json.loads(os.pread(lock, 65536, 0) or b"{}")
    except ValueError:
        return {}
    return {name: pid for name, (pid, started) in noted.items() if is_alive(pid, started)}


def kept_text(path: Path, fresh: str) -> str:
    """What the file says; where there is none, it is written with the fresh text, whole or not at all."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(fresh)
        with suppress(FileExistsError):  # somebody else was first: theirs counts
            os.link(draft, path)
        draft.unlink()
    return path.read_text()
