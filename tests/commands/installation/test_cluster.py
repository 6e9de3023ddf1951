"""Everything works beside a Temporal server that is not ours, named by Temporal's own variables."""

import asyncio
import signal
import subprocess

from temporalio.testing import WorkflowEnvironment

from commands.installation.migrate import to_be_added_by_hand
from embedded.ports import any_free_port
from tests.commands.processes import line_of, members, words_of
from tests.commands.terminal import Terminal

Processes = list["subprocess.Popen[str]"]


def cluster(env: WorkflowEnvironment, namespace: str = "") -> dict[str, str]:
    found = env.client.service_client.config.target_host
    return {"TEMPORAL_ADDRESS": found, "TEMPORAL_NAMESPACE": namespace or env.client.namespace}


async def test_it_runs_beside_a_named_server_and_starts_none(
    temporal_env: WorkflowEnvironment, terminal: Terminal, started: Processes
) -> None:
    named = cluster(temporal_env) | {"INTROBROKER_HTTP": f"127.0.0.1:{any_free_port()}"}
    started.append(terminal.start("run", **named))
    await asyncio.to_thread(line_of, started[0], "Open http")
    assert list(members(terminal.data)) == ["us", "worker", "mailroom", "web"]
    started[0].send_signal(signal.SIGTERM)
    await asyncio.to_thread(words_of, started[0])
    assert started[0].returncode == 0


async def test_a_namespace_that_is_not_there_is_named(temporal_env: WorkflowEnvironment, terminal: Terminal) -> None:
    said = await asyncio.to_thread(terminal.type, "migrate", **cluster(temporal_env, "nowhere"))
    assert (said.code, said.err.strip()) == (1, "Temporal has no namespace nowhere: look at TEMPORAL_NAMESPACE.")


async def test_migrating_makes_a_cluster_ready(temporal_env: WorkflowEnvironment, terminal: Terminal) -> None:
    for _ in range(2):
        said = await asyncio.to_thread(terminal.type, "migrate", **cluster(temporal_env))
        assert (said.code, said.out) == (0, "The database is in its newest shape.\n")


def test_what_a_cloud_wants_done_by_hand_is_spelt_out() -> None:
    assert to_be_added_by_hand("spring.a1b2c") == (
        "Temporal lets us register no search attributes in spring.a1b2c: "
        "add PolicyVersion (keyword) and PersonRefs (keyword_list) there with its own tools."
    )
