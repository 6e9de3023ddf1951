"""Processes that were told different things find each other out, in a sentence."""

import asyncio
import os
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from commands.doctor import databases
from commands.errors import CommandRefusal, sentence_for
from commands.installation import heartbeat
from commands.installation.agreement import among, with_others
from commands.installation.heartbeat import beating, fingerprint, machine, now
from embedded.keys import key_ring
from mailer import carry
from settings import Settings, load
from store.engine.database import Database, DatabaseAway, database
from store.installation import processes
from store.installation.processes import Process, ProcessKind, Told
from tests.commands.terminal import Terminal
from tests.support.services.databases import migrated_copy

NOBODY_THERE = {"TEMPORAL_ADDRESS": "127.0.0.1:9"}
TOLD = Told(public_url="http://127.0.0.1:8700", keys=("a",), namespace="here", version="1", clock_law="2026a")


@pytest.fixture
async def bare(terminal: Terminal) -> Terminal:
    """A terminal before a data folder whose database has its tables, and nothing in them."""
    terminal.data.mkdir(mode=0o700)
    (await migrated_copy(terminal.data)).rename(terminal.data / "introbroker.db")
    return terminal


def one(kind: ProcessKind, pid: int = 1, ahead: float = 0, **told: Any) -> Process:
    return Process(
        name=f"{kind}{pid}", kind=kind, machine="host:1", pid=pid, began=None, told=TOLD.model_copy(update=told),
        ahead=timedelta(seconds=ahead),
    )  # fmt: skip


def grave(mine: Process, *others: Process) -> list[str]:
    return [each.setting for each in with_others(mine, others) if each.is_grave]


def told_of(mine: Process, *others: Process) -> list[str]:
    return [each.setting for each in with_others(mine, others)]


def test_processes_that_were_told_the_same_agree() -> None:
    all_three = [one("worker"), one("mailroom"), one("web"), one("web", 2, public_url="http://localhost:8700")]
    assert among(all_three) == []
    assert told_of(one("web", 3, public_url="http://127.0.0.1:8700"), *all_three) == []


def test_a_mailroom_whose_links_would_open_nothing_is_found_out_by_both() -> None:
    mailroom, web = one("mailroom"), one("web", 2, public_url="http://127.0.0.1:8710")
    assert grave(mailroom, web) == grave(web, mailroom) == ["INTROBROKER_PUBLIC_URL"]
    (said,) = with_others(mailroom, [web])
    assert said.sentence == (
        "The mailroom (process 1 on host) writes links to http://127.0.0.1:8700, and the web (process 2 on host) "
        "answers at http://127.0.0.1:8710, so they would open nothing. Give every process the same "
        "INTROBROKER_PUBLIC_URL; without one, give the mailroom the web's INTROBROKER_HTTP too."
    )
    assert said.holds
    assert grave(mailroom, web, one("web", 3)) == [], "another web opens them"
    assert grave(mailroom) == [], "no web has begun yet"
    assert grave(one("worker"), mailroom, web) == [], "a worker writes no letters"
    assert [each.setting for each in among([one("worker"), web, mailroom])] == ["INTROBROKER_PUBLIC_URL"]


def test_the_port_of_a_scheme_and_the_case_of_a_name_make_no_difference() -> None:
    web = one("web", public_url="https://introductions.example.org")
    assert told_of(one("mailroom", public_url="https://Introductions.example.org:443"), web) == []
    assert grave(one("mailroom", public_url="http://introductions.example.org"), web) == ["INTROBROKER_PUBLIC_URL"]


