"""Each process lives by itself: pages without Temporal, an end when told, a word when it cannot begin."""

import json
import signal
import socket
import subprocess

import pytest

from mailer import how_often, relay
from mailroom.loops.sweep import OFTEN, SELDOM
from mailroom.transport.mail_page import MailPage
from mailroom.transport.smtp import SmtpRelay
from settings import load
from store.engine.database import database
from tests.commands.processes import answer, answers_within, line_of, words_of
from tests.commands.terminal import Terminal
from tests.support.services.listening import port_of

Processes = list["subprocess.Popen[str]"]
NOBODY_THERE = {"TEMPORAL_ADDRESS": "127.0.0.1:9"}


def test_pages_are_served_while_temporal_is_away(
    sample: Terminal, started: Processes, listening: socket.socket
) -> None:
    port = port_of(listening)
    started.append(sample.start("web", listening, **NOBODY_THERE))
    assert answers_within(port, 60)
    assert answer(port, "/me")[0] == 200
    assert answer(port, "/me/sign-in", "POST", "address=rosa%40northwind.test")[0] == 200
    started[0].send_signal(signal.SIGTERM)
    assert "Application shutdown complete" in words_of(started[0])
    assert started[0].returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.soak)])
def test_a_mailroom_works_while_temporal_is_away_and_ends_when_told(
    sample: Terminal, started: Processes, number: signal.Signals
) -> None:
    sample.type(
        "request",
        "rosa@northwind.test",
        "--need",
        "A grid",
        "--wanted",
        "A name",
        "--offer",
        "Data",
        "--note",
        "May I show you?",
    )
    started.append(sample.start("mailroom", **NOBODY_THERE))
    assert any("mailroom.began" in line_of(started[0], "{") for _ in range(3)), "others may be found to disagree first"
    with pytest.raises(subprocess.TimeoutExpired):  # it does not end by itself, whatever its sweep meets
        started[0].wait(timeout=1)
    started[0].send_signal(number)
    said = [json.loads(line)["event"] for line in words_of(started[0]).splitlines()]
    assert set(said) <= {"retention.done"}  # nothing to complain of
    assert started[0].returncode == 0


def test_a_worker_without_temporal_says_so(sample: Terminal, started: Processes) -> None:
    started.append(sample.start("worker", **NOBODY_THERE))
    assert (
        words_of(started[0]).splitlines()[-1].startswith("The Temporal server that the settings name cannot be reached")
    )
    assert started[0].returncode == 1


def test_on_a_cluster_that_is_away_migrating_says_so(terminal: Terminal) -> None:
    said = terminal.type("migrate", **NOBODY_THERE)
    assert said.code == 1
    assert "cannot be reached" in said.err


async def test_letters_go_where_the_settings_say(sample: Terminal) -> None:
    here = load({"INTROBROKER_DATA": str(sample.data)})
    relayed = load(
        {
            "INTROBROKER_DATA": str(sample.data),
            "INTROBROKER_SMTP_URL": "smtp://127.0.0.1:2525",
            "INTROBROKER_REPLY_TO": "office@example.org",
            "INTROBROKER_DATABASE_URL": "postgresql://introbroker:secret@db.example.org/introbroker",
        }
    )
    async with database(here.database_url) as opened:
        assert isinstance(relay(here, opened), MailPage)
        assert isinstance(relay(relayed, opened), SmtpRelay)


def test_one_machine_is_swept_often_and_a_cluster_seldom() -> None:
    def often(**told: str) -> bool:
        return {OFTEN: True, SELDOM: False}[how_often(load(told))]

    postgresql = "postgresql://introbroker:secret@db.example.org/introbroker"
    assert often()
    assert often(INTROBROKER_DATABASE_URL=postgresql, TEMPORAL_ADDRESS="127.0.0.1:7233")  # as `run` starts it
    assert not often(INTROBROKER_DATABASE_URL=postgresql, TEMPORAL_ADDRESS="temporal.example.org:7233")
