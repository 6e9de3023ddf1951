"""Search finds the same people from every page, on SQLite and PostgreSQL, whatever a database thinks of letters."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
from sqlalchemy import Connection, insert, select, update

from models.ids import ProgrammeId
from store.asks.facts import listed_members
from store.boundaries.conflicts import side_meant
from store.engine.database import Database, database
from store.people.directory import directory
from store.people.person import present
from store.privacy.erasure.deletion import EMPTY
from store.tables import membership, person
from store.tables.folded_columns import folded
from store.views.members import members
from tests import cast
from tests.cast import MONDAY, OLIVE, PROGRAMME
from tests.support import rows
from tests.support.services.databases import Place

NAMES = {"per_o": "Åsa Östlund", "per_s": "Jörg Strauß", "per_z": "Σοφία Νίκος"}
TYPED = [
    ("östlund", "per_o"),
    ("ostlund", "per_o"),
    ("ÖSTLUND asa", "per_o"),
    ("strauss", "per_s"),
    ("STRAUSS", "per_s"),
    ("ΣΟΦΊΑ", "per_z"),
    ("νικοσ", "per_z"),
]


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Database]:
    async with database(place.url, durable=False) as opened:
        await opened.write(_settle)
        yield opened


def _settle(connection: Connection) -> None:
    rows.settle_in(connection, cast.policy("demo"), MONDAY)
    for who, name in NAMES.items():
        own = {"id": who, "tenant": rows.TENANT, "name": name, "language": "en", "zone": "UTC"}
        connection.execute(insert(person).values(own | {"topics": [], "places": [], "created_at": MONDAY}))
        rights = {"listed": True, "requests": False, "operates": False, "joined_at": MONDAY}
        connection.execute(insert(membership).values(programme=PROGRAMME, person=who, **rights))


async def test_console_connector_and_requester_find_the_same(store: Database) -> None:
    for typed, meant in TYPED:

        def found(connection: Connection, typed: str = typed) -> list[list[str]]:
            return [
                [each.person for each in members(connection, PROGRAMME, typed, 1, MONDAY)],
                [each.id for each in listed_members(connection, PROGRAMME, [], typed, None)],
                [each.id for each in directory(connection, PROGRAMME, OLIVE.id, typed, None).members],
            ]

        assert await store.read(found) == [[meant]] * 3, typed


async def test_the_order_is_that_of_the_folded_names(store: Database) -> None:
    shown = await store.read(lambda connection: members(connection, PROGRAMME, "", 1, MONDAY))
    names = [each.name for each in shown]
    assert names[0] == "Åsa Östlund", "not behind Z"
    assert names[-1] == "Σοφία Νίκος"


async def test_a_persons_name_is_no_organisation_however_it_is_written(store: Database) -> None:
    for typed in ("JÖRG STRAUSS", "jorg strauß"):
        side = await store.read(partial(side_meant, programme=ProgrammeId(PROGRAMME), named=typed))
        assert side is None


async def test_what_changes_is_found_and_what_is_erased_is_not(store: Database) -> None:
    def changed(connection: Connection) -> list[bool]:
        present(connection, cast.TOMOKO.id, "Glaciär", ("Übersee",))
        connection.execute(update(person).where(person.c.id == cast.CARL.id).values(EMPTY))
        facts = connection.execute(select(person)).all()
        return [folded(dict(row._mapping)).items() <= row._mapping.items() for row in facts]

    assert all(await store.write(changed))
    found = await store.read(lambda connection: members(connection, PROGRAMME, "glaciar UBERSEE", 1, MONDAY))
    assert [each.person for each in found] == [cast.TOMOKO.id]
