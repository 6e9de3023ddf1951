"""Erased people stay erased. Through later imports, and through a backup that is brought back."""

import shutil
from pathlib import Path

from sqlalchemy import select

from mailroom.loops.erasure_journal import noted_in
from models.ids import PersonId
from store.engine.database import database
from store.privacy.erasure import jobs
from store.privacy.erasure.after_restore import replay
from store.tables import person
from tests.cast import MONDAY, TOMOKO
from tests.store.importing.fixtures import IRIS, Archive, archive, counts, notices
from tests.store.importing.fixtures import KEYS as ARCHIVES_KEYS
from tests.store.privacy.erasure import canaries
from tests.store.privacy.erasure.house import KEYS, STORIES, Home, home
from tests.web.engine import Engine

__all__ = ["archive"]
SPELLINGS = ("IRIS@example.test", "iris+news@example.test", "iris＠example.test")


async def _iris_is_erased(here: Archive) -> None:
    await here.people(IRIS)
    who = PersonId((await here.called("Iris Montoya")).id)
    await here.database.write(lambda connection: jobs.ask(connection, who, ARCHIVES_KEYS, "operator", MONDAY))


async def test_no_import_brings_them_back_by_any_spelling_of_an_address(archive: Archive) -> None:
    await _iris_is_erased(archive)
    for spelling in SPELLINGS:
        outcome = await archive.people(f"new,Iris Montoya,{spelling},,,,,,,\n")
        assert counts(outcome) == (0, 0, 0)
        assert any("asked to be forgotten" in each for each in notices(outcome))


async def test_nor_by_their_key_and_ties_of_theirs_are_passed_over(archive: Archive) -> None:
    await _iris_is_erased(archive)
    assert counts(await archive.people("IRIS,Iris Montoya,other@example.test,,,,,,,\n")) == (0, 0, 0)
    outcome = await archive.ties("carl@example.test,iris,4,,,\n")
    assert "asked to be forgotten" in notices(outcome)[0]


async def test_after_a_restored_backup_the_journal_makes_them_go_again(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await STORIES["closed"](here)
        await here.database.forget()
        backup = shutil.copyfile(tmp_path / "pages.db", tmp_path / "backup")
        await here.erase(TOMOKO)
        await here.sweep()
        journal = (tmp_path / "erasures.journal").read_text()
        assert canaries.CANARY not in journal
        assert TOMOKO.id not in journal
    shutil.copyfile(backup, tmp_path / "pages.db")
    backup.unlink()
    assert canaries.in_files(tmp_path, TOMOKO) == ["pages.db"]
    async with database(f"sqlite:///{tmp_path / 'pages.db'}", durable=False) as restored:
        clock = here.clock
        again = Home(tmp_path, restored, Engine(restored, clock), clock)
        noted = list(noted_in(tmp_path / "erasures.journal"))
        found, _ = await restored.write(lambda connection: replay(connection, KEYS, noted, clock()))
        assert (found.people, found.marks > 0) == ((TOMOKO.id,), True)
        found, _ = await restored.write(lambda connection: replay(connection, KEYS, noted, clock()))
        assert (found.people, found.marks) == ((), 0)
        await again.sweep()
        rows = await restored.read(
            lambda connection: connection.execute(select(person).where(person.c.id == TOMOKO.id)).one()
        )
        assert rows.erased_at is not None
        await restored.forget()
        assert await again.faults() == []
    assert canaries.in_files(tmp_path, TOMOKO) == []