def test_another_key_refuses_and_a_newer_one_is_brought_in_web_first() -> None:
    assert grave(one("web", keys=("b",)), one("mailroom")) == ["keys.json"]
    assert grave(one("worker", keys=("b",)), one("web")) == ["keys.json"]
    newer = ("b", "a")
    assert grave(one("web", keys=newer), one("mailroom"), one("web", 2)) == []
    assert told_of(one("web", keys=newer), one("mailroom")) == ["keys.json"], "told, and not grave"
    assert grave(one("mailroom", keys=newer), one("web", keys=newer)) == []
    assert grave(one("mailroom", keys=newer), one("web")) == ["keys.json"], "that web would not open its links"
    assert grave(one("mailroom"), one("web", keys=newer)) == ["keys.json"], "it would not know who wants no letters"


def test_another_namespace_refuses_and_holds_no_letters() -> None:
    (found,) = with_others(one("worker", namespace="there"), [one("mailroom")])
    assert (found.setting, found.is_grave, found.holds) == ("TEMPORAL_NAMESPACE", True, False)


def test_of_each_kind_the_first_is_told_and_the_grave_ones_before() -> None:
    mine, first, second = one("mailroom", 1), one("web", 2, version="2", keys=("b",)), one("web", 3, version="3")
    found = with_others(mine, [first, second])
    assert [each.setting for each in found] == ["keys.json", "version"]
    assert "process 2" in found[1].said
    assert [each.setting for each in among([mine, first, second])] == ["keys.json", "version"]
    newer = one("web", 4, keys=("b", "a"))  # harmless beside the first, and grave beside the second
    assert with_others(newer, [one("mailroom", 5), one("web", 6, keys=("c",))])[0].is_grave


def test_what_does_no_harm_is_told() -> None:
    mine = one("web", version="2", clock_law="2026b", ahead=-6)
    assert grave(mine, one("worker")) == []
    assert sorted(told_of(mine, one("worker"))) == ["clock", "tzdata", "version"]
    assert "the clock of the web (process 1 on host) and the database's are 6 s apart" in [
        each.said for each in among([mine, one("worker")])
    ]
    assert told_of(one("web", ahead=4), one("worker")) == []


def test_a_fingerprint_tells_keys_apart_and_nothing_of_them(tmp_path: Path) -> None:
    (key,) = key_ring(tmp_path)
    assert fingerprint(key.secret) == fingerprint(key.secret) != fingerprint(b"another")
    assert key.secret.hex() not in fingerprint(key.secret)


def settings_of(terminal: Terminal, **more: str) -> Settings:
    return load({"INTROBROKER_DATA": str(terminal.data)} | NOBODY_THERE | more)


async def running(opened: Database) -> list[Process]:
    return await opened.read(lambda connection: processes.running(connection, now))


def test_a_process_is_known_while_it_runs_and_one_that_was_killed_is_not(bare: Terminal) -> None:
    async def live() -> None:
        here = settings_of(bare)
        async with database(here.database_url) as opened:
            async with beating(opened, here, "mailroom") as heart:
                assert await running(opened) == [heart.mine]
                elsewhere = settings_of(bare, INTROBROKER_HTTP="127.0.0.1:8710")
                with pytest.raises(CommandRefusal, match="writes links to"):
                    async with beating(opened, elsewhere, "web"):
                        pass
                assert len(await running(opened)) == 1, "who was refused has left"
            assert await running(opened) == []
            dead = heart.mine.model_copy(update={"name": "dead", "began": 1})
            await opened.write(lambda connection: processes.beat(connection, dead, now))
            async with beating(opened, elsewhere, "web") as web:
                assert web.found == []

    asyncio.run(live())


