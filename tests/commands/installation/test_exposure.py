"""No process starts that would show letters to the world, whatever it was told and whatever another was told."""

import asyncio
import http.client
import socket
import subprocess
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

import settings
from commands.demo.command import alone
from commands.installation.processes import leave_marks, refuse_strangers
from commands.installation.run import prepare, tell_its_end
from mailer import ready, room
from mailroom.transport.relay import NotSent
from settings import Settings
from settings.variables import SettingsError
from store.audit import exposure
from store.audit.exposure import Exposure
from store.engine.database import database
from tests.commands.processes import answer, answers_within
from tests.commands.terminal import Terminal
from tests.support.run.every_pair import pairs
from tests.support.services.listening import port_of

Processes = list["subprocess.Popen[str]"]
NOBODY_THERE = {"TEMPORAL_ADDRESS": "127.0.0.1:9"}
PUBLIC = {"INTROBROKER_PUBLIC_URL": "https://introductions.example.org"}
RELAY = {"INTROBROKER_SMTP_URL": "smtp://127.0.0.1:2525", "INTROBROKER_REPLY_TO": "office@example.org"}
AWAY = RELAY | {"INTROBROKER_SMTP_URL": "smtps://us:secret@relay.example.org"}
WIDE = {"INTROBROKER_HTTP": "0.0.0.0:8700"}


def told(terminal: Terminal, **said: str) -> Settings:
    return settings.load({"INTROBROKER_DATA": str(terminal.data)} | said)


def remembered(terminal: Terminal) -> frozenset[Exposure]:
    async def look() -> frozenset[Exposure]:
        async with database(told(terminal).database_url) as opened:
            return await opened.read(exposure.found)

    return asyncio.run(look())


STARTED = {each: each for each in ("run", "web", "mailroom", "worker", "migrate")}
ADDRESSES: dict[str, dict[str, str]] = {"loopback": {}, "six": {"INTROBROKER_HTTP": "[::1]:8700"}, "wide": WIDE}


@pytest.mark.parametrize(("process", "http"), pairs(STARTED, ADDRESSES))
def test_a_public_address_without_a_relay_starts_nothing(sample: Terminal, process: str, http: dict[str, str]) -> None:
    typed = sample.type(process, **PUBLIC, **http, **NOBODY_THERE)
    assert typed.code == 1
    assert "INTROBROKER_SMTP_URL" in typed.err
    assert typed.err.count("\n") == 1
    assert remembered(sample) == frozenset(), "nothing was served: what was mistyped may be put right"


ANY = {each: each for each in ("worker", "mailroom", "web", "run", "programme list", "list")}
TOLD: dict[str, tuple[dict[str, str], set[Exposure]]] = {
    "nothing": ({}, set()),
    "a relay here": (RELAY, {Exposure.RELAY}),
    "an address here": (RELAY | {"INTROBROKER_PUBLIC_URL": "http://127.0.0.1:9000"}, {Exposure.RELAY}),
    "behind a proxy": (AWAY | PUBLIC, {Exposure.RELAY, Exposure.PUBLIC}),
    "wide open": (AWAY | PUBLIC | WIDE, {Exposure.RELAY, Exposure.PUBLIC}),
}


@pytest.mark.parametrize(("process", "told_it"), pairs(ANY, TOLD))
def test_every_process_leaves_a_mark_of_what_it_was_told(
    sample: Terminal, process: str, told_it: tuple[dict[str, str], set[Exposure]]
) -> None:
    said, marks = told_it
    sample.type("operator", "add", "Olive Okafor", "olive@example.org")
    begin(process, sample, said)
    assert remembered(sample) == marks


@pytest.mark.parametrize("other", ["worker", "mailroom", "list"])
@pytest.mark.parametrize("said", [RELAY, AWAY | PUBLIC], ids=["a relay here", "behind a proxy"])
def test_what_one_process_was_told_keeps_each_other_from_showing_letters(
    sample: Terminal, other: str, said: dict[str, str]
) -> None:
    begin(other, sample, said)
    for process in ("run", "web", "mailroom", "demo"):
        with pytest.raises(SettingsError, match="INTROBROKER_SMTP_URL is not set, and a process of this installation"):
            begin(process, sample, {})
    begin("worker", sample, {})  # shows nothing to anybody
    begin("web", sample, RELAY)  # has none to show


