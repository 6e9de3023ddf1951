"""The doctor finds what is wrong, says what to do, and neither changes nor sends anything."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

import settings
from commands.doctor import databases, dns, mail, pages, temporal
from commands.doctor.findings import Diagnosis, in_time
from commands.doctor.workflows import STALLED
from embedded.temporal import prepare_embedded
from settings import Settings
from store.engine.database import database
from store.engine.migrate import migrate
from store.views import stalled_workflows
from store.views.installation import alarms
from store.views.stalled_workflows import What
from tests.cast import INTRODUCTION, opening, policy
from tests.commands.terminal import Terminal
from tests.mailroom.inbound.imap import PASSWORD, imap
from tests.support import rows
from tests.support.services.databases import migrated_copy
from tests.support.services.sink import Sink

REPLY = {"INTROBROKER_REPLY_TO": "office@example.org"}


def told(**said: str) -> Settings:
    return settings.load({f"INTROBROKER_{name}": text for name, text in said.items()} | REPLY)


def states(found: list[Diagnosis]) -> list[tuple[str, str]]:
    return [(each.about, each.state) for each in found]


def test_an_empty_folder_is_told_line_by_line(terminal: Terminal) -> None:
    typed = terminal.type("doctor", "--json")
    assert typed.code == 1
    found = {each["about"]: each for each in typed.json}
    assert found["database"]["state"] == "wrong"
    assert found["database"]["do"] == "introbroker migrate"
    assert found["keys"]["state"] == "wrong"
    assert all(each["do"] for each in typed.json if each["state"] == "wrong")
    assert not terminal.data.exists(), "looking makes nothing"
    table = terminal.type("doctor")
    assert "WRONG" in table.out


async def test_a_database_that_is_well(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'here.db'}"
    await migrate(url)
    assert states(await databases.look(told(DATABASE_URL=url))) == [
        ("database", "well"),
        ("database", "well"),
        ("operators", "unsure"),
        ("mail page", "well"),
        ("processes", "unsure"),
        ("introductions", "well"),
    ]


@pytest.mark.parametrize("what", STALLED)
async def test_what_is_stalled_is_counted_and_it_says_what_to_do(what: What, tmp_path: Path) -> None:
    url = f"sqlite:///{await migrated_copy(tmp_path)}"
    rules, now = policy("demo"), datetime.now(UTC)
    async with database(url, durable=False) as opened:
        await opened.write(lambda connection: rows.settle_in(connection, rules, now))
        await opened.write(lambda connection: rows.ask_at_the_door(connection, opening(rules)))
        assert await opened.write(lambda connection: stalled_workflows.note(connection, INTRODUCTION, what, now))
        await opened.write(lambda connection: alarms.raise_alarm(connection, "no_worker", now))
    found = [each for each in await databases.look(told(DATABASE_URL=url)) if each.about == "introductions"]
    assert [each.state for each in found] == ["wrong", "wrong"]
    assert INTRODUCTION in found[0].said
    assert found[0].do == STALLED[what][1]
    assert "no worker" in found[1].said


async def test_a_relay_is_entered_and_no_letter_begun(sink: Sink) -> None:
    relay = told(SMTP_URL=sink.url)
    assert states(await mail.relay(relay)) == [("relay", "well")]
    assert (sink.connections, sink.kept) == (1, [])
    await sink.close()
    (found,) = await mail.relay(relay)
    assert found.state == "wrong"
    assert "cannot be reached" in found.said


async def test_a_relay_that_wants_tls_or_another_password_is_found_out(sink: Sink) -> None:
    (found,) = await mail.relay(told(SMTP_URL=f"smtp://us:secret@127.0.0.1:{sink.port}"))
    assert found.state == "wrong"
    assert "secret" not in found.said + found.do


async def test_the_mailbox_is_opened() -> None:
    from urllib.parse import quote

    async with imap() as server:
        url = f"imap://us:{quote(PASSWORD, safe='')}@127.0.0.1:{server.port}"
        assert states(await mail.mailbox(told(BOUNCES="bounces@example.org", IMAP_URL=url))) == [
            ("what comes back", "well")
        ]
        wrong = url.replace("us:", "them:")
        (found,) = await mail.mailbox(told(BOUNCES="bounces@example.org", IMAP_URL=wrong))
        assert found.state == "wrong"


@pytest.mark.parametrize(
    ("zone", "found"),
    [
        ({}, {"SPF": "wrong", "DMARC": "unsure", "DKIM": "unsure", "what comes back": "wrong"}),
        (
            {
                ("example.com", "TXT"): ["google-site=1", "v=spf1 -all"],
                ("_dmarc.example.com", "TXT"): ["v=DMARC1; p=reject"],
                ("back.example.com", "MX"): ["10 mx.example.com."],
            },
            {"SPF": "well", "DMARC": "well", "DKIM": "unsure", "what comes back": "well"},
        ),
        ({("example.com", "TXT"): ["v=spf1 a", "v=spf1 mx"]}, {"SPF": "wrong", "DMARC": "unsure", "DKIM": "unsure"}),
        ({("example.com", "TXT"): None}, {"sender's domain": "unsure"}),
    ],
)
async def test_what_the_dns_says(zone: Mapping[Any, Any], found: Mapping[str, str]) -> None:
    here = told(SMTP_URL="smtp://127.0.0.1", FROM="letters@example.com", BOUNCES="bounces@back.example.com")
    seen = await dns.look(here, lambda name, kind: zone.get((name, kind), []))
    assert {each.about: each.state for each in seen}.items() >= found.items()


async def test_a_name_nobody_can_be_asked_about_is_no_fault() -> None:
    here = told(SMTP_URL="smtp://127.0.0.1", FROM="letters@programme.test")
    assert states(await dns.look(here)) == [("sender's domain", "unsure")]


async def test_links_to_this_machine_are_wrong_once_letters_leave_it() -> None:
    away = told(SMTP_URL="smtps://mail.example.org", PUBLIC_URL="http://127.0.0.1:8700")
    assert [each.state for each in await pages.public(away)] == ["wrong"]
    assert [each.state for each in await pages.public(told())] == ["unsure"]
    nobody = told(SMTP_URL="smtps://mail.example.org", PUBLIC_URL="https://127-0-0-1.invalid")
    assert [each.state for each in await pages.public(nobody)] == ["wrong"]


async def test_a_cluster_without_words_and_workers_is_told_what_it_lacks(temporal_env: WorkflowEnvironment) -> None:
    config = temporal_env.client.service_client.config
    here = settings.load({"TEMPORAL_ADDRESS": config.target_host, "TEMPORAL_NAMESPACE": temporal_env.client.namespace})
    await prepare_embedded(temporal_env.client)
    found = {each.about: each for each in await temporal.look(here)}
    assert found["workers"].state in ("wrong", "well")  # other tests may leave a poller behind for a while
    assert [each.state for each in await temporal.look(here) if each.about == "Temporal"] == ["well", "well"]

    nowhere = settings.load({"TEMPORAL_ADDRESS": config.target_host, "TEMPORAL_NAMESPACE": "no-such-place"})
    (missing,) = await temporal.look(nowhere)
    assert (missing.state, missing.do) == ("wrong", "Look at TEMPORAL_NAMESPACE.")
    away = settings.load({"TEMPORAL_ADDRESS": "127.0.0.1:1"})
    assert [each.state for each in await temporal.look(away)] == ["wrong"]


async def test_one_look_that_breaks_holds_up_no_other() -> None:
    async def broken() -> list[Diagnosis]:
        raise ValueError("a secret")

    (found,) = await in_time("relay", broken)
    assert (found.about, found.state) == ("relay", "wrong")
    assert "secret" not in found.said
