"""The supervisor of the children. Starts them in order, starts a crashed one again, ends them in the opposite order."""

import asyncio
import signal
import time
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from embedded.child import Child, begin, end, how_it_ended, log_of
from embedded.folder import HeldFolder, StartRefused
from embedded.logs import keep_bounded, last_words

FIRST_PAUSE = 0.5  # before a crashed child is started again; doubled each time
LONGEST_PAUSE = 30.0
SETTLED_AFTER = 60.0  # a child that ran this long is forgiven its earlier crashes
LOGS_LOOKED_AT_EVERY = 30.0
ANSWERS_WITHIN = 5.0

Say = Callable[[str], None]
Result = TypeVar("Result")


class EndedAtOnce(StartRefused):
    """A child fell over before it was ready."""


class StopAsked(Exception):
    """Somebody pressed Ctrl-C, or the machine shuts down."""


class Supervisor:
    """A tree of processes in one folder, from the first start to the last stop."""

    def __init__(self, folder: HeldFolder, say: Say) -> None:
        self._folder = folder
        self._say = say
        self._running: dict[str, tuple[Child, Process]] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._stop_asked = asyncio.Event()
        self._in_a_hurry = asyncio.Event()

    async def start(self, *children: Child) -> None:
        """Starts these side by side and waits until each is ready; the first that fails refuses the whole start."""
        for child in children:
            self._running[child.name] = (child, await begin(child, self._folder))
        for child in children:
            await self._wait_until_ready(child)
        for child in children:
            self._refuse_if_ended(child)  # ready at once, and fallen over while another got ready
        self._keepers += [asyncio.create_task(self._keep(child)) for child in children]

    async def watch(self) -> None:
        """Returns when somebody asks to stop; until then the keepers do their work."""
        while not self._stop_asked.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop_asked.wait(), LOGS_LOOKED_AT_EVERY)
            for child, _ in self._running.values():
                keep_bounded(log_of(child, self._folder))

    async def unless_stopped(self, work: Awaitable[Result]) -> Result:
        """Does the work, but drops it in the middle when somebody asks to stop."""
        task = asyncio.ensure_future(work)
        stop = asyncio.ensure_future(self._stop_asked.wait())
        await asyncio.wait((task, stop), return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not task.done():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            raise StopAsked
        return await task

    async def stop(self) -> None:
        """The last started is the first to end, so that each finds what it needs until it has ended."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        for child, process in reversed(self._running.values()):
            await end(child, process, self._in_a_hurry)
        self._running.clear()

    def ask_to_stop(self) -> None:
        """Asked a second time, it kills instead of waiting."""
        if self._stop_asked.is_set():
            self._in_a_hurry.set()
        self._stop_asked.set()

    @contextmanager
    def listening_for_ctrl_c(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        for number in signals:
            loop.add_signal_handler(number, self.ask_to_stop)
        try:
            yield
        finally:
            for number in signals:
                loop.remove_signal_handler(number)

    async def _wait_until_ready(self, child: Child) -> None:
        process = self._running[child.name][1]
        until = time.monotonic() + child.ready_within
        while process.returncode is None and time.monotonic() < until:
            if await _is_ready(child, process):
                return
            await asyncio.sleep(0.05)
        self._refuse_if_ended(child)
        raise StartRefused(f"The {child.name} was not ready in time. {self._its_last_words(child)}")

    def _refuse_if_ended(self, child: Child) -> None:
        process = self._running[child.name][1]
        if process.returncode is not None:
            how = how_it_ended(process)
            raise EndedAtOnce(f"The {child.name} did not start ({how}). {self._its_last_words(child)}")

    async def _keep(self, child: Child) -> None:
        pause = FIRST_PAUSE
        while True:
            since = time.monotonic()
            process = self._running[child.name][1]
            await process.wait()
            pause = FIRST_PAUSE if time.monotonic() - since > SETTLED_AFTER else pause
            self._say(
                f"The {child.name} ended by itself ({how_it_ended(process)}); starting it again in {pause:g} s. "
                f"{self._its_last_words(child)}"
            )
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            self._running[child.name] = (child, await begin(child, self._folder))

    def _its_last_words(self, child: Child) -> str:
        log = log_of(child, self._folder)
        return f"Its last words, in {log}:\n{last_words(log)}"


async def _is_ready(child: Child, process: Process) -> bool:
    """Asked once. Whoever is asked may never answer, so it is not waited for after the child has ended."""
    ready, ended = asyncio.ensure_future(child.is_ready(process.pid)), asyncio.ensure_future(process.wait())
    try:
        await asyncio.wait((ready, ended), timeout=ANSWERS_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        return ready.done() and ready.result()
    finally:
        ready.cancel()
        ended.cancel()
