"""The embedded Temporal server is ours, prepared, and remembers across a kill."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

from embedded.folder import HeldFolder, StartRefused, hold, written_down
from embedded.installation import start_temporal
from embedded.supervisor import EndedAtOnce, Supervisor
from embedded.temporal import EmbeddedTemporal, describe, prepare_embedded, server_binary
from tests.support.polling import Napping
from workflows.search_attributes import SEARCH_ATTRIBUTES


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncIterator[HeldFolder]:
    before = os.umask(0o022)
    with hold(tmp_path) as held:
        yield held
    os.umask(before)


@pytest.fixture
async def supervisor(folder: HeldFolder) -> AsyncIterator[Supervisor]:
    tree = Supervisor(folder, print)
    yield tree
    await tree.stop()


async def started(supervisor: Supervisor, folder: HeldFolder) -> EmbeddedTemporal:
    temporal = EmbeddedTemporal(folder)
    await supervisor.start(temporal.as_child(dict(os.environ)))
    return temporal


async def attributes(client: Client) -> dict[str, int]:
    request = ListSearchAttributesRequest(namespace=client.namespace)
    listed = await client.operator_service.list_search_attributes(request)
    return {name: int(kind) for name, kind in listed.custom_attributes.items()}


async def test_the_server_is_prepared_once_and_again(supervisor: Supervisor, folder: HeldFolder) -> None:
    temporal = await started(supervisor, folder)
    client = await temporal.connect()
    for _ in range(2):
        await prepare_embedded(client)
    assert await describe(client) == timedelta(days=30)
    assert await attributes(client) == {key.name: key.indexed_value_type.value for key in SEARCH_ATTRIBUTES}


async def test_a_server_without_our_namespace_is_not_ours(supervisor: Supervisor, folder: HeldFolder) -> None:
    temporal = await started(supervisor, folder)
    stranger = await Client.connect(temporal.address, namespace="introbroker-of-another-folder")
    with pytest.raises(RPCError):
        await describe(stranger)


async def test_another_server_is_not_taken_for_the_one_we_started(
    supervisor: Supervisor, folder: HeldFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that has our namespace too, as the server of a copied folder has, and was first at the port."""
    other = await started(supervisor, folder)
    assert await describe(await other.connect())
    idles = tmp_path / "idles"
    idles.write_text("#!/bin/sh\nexec sleep 60\n")
    idles.chmod(0o700)
    monkeypatch.setattr("embedded.temporal.server_binary", lambda: idles)
    child = replace(other.as_child(dict(os.environ)), name="temporal of the copy", ready_within=0.5)
    with pytest.raises(StartRefused, match="was not ready in time"):
        await supervisor.start(child)


async def test_what_runs_is_remembered_across_a_kill(supervisor: Supervisor, folder: HeldFolder) -> None:
    temporal = await started(supervisor, folder)
    client = await temporal.connect()
    async with Worker(client, task_queue="napping", workflows=[Napping]):
        nap = await client.start_workflow(Napping.run, 0, id=f"nap-{uuid4()}", task_queue="napping")
        os.kill(written_down(folder.lock)["temporal"], signal.SIGKILL)
        async with asyncio.timeout(30):
            assert await nap.result() == 0


async def test_only_this_machine_can_reach_it(supervisor: Supervisor, folder: HeldFolder) -> None:
    await started(supervisor, folder)
    pid = written_down(folder.lock)["temporal"]
    assert set(listening_on(pid)) == {"0100007F"}, "every port of the server is on 127.0.0.1"


async def test_a_server_whose_port_was_taken_a_moment_before_looks_for_others(
    supervisor: Supervisor, folder: HeldFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    falls_over_once = tmp_path / "falls_over_once"
    falls_over_once.write_text(f'#!/bin/sh\nmkdir "{tmp_path}/once" && exit 2\nexec "{server_binary()}" "$@"\n')
    falls_over_once.chmod(0o700)
    monkeypatch.setattr("embedded.temporal.server_binary", lambda: falls_over_once)
    temporal = await start_temporal(folder, supervisor)
    assert await describe(await temporal.connect())
    monkeypatch.setattr("embedded.temporal.server_binary", lambda: Path("/bin/false"))
    with pytest.raises(EndedAtOnce):
        await start_temporal(folder, supervisor)


def listening_on(pid: int) -> list[str]:
    """The addresses, in the kernel's own notation, on which a process listens."""
    sockets = {os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()}
    rows = [
        row.split()
        for table in ("tcp", "tcp6")
        for row in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
    ]
    return [row[1].split(":")[0] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets]