def test_real_people_on_file_have_no_mail_page(terminal: Terminal) -> None:
    terminal.type("migrate")
    terminal.type("programme", "add", "Spring")
    for process in ("web", "run", "mailroom"):
        begin(process, terminal, {})
    terminal.type("operator", "add", "Olive Okafor", "olive@programme.com")
    for process in ("web", "run", "mailroom", "demo"):
        with pytest.raises(SettingsError, match="this installation knows real people"):
            begin(process, terminal, {})
    typed = terminal.type("doctor", "--json")
    (found,) = [each for each in typed.json if each["about"] == "mail page"]
    assert found["state"] == "wrong"
    assert "Name the relay for this process too" in found["do"]


def test_whoever_started_it_hears_that_no_letter_leaves_any_more(
    sample: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(leave_marks(told(sample, **RELAY)))
    asyncio.run(tell_its_end(told(sample)))
    assert "no letter leaves until INTROBROKER_SMTP_URL names a relay" in capsys.readouterr().out


def test_a_web_behind_a_proxy_waits_for_an_operator_and_gets_no_sample(terminal: Terminal) -> None:
    terminal.type("migrate")
    with pytest.raises(SettingsError, match="no operator has an account yet"):
        begin("run", terminal, RELAY | PUBLIC)
    assert terminal.type("programme", "list", "--json").json == []


def test_a_mailroom_without_a_relay_takes_and_knows_nothing_once_there_is_one(sample: Terminal) -> None:
    """It was started before: letters wait for the one that has the relay, and none is sent twice on its word."""

    async def work() -> None:
        here = told(sample)
        async with database(here.database_url) as opened:
            page = room(here, opened).relay
            assert await page.ready()
            assert await page.knows("<1@here>") is False
            await leave_marks(told(sample, **RELAY))
            assert not await page.ready()
            assert await page.knows("<1@here>") is None
            assert isinstance(await page.send(b"Subject: Hello\n\nHello", "rosa@northwind.test", "<1@here>"), NotSent)

    asyncio.run(work())


def test_a_web_that_runs_closes_its_mail_page_for_strangers_and_for_all_when_a_relay_comes(
    sample: Terminal, started: Processes, listening: socket.socket
) -> None:
    port = port_of(listening)
    started.append(sample.start("web", listening, **NOBODY_THERE))
    assert answers_within(port, 60)
    page = answer(port)[1]
    session = page[page.index('action="/mail/') + len('action="') :].partition('"')[0]
    assert session.endswith("/session")
    assert answer(port, session, "POST", "to=me")[0] == 303
    assert status(port, session, {"X-Forwarded-For": "203.0.113.9"}) == 404
    assert status(port, session, {"Forwarded": "for=203.0.113.9"}) == 404
    assert status(port, session, {}, version="HTTP/1.0") == 404
    asyncio.run(leave_marks(told(sample, **RELAY)))
    assert answer(port, session, "POST", "to=me")[0] == 404
    assert answer(port)[0] == 303


def status(port: int, path: str, headers: dict[str, str], version: str = "HTTP/1.1") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection._http_vsn_str = version  # type: ignore[attr-defined]
    form = {"content-type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST", path, "to=console", form | headers)
        return connection.getresponse().status
    finally:
        connection.close()


def begin(process: str, terminal: Terminal, said: dict[str, str]) -> None:
    """All of a start up to the point at which the process would go on for ever."""
    if process == "demo":
        asyncio.run(prepare(alone(terminal.data, 8700)))
    elif process in STARTS:
        asyncio.run(STARTS[process](told(terminal, **said)))
    else:
        assert terminal.type(*process.split(), **said).code == 0


async def get_ready_to_carry(here: Settings) -> None:
    async with ready(here):
        pass


STARTS: dict[str, Callable[[Settings], Coroutine[Any, Any, None]]] = {
    "worker": leave_marks,
    "mailroom": get_ready_to_carry,
    "web": refuse_strangers,
    "run": prepare,
}
