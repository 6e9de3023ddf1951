"""Two workers, two mailrooms and two web processes share the work, and go on when one of each is gone for good."""

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from embedded.ports import any_port
from store.audit.verify import verify
from store.engine.database import database
from tests.killing.background_load import Desk, Readers, child
from tests.killing.test_kills import ROOT, no_letter_is_doubled, nothing_is_lost, reading, running, settled
from tests.support.services.databases import Place
from tests.support.services.listening import at, port_of
from tests.support.services.sink import Sink

AT_ONCE = 12


@pytest.mark.soak
@pytest.mark.timeout(900)
async def test_two_of_each_share_the_work_and_one_of_each_carries_it_on(
    sink: Sink, place: Place, tmp_path: Path, listening: socket.socket
) -> None:
    desk, readers, second, public = Desk(place), Readers(sink), any_port(), any_port()
    await desk.open()
    told = {"INTROBROKER_PUBLIC_URL": f"http://127.0.0.1:{port_of(public)}"}
    async with (
        Balancer(public, [port_of(listening), port_of(second)]).open() as balancer,
        running(tmp_path, sink, desk, listening, **told) as head,
        beside(head, second) as others,
        reading(readers) as people,
    ):
        desk.ask(AT_ONCE)
        await settled(desk, people)
        assert min(balancer.let_in.values()) > 0, "both web processes were asked"
        desk.ask(AT_ONCE)
        for process in others:
            await asyncio.sleep(0.5)
            process.kill()
        await settled(desk, people)
        desk.ask(AT_ONCE)
        await settled(desk, people)
    nothing_is_lost(desk, readers)
    no_letter_is_doubled(desk, sink)
    async with database(desk.url) as opened:
        assert [fault async for each in verify(opened) for fault in each.faults] == []


class Balancer:
    """One address before several web processes, by turns; one that is gone is passed over."""

    def __init__(self, listening: socket.socket, behind: list[int]) -> None:
        self._listening = listening
        self.let_in = dict.fromkeys(behind, 0)
        self._turn = 0

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Balancer"]:
        server = await asyncio.start_server(self._let_in, sock=self._listening)
        try:
            yield self
        finally:
            server.close()

    async def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            inside, outside = await self._next()
            await asyncio.gather(_carry(reader, outside), _carry(inside, writer))
        writer.close()

    async def _next(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        ports = list(self.let_in)
        self._turn += 1
        for port in (ports[(self._turn + i) % len(ports)] for i in range(len(ports))):
            with contextlib.suppress(OSError):
                found = await asyncio.open_connection("127.0.0.1", port)
                self.let_in[port] += 1
                return found
        raise ConnectionRefusedError


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(65_536):
            writer.write(piece)
            await writer.drain()
    writer.close()


@contextlib.asynccontextmanager
async def beside(head: int, listening: socket.socket) -> AsyncIterator[list[asyncio.subprocess.Process]]:
    """A second worker, mailroom and web, with the same folder, database, relay and Temporal as the first.

    The socket is the web's alone once it has begun: when it is gone, nobody listens there.
    """
    environment = surroundings_of(child(head, "worker")) | at(listening)
    started = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "cli", name, *(word for fd in fds for word in ("--fd", str(fd)))),
            cwd=ROOT,
            env=environment,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            pass_fds=fds,
        )
        for name, fds in (("worker", ()), ("mailroom", ()), ("web", (listening.fileno(),)))
    ]
    address = listening.getsockname()
    listening.close()
    try:
        await _answers(*address)
        yield started
    finally:
        for process in started:
            if process.returncode is None:
                process.terminate()
            await process.wait()


def surroundings_of(pid: int | None) -> dict[str, str]:
    """What the first one was told, Temporal's address among it."""
    assert pid
    said = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return {os.fsdecode(name): os.fsdecode(value) for name, _, value in (each.partition(b"=") for each in said if each)}


async def _answers(host: str, port: int) -> None:
    async with httpx2.AsyncClient(timeout=60) as visitor:
        await visitor.get(f"http://{host}:{port}/")
