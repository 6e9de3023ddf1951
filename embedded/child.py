"""One child of the tree: begun, awaited and ended."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from embedded import parent_tether
from embedded.folder import HeldFolder
from embedded.logs import open_log


async def at_once(_: int) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Child:
    """A program to keep running: how to start it, how to tell that it is ready, how to end it.

    `is_ready` is asked with its process id until it says so. `sockets`: open ones, handed down by their numbers.
    """

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str]
    is_ready: Callable[[int], Awaitable[bool]] = at_once
    ready_within: float = 240.0  # seconds; on a busy machine one has taken 83, and what falls over is noticed at once
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within: float = 10.0
    sockets: tuple[int, ...] = ()


async def begin(child: Child, folder: HeldFolder) -> Process:
    """In a group of its own, so that Ctrl-C reaches only us; tied to us, so that it never outlives us."""
    log = open_log(log_of(child, folder))
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", parent_tether.__file__, str(os.getpid())),
            *child.argv,
            env=child.environment,
            stdin=DEVNULL,
            stdout=log,
            stderr=STDOUT,
            start_new_session=True,
            pass_fds=(folder.lock, *child.sockets),
        )
    finally:
        os.close(log)
    folder.note_child(child.name, process.pid)
    return process


async def end(child: Child, process: Process, in_a_hurry: asyncio.Event) -> None:
    """Asks it to end, waits as long as it may take, then kills whatever is left of its group."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.send_signal(child.stop_signal)
        exited = asyncio.ensure_future(process.wait())
        hurry = asyncio.ensure_future(in_a_hurry.wait())
        await asyncio.wait((exited, hurry), timeout=child.stop_within, return_when=asyncio.FIRST_COMPLETED)
        hurry.cancel()
        exited.cancel()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def log_of(child: Child, folder: HeldFolder) -> Path:
    return folder.logs / f"{child.name}.log"


def how_it_ended(process: Process) -> str:
    code = process.returncode
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
