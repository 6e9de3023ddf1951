"""Files brought in by tests, and what came of them. Through the command's own door, into a real database."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, Table, insert, select

from intake.cells.fields import person_named
from intake.fault_reports import FileReport, Repaired, Wrong
from intake.import_run import Importing, Stored, Watch, import_connections, import_people, import_ties, nobody_watches
from models.ids import ProgrammeId
from store.boundaries import suppressions
from store.engine.database import Database, database
from store.engine.ids import new_id
from store.engine.secrets import Keys
from store.people.addresses import Address, canonical
from store.programmes.programmes import Programme
from store.tables import channel, membership, person, programme, tie
from tests.cast import MONDAY, PROGRAMME
from tests.cast import policy as rules
from tests.support import rows
from tests.support.services.databases import Place

KEYS = Keys.of(b"k" * 32)
AUTUMN = Programme(
    id=ProgrammeId("prg_autumn"), tenant="ten_autumn", name="Autumn", language="pt", zone="America/Sao_Paulo"
)
WINTER = Programme(id=ProgrammeId("prg_winter"), tenant=rows.TENANT, name="Winter", language="en", zone="UTC")
SPRING = Programme(id=PROGRAMME, tenant=rows.TENANT, name="Spring", language="en", zone="Europe/London")
PEOPLE = "ref,name,email,language,zone,headline,organisation,topics,listed,roles\n"
TIES = "connector,person,strength,evidence,since,confirmed\n"
LINKEDIN = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
IRIS = "iris,Iris Montoya,iris@example.test,es,America/Bogota,Curator,Museum of Salt,salt;archives,yes,requester\n"
NILS = "nils,Nils Holm,,,,,,,,\n"
LATER = MONDAY + timedelta(days=30)


@dataclass
class Archive:
    """A store with the cast in it, and a folder to put files into."""

    database: Database
    folder: Path

    def importing(
        self, programme: Programme = SPRING, now: datetime = MONDAY, *, dry_run: bool = False,
        watch: Watch = nobody_watches, refs_of: str = "file", kinds: frozenset[str] = frozenset(),
    ) -> Importing:  # fmt: skip
        return Importing(
            database=self.database,
            keys=KEYS,
            programme=programme,
            now=now,
            dry_run=dry_run,
            watch=watch,
            refs_of=refs_of,
            kinds=kinds,
        )

    async def people(self, lines: str, **how: Any) -> Stored | FileReport:
        return await import_people(self.importing(**how), self.file("people.csv", PEOPLE + lines))

    async def ties(self, lines: str, people: str | None = None, **how: Any) -> Stored | FileReport:
        together = self.file("people.csv", PEOPLE + people) if people else None
        return await import_ties(self.importing(**how), self.file("ties.csv", TIES + lines), together)

    async def connections(self, lines: str, connector: str, **how: Any) -> Stored | FileReport:
        named = person_named(connector)
        assert not isinstance(named, Wrong | Repaired)
        return await import_connections(self.importing(**how), self.file("Connections.csv", LINKEDIN + lines), named)

    def file(self, name: str, content: str) -> Path:
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return path

    async def all(self, table: Table) -> Sequence[Row[Any]]:
        return await self.database.read(lambda connection: connection.execute(select(table)).all())

    async def everything(self) -> list[tuple[Any, ...]]:
        """All that an import may touch, for showing that it did not."""
        found = [tuple(row) for table in (person, channel, membership, tie) for row in await self.all(table)]
        return sorted(found, key=repr)

    async def called(self, name: str) -> Row[Any]:
        query = select(person).where(person.c.name == name)
        return await self.database.read(lambda connection: connection.execute(query).one())

    async def addresses(self, name: str) -> list[Row[Any]]:
        query = select(channel).join(person, person.c.id == channel.c.person).where(person.c.name == name)
        ordered = query.order_by(channel.c.created_at, channel.c.id)
        return list(await self.database.read(lambda connection: connection.execute(ordered).all()))

    async def tie(self, connector: str, known: str) -> Row[Any]:
        query = select(tie).where(tie.c.connector == connector, tie.c.person == known)
        return await self.database.read(lambda connection: connection.execute(query).one())

    async def member(self, name: str, programme: str = PROGRAMME) -> Row[Any]:
        query = select(membership).join(person, person.c.id == membership.c.person)
        here = query.where(person.c.name == name, membership.c.programme == programme)
        return await self.database.read(lambda connection: connection.execute(here).one())

    async def change(self, statement: Any) -> None:
        await self.database.write(lambda connection: connection.execute(statement))

    async def suppress(self, address: str, reason: suppressions.SuppressedFor) -> None:
        await self.database.write(
            lambda connection: suppressions.add(connection, KEYS, rows.TENANT, address, reason, MONDAY)
        )

    async def give_address(self, somebody: str, address: str, introduction: str | None = None, **rest: Any) -> None:
        """One more, as another part of the product would write it."""
        found = canonical(address)
        assert isinstance(found, Address)
        row = {"id": new_id("cha"), "person": somebody, "kind": "email", "value": found.written}
        more = {"match_key": found.mailbox, "introduction": introduction, "source": "a test", "created_at": MONDAY}
        await self.change(insert(channel).values(row | more | rest))


def taken(outcome: Stored | FileReport) -> Stored:
    assert isinstance(outcome, Stored), list(outcome.sentences())
    return outcome


def counts(outcome: Stored | FileReport) -> tuple[int, int, int]:
    """People new, changed, unchanged."""
    found = taken(outcome).counted.people
    return found.new, found.changed, found.unchanged


def tie_counts(outcome: Stored | FileReport) -> tuple[int, int, int]:
    found = taken(outcome).counted.ties
    return found.new, found.changed, found.unchanged


def notices(outcome: Stored | FileReport) -> list[str]:
    return [sentence for report in taken(outcome).notices for sentence in report.sentences()]


def faults(outcome: Stored | FileReport) -> list[str]:
    assert isinstance(outcome, FileReport), outcome
    return list(outcome.sentences())


@pytest.fixture
async def archive(place: Place, tmp_path: Path) -> AsyncIterator[Archive]:
    async with database(place.url, durable=False) as opened:
        await opened.write(lambda connection: rows.settle_in(connection, rules("demo"), MONDAY))
        found = Archive(opened, tmp_path)
        for each in (AUTUMN, WINTER):
            await found.change(insert(programme).values(**each.model_dump(), created_at=MONDAY))
        yield found
