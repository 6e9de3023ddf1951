"""What an earlier release left behind goes on under this one. Its databases, filled at every stage, are migrated.

The files stand in releases/, dumped once by the release's own code, and are never edited (see releases/fill.py).
"""

import gzip
import json
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection, select

import settings
from models.ids import InboxKey
from models.process.state.opening import Opening
from models.record.retelling import retold
from server import build
from store.access import sessions
from store.audit.verify import verify
from store.engine.database import Database, database
from store.engine.migrate import migrate
from store.engine.schema_version import Shape, shape
from store.journal import inbox
from store.journal.disclosure_columns import tell_again
from store.journal.ledger import entries
from store.tables import introduction as introductions
from tests.cast import OLIVE, policy
from tests.mailroom.desk import KEYS, Case, Desk
from tests.mailroom.fake_relay import Post
from tests.support import rows
from tests.support.services.databases import Place, PostgreSQLPlace
from tests.web.engine import Engine
from tests.web.house import ADDRESS

RELEASES = Path(__file__).parent / "releases"
_MIGRATED: dict[Path, sqlite3.Connection] = {}
LONGEST = 60  # times that something falls due in one introduction, before somebody looks why


@dataclass
class Left:
    """What a release has left, migrated."""

    database: Database
    stages: dict[str, str]
    links: list[str]
    session: str
    key: str
    now: datetime


@pytest.fixture(params=sorted(path.name for path in RELEASES.iterdir() if path.is_dir() and path.name[0].isdigit()))
async def left(empty_place: Place, kind_of_database: str, request: pytest.FixtureRequest) -> AsyncIterator[Left]:
    folder = RELEASES / request.param
    await migrated(empty_place, folder / f"{kind_of_database}.sql.gz")
    facts: dict[str, Any] = json.loads((folder / f"{kind_of_database}.json").read_text())
    async with database(empty_place.url, durable=False) as opened:
        await tell_again(opened)
        yield Left(opened, **facts | {"now": datetime.fromisoformat(facts["now"])})


async def test_it_has_our_shape_and_verifies(left: Left) -> None:
    assert await left.database.read(shape) is Shape.OURS
    found = {each.introduction: each.faults async for each in verify(left.database)}
    assert found == dict.fromkeys(left.stages, ())


async def test_every_link_people_hold_still_opens(left: Left, tmp_path: Path) -> None:
    async with browser(left, tmp_path) as visitor:
        assert len(left.links) > 20
        for link in left.links:
            assert (await visitor.get(f"/a/{link}")).status_code == 200, link


async def test_whoever_was_signed_in_still_is_and_keys_still_open(left: Left, tmp_path: Path) -> None:
    async with browser(left, tmp_path) as visitor:
        visitor.cookies.set("introbroker", left.session)
        assert (await visitor.get("/me")).status_code == 200
        listed = await visitor.get("/api/v1/introductions", headers={"authorization": f"Bearer {left.key}"})
        assert listed.status_code == 200
        assert {each["id"] for each in listed.json()["introductions"]} < set(left.stages)


async def test_staff_see_every_introduction(left: Left, tmp_path: Path) -> None:
    olive = await left.database.write(lambda connection: sessions.begin(connection, OLIVE.id, left.now))
    async with browser(left, tmp_path) as visitor:
        visitor.cookies.set("introbroker", olive)
        for each in left.stages:
            assert (await visitor.get(f"/console/introductions/{each}")).status_code == 200, each


async def test_what_was_under_way_goes_on_to_its_end(left: Left) -> None:
    """Told again from the ledger it stands where it stood, and it goes on: decided, recorded, its letters carried."""
    desk, post = Desk(left.database, policy("demo")), Post()
    desk.now = left.now
    running = [await under_way(desk, each, stage) for each, stage in left.stages.items() if stage != "closed"]
    assert {case.introduction.stage.kind for case in running} == set(left.stages.values()) - {"closed"}
    for case in running:
        await hear_what_lies_there(case)
    await desk.carry(post)
    for case in running:
        for _ in range(LONGEST):
            if case.introduction.closed:
                break
            await case.wait()
            await desk.carry(post)
        assert case.introduction.closed, case.id
    assert post.taken
    assert [fault async for each in verify(left.database) for fault in each.faults] == []


async def under_way(desk: Desk, introduction_id: str, stage: str) -> Case:
    def told(connection: Connection) -> tuple[Opening, Any]:
        row = connection.execute(select(introductions.c.opening).where(introductions.c.id == introduction_id)).one()
        opening = Opening.model_validate(row.opening)
        return opening, retold(opening, entries(connection, opening.id))

    opening, introduction = await desk.database.read(told)
    case = Case(desk, opening)
    case.course.introduction = introduction
    case.course.unrecorded.clear()
    assert introduction.stage.kind == stage
    return case


async def hear_what_lies_there(case: Case) -> None:
    """News that had come in and not been heard; the sweep hands it over."""
    waiting = await case.desk.database.read(lambda connection: rows.unheard(connection, case.desk.now))
    for kept in (each for each in waiting if each.introduction == case.id):
        await case.hear(kept.news)

        def take(connection: Connection, key: InboxKey = kept.key) -> None:
            inbox.mark_taken(connection, key, case.introduction.step, case.desk.now)
            inbox.confirm(connection, key)

        await case.desk.database.write(take)


def browser(left: Left, folder: Path) -> httpx2.AsyncClient:
    def clock() -> datetime:
        return left.now

    told = settings.load({"INTROBROKER_DATA": str(folder)})
    app = build(told, left.database, Engine(left.database, clock), KEYS, clock)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=ADDRESS, follow_redirects=True)


async def migrated(place: Place, dump: Path) -> None:
    """A file is migrated once, and copied."""
    if isinstance(place, PostgreSQLPlace):
        place.server.execute(gzip.decompress(dump.read_bytes()).decode(), place.url)
        await migrate(place.url)
        return
    with sqlite3.connect(place.url.removeprefix("sqlite:///")) as connection:
        if dump in _MIGRATED:
            _MIGRATED[dump].backup(connection)
            return
        connection.executescript(gzip.decompress(dump.read_bytes()).decode())
        await migrate(place.url)
        _MIGRATED[dump] = sqlite3.connect(":memory:")
        connection.backup(_MIGRATED[dump])