def test_a_mailroom_holds_its_letters_while_the_web_that_runs_is_elsewhere(
    bare: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The web came while nobody looked: as two do who start at the same instant."""
    monkeypatch.setattr(heartbeat, "BEAT", timedelta(milliseconds=20))

    async def live() -> None:
        here = settings_of(bare)
        async with database(here.database_url) as opened, beating(opened, here, "mailroom") as heart:
            assert not heart.may_send, "no web has ever answered there"
            found = [each for each in await databases.look(here) if each.about == "processes"]
            assert [(each.state, "no web has ever answered there" in each.said) for each in found] == [("unsure", True)]
            async with beating(opened, here, "web"), asyncio.timeout(20):
                while not heart.may_send:
                    await asyncio.sleep(0.01)
            async with beating(
                opened,
                here,
                "mailroom",
            ) as again:
                assert again.may_send, "the web is only down for a moment"
            told = heart.mine.told.model_copy(update={"public_url": "http://127.0.0.1:8710"})
            web = heart.mine.model_copy(update={"name": "web", "kind": "web", "told": told})
            await opened.write(lambda connection: processes.beat(connection, web, now))
            async with asyncio.timeout(20):
                while heart.may_send:
                    await asyncio.sleep(0.01)
            found = [each for each in await databases.look(here) if each.about == "processes"]
            assert [(each.state, "would open nothing" in each.said) for each in found] == [("wrong", True)]
            await opened.write(lambda connection: processes.leave(connection, ["web"]))
            async with asyncio.timeout(20):
                while not heart.may_send:
                    await asyncio.sleep(0.01)
            found = [each for each in await databases.look(here) if each.about == "processes"]
            assert [(each.state, each.said) for each in found] == [("well", "1 run, and agree: mailroom")]

    asyncio.run(live())


def test_a_mailroom_beside_a_web_on_another_port_does_not_start(bare: Terminal) -> None:
    async def beside_a_web() -> None:
        here = settings_of(bare, INTROBROKER_HTTP="127.0.0.1:8710")
        async with database(here.database_url) as opened, beating(opened, here, "web"):
            await carry(settings_of(bare))

    with pytest.raises(CommandRefusal, match=rf"and the web \(process {os.getpid()} on .+\) answers at") as refusal:
        asyncio.run(beside_a_web())
    assert "writes links to http://127.0.0.1:8700, " in str(refusal.value)


def test_a_mailroom_waits_for_the_first_web_for_an_hour_at_most(
    bare: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "WAITS_FOR_A_WEB", timedelta())

    async def live() -> None:
        here = settings_of(bare)
        async with database(here.database_url) as opened, beating(opened, here, "mailroom") as heart:
            assert heart.may_send

    asyncio.run(live())


def test_a_database_that_somebody_holds_is_said_to_be_busy(bare: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.engine.database.BUSY_MS", 100)

    async def live() -> None:
        here = settings_of(bare)
        with sqlite3.connect(bare.data / "introbroker.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            async with database(here.database_url) as opened:
                with pytest.raises(DatabaseAway) as refusal:
                    async with beating(opened, here, "web"):
                        pass
            other.execute("ROLLBACK")
        other.close()
        assert (sentence_for(refusal.value) or "").endswith("or look at INTROBROKER_DATABASE_URL.")

    asyncio.run(live())


def test_keys_of_another_folder_are_found_out(bare: Terminal, tmp_path: Path) -> None:
    """The classic: a second machine whose data folder was new, so that it made keys of its own."""

    async def live() -> None:
        here = settings_of(bare)
        (tmp_path / "new").mkdir()
        new = load({"INTROBROKER_DATA": str(tmp_path / "new"), "INTROBROKER_DATABASE_URL": here.database_url})
        async with database(here.database_url) as opened, beating(opened, here, "web"):
            with pytest.raises(CommandRefusal, match="does not have the key with which the web"):
                async with beating(opened, new, "mailroom"):
                    pass
            found = [each for each in await databases.look(new) if each.about == "processes"]
            assert [each.state for each in found] == ["wrong"]
            assert found[0].said.startswith("keys.json of this command is not that of the web")

    asyncio.run(live())


def test_a_process_id_means_something_on_one_machine_only() -> None:
    mine = one("web").model_copy(update={"machine": machine(), "pid": os.getpid()})
    strange = mine.model_copy(update={"name": "elsewhere", "machine": "other:1", "began": 1})
    killed = mine.model_copy(update={"name": "killed", "began": 1})
    assert heartbeat.living(machine(), [mine, strange, killed]) == ([mine, strange], ["killed"])
