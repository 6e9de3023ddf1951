"""Everything works beside a Temporal server that is not ours, named by Temporal's own variables."""

import asyncio
import signal
import socket
import subprocess

from sqlalchemy import Connection, update
from temporalio.testing import WorkflowEnvironment

from commands.installation.migrate import to_be_added_by_hand
from embedded.ports import any_port
from store.engine.database import database
from store.installation import facts
from store.installation.facts import FactName
from store.tables import introduction
from tests.cast import MONDAY, opening, policy
from tests.commands.processes import line_of, members, words_of
from tests.commands.terminal import Terminal
from tests.support import rows
from tests.support.services.listening import port_of

Processes = list["subprocess.Popen[str]"]
OPEN_TO_OTHERS = {
    "INTROBROKER_SMTP_URL": "smtp://127.0.0.1:9",
    "INTROBROKER_PUBLIC_URL": "https://introductions.example.org",
    "INTROBROKER_REPLY_TO": "office@example.org",
}


def cluster(env: WorkflowEnvironment, namespace: str = "") -> dict[str, str]:
    found = env.client.service_client.config.target_host
    return {"TEMPORAL_ADDRESS": found, "TEMPORAL_NAMESPACE": namespace or env.client.namespace}


async def test_beside_a_named_server_it_lets_others_in_once_there_is_an_operator_and_starts_no_server_of_its_own(
    temporal_env: WorkflowEnvironment, terminal: Terminal, started: Processes
) -> None:
    """Before that nothing begins, and nobody is ever seeded."""
    with any_port("0.0.0.0") as listening:
        await others_are_let_in(terminal, started, listening, OPEN_TO_OTHERS | cluster(temporal_env))


async def others_are_let_in(
    terminal: Terminal, started: Processes, listening: socket.socket, settings: dict[str, str]
) -> None:
    started.append(terminal.start("run", listening, **settings))
    said = await asyncio.to_thread(words_of, started[0])
    assert said.splitlines()[-1] == (
        f"INTROBROKER_HTTP=0.0.0.0:{port_of(listening)} is open to other machines, and no operator has an account yet: "
        "create one first, or use 127.0.0.1."
    )
    assert started[0].returncode == 1
    assert (await asyncio.to_thread(terminal.type, "programme", "list", "--json")).json == []

    await asyncio.to_thread(terminal.type, "programme", "add", "Spring")
    for address in ("olive@example.test", "olive@example.org"):  # no letter can reach her at the first
        await asyncio.to_thread(terminal.type, "operator", "add", "Olive Okafor", address)
    started.append(terminal.start("run", listening, **settings))
    await asyncio.to_thread(line_of, started[1], "Open https://introductions.example.org")
    assert list(members(terminal.data)) == ["us", "worker", "mailroom", "web"]
    started[1].send_signal(signal.SIGTERM)
    await asyncio.to_thread(words_of, started[1])
    assert started[1].returncode == 0


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


async def test_another_namespace_is_not_worked_in_until_somebody_says_so(
    temporal_env: WorkflowEnvironment, terminal: Terminal, started: Processes
) -> None:
    """Its id is kept: a wrong or an emptied namespace would have all that is under way begun a second time."""
    here = cluster(temporal_env)
    assert (await asyncio.to_thread(terminal.type, "migrate", **here)).code == 0
    await begun_elsewhere(terminal)
    refused = await asyncio.to_thread(terminal.type, "migrate", **here)
    assert refused.code == 1
    assert "is not the one that holds the 1 introductions under way" in refused.err
    started.append(terminal.start("worker", **here))
    assert "is not the one that holds the 1" in await asyncio.to_thread(words_of, started[0])
    found = (await asyncio.to_thread(terminal.type, "doctor", "--json", **here)).json
    assert [each["do"] for each in found if "is not the namespace that holds" in each["said"]]
    asked = await asyncio.to_thread(terminal.type, "begin-anew")
    assert (asked.code, "Nothing was changed" in asked.out) == (0, True)
    assert (await asyncio.to_thread(terminal.type, "migrate", **here)).code == 1
    assert (await asyncio.to_thread(terminal.type, "begin-anew", "--go")).code == 0
    assert (await asyncio.to_thread(terminal.type, "migrate", **here)).code == 0


async def begun_elsewhere(terminal: Terminal) -> None:
    """Something is under way, in a namespace that is not the one that is met now."""

    def begin(connection: Connection) -> None:
        rows.settle_in(connection, policy("demo"), MONDAY)
        rows.ask_at_the_door(connection, opening("demo"))
        connection.execute(update(introduction).values(started_at=MONDAY))
        facts.note_down(connection, FactName.NAMESPACE, MONDAY, "another one's id")

    async with database(f"sqlite:///{terminal.data / 'introbroker.db'}") as opened:
        await opened.write(begin)
