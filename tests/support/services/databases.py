"""The databases a test runs on. On SQLite and on PostgreSQL, the same test, each time on a fresh one.

A test that takes `place` or `empty_place` runs on both. On PostgreSQL it does so in every `make test` where its name
begins with one of ALWAYS (but see SELDOM), and in `make soak` otherwise; one may also say itself which of its variants
do.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from store.engine.database import PostgreSQL, T, Work, open_database, sqlite_engine
from store.engine.migrate import migrate
from tests.support.services.postgres import PostgresServer

SQLITE, POSTGRESQL = "sqlite", "postgresql"
ALWAYS = (
    "tests/store/",
    "tests/mailroom/test_invitations.py::test_one_welcome",
    "tests/mailroom/loops/test_races.py::test_two_mailrooms",
    "tests/mailroom/loops/test_races.py::test_a_stop_and_a_start",
    "tests/web/api/introductions/test_outcomes.py::test_of_many_changes",
    "tests/web/api/introductions/test_requests.py::test_the_same_key",
    "tests/web/api/introductions/test_requests.py::test_fifty_at_once",
    "tests/web/api/introductions/test_requests.py::test_two_programs",
)
# Of these files only the tests named here: the others read, in statements that more is read with elsewhere.
SELDOM = {
    "tests/store/audit/test_verify.py": ("test_a_life_that_went_well", "test_one_changed_byte"),
    "tests/store/test_releases.py": ("test_it_has_our_shape", "test_what_was_under_way"),
}
ROOT = Path(__file__).parents[3]
SHAPE: list[Path] = []


class Place(Protocol):
    """One fresh database, and how a plain function runs units of work in it, from any thread."""

    url: str

    @property
    def kind(self) -> str: ...

    def run(self, work: Work[T]) -> T: ...

    def close(self) -> None: ...


@dataclass
class SQLitePlace:
    url: str
    kind: str = SQLITE
    _engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self._engine = sqlite_engine(make_url(self.url), durable=False)

    def run(self, work: Work[T]) -> T:
        with self._engine.begin() as connection:
            return work(connection)

    def close(self) -> None:
        self._engine.dispose()


@dataclass
class PostgreSQLPlace:
    """asyncpg knows no plain functions, so they run on the server's own loop, as the product runs them."""

    url: str
    server: PostgresServer
    kind: str = POSTGRESQL
    template: str | None = None  # of which this is a copy that others may use after us
    _opened: PostgreSQL | None = None

    def run(self, work: Work[T]) -> T:
        found: T = self.server.beside(lambda: self._write(work))
        return found

    def close(self) -> None:
        if self._opened:
            self.server.beside(self._opened.close)
        if self.template:
            self.server.give_back(self.template, self.url)

    async def _write(self, work: Work[T]) -> T:
        if self._opened is None:
            opened = open_database(self.url)
            assert isinstance(opened, PostgreSQL)
            self._opened = opened
        return await self._opened.write(work)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kind_of_database" in metafunc.fixturenames and not _chooses_itself(metafunc):
        marks = [] if _is_always_on_postgresql(metafunc) else [pytest.mark.soak]
        metafunc.parametrize("kind_of_database", [SQLITE, pytest.param(POSTGRESQL, marks=marks)], indirect=True)


def _is_always_on_postgresql(metafunc: pytest.Metafunc) -> bool:
    file, name = metafunc.definition.path.relative_to(ROOT).as_posix(), metafunc.function.__name__
    return name.startswith(SELDOM[file]) if file in SELDOM else f"{file}::{name}".startswith(ALWAYS)


def _chooses_itself(metafunc: pytest.Metafunc) -> bool:
    """Which of its variants run on which database."""
    return any("kind_of_database" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))


@pytest.fixture
def kind_of_database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def place(kind_of_database: str, newest: Callable[[str, Path], Place], tmp_path: Path) -> Iterator[Place]:
    """A database in its newest shape, with nothing in it."""
    found = newest(kind_of_database, tmp_path)
    yield found
    found.close()


@pytest.fixture
def empty_place(kind_of_database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """A database without any tables."""
    found = new_place(kind_of_database, tmp_path, request)
    yield found
    found.close()


@pytest.fixture(scope="session")
def newest(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Path], Place]:
    """Migrating takes a while: it is done once for each kind, and copied."""
    made: dict[str, Place] = {}

    def copy(kind: str, folder: Path) -> Place:
        if kind not in made:
            made[kind] = new_place(kind, tmp_path_factory.mktemp("newest"), request)
            bring_up_to_date(made[kind])
            made[kind].close()
        return _copied(made[kind], folder)

    return copy


async def migrated_copy(folder: Path) -> Path:
    """A file in its newest shape, for tests that need no `place`: migrated once for all of them, and copied."""
    if not SHAPE:
        shape = Path(tempfile.mkdtemp()) / "shape.db"
        await migrate(f"sqlite:///{shape}")
        SHAPE.append(shape)
    return Path(shutil.copy(SHAPE[0], folder / "pages.db"))


def new_place(kind: str, folder: Path, request: pytest.FixtureRequest) -> Place:
    if kind == SQLITE:
        return SQLitePlace(f"sqlite:///{folder / 'introbroker.db'}")
    server: PostgresServer = request.getfixturevalue("postgres")
    return PostgreSQLPlace(server.fresh(), server)


def bring_up_to_date(place: Place) -> None:
    if isinstance(place, PostgreSQLPlace):
        place.server.beside(lambda: migrate(place.url))
    else:
        asyncio.run(migrate(place.url))


def _copied(place: Place, folder: Path) -> Place:
    if isinstance(place, PostgreSQLPlace):
        template = place.url.rpartition("/")[2]
        return PostgreSQLPlace(place.server.borrow(template), place.server, template=template)
    file = shutil.copy(place.url.removeprefix("sqlite:///"), folder / "introbroker.db")
    return SQLitePlace(f"sqlite:///{file}")
