"""Defences at every door: headers, hosts, methods that only look, a database that is away, an error of ours."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, func, insert, select
from starlette.routing import Mount

from store.access.api_keys import Scope
from store.engine.database import DatabaseAway, T, Work
from store.tables import inbox, ledger, mail
from tests import cast
from tests.cast import OLIVE
from tests.support.services.databases import POSTGRESQL, Place
from tests.web.api.api_client import caller, once
from tests.web.house import Visited, visited

API = "/api/v1"

PUBLIC = ("/me", "/p/prg_spring", "/a/no-such-token", "/f/no-such-token", "/me/no-such-token", "/nothing", "/ask")


@pytest.fixture
async def house(place: Place, tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("demo"), place=place) as opened:
        yield opened


@pytest.mark.parametrize("path", [*PUBLIC, "/", "/mail/per_carl", "/console", "/api/v1/introductions"])
async def test_every_answer_wears_its_headers(house: Visited, path: str) -> None:
    shown = await house.stranger().get(path)
    assert "frame-ancestors 'none'" in shown.headers["content-security-policy"]
    assert "unsafe" not in shown.headers["content-security-policy"]
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in shown.headers["x-robots-tag"]
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in shown.headers["cache-control"]


@pytest.mark.parametrize("host", ["evil.test", "evil.test:8700", "127.0.0.1.evil.test", "", "localhost.evil.test"])
async def test_a_name_that_is_not_ours_is_never_answered(house: Visited, host: str) -> None:
    for path in ("/", "/me", "/api/v1/health"):
        assert (await house.stranger().get(path, headers={"host": host})).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8700", "localhost:8700", "[::1]:8700", "LOCALHOST"])
async def test_the_loopback_has_several_names(house: Visited, host: str) -> None:
    assert (await house.stranger().get("/me", headers={"host": host})).status_code == 200


async def test_looking_never_changes_anything(house: Visited) -> None:
    introduction = await house.engine.asked(cast.opening("demo"))
    before = await counted(house)
    olive = await house.signed_in(OLIVE)
    for path in every_path(house, introduction):
        for method in ("GET", "HEAD", "OPTIONS"):
            shown = await olive.request(method, path)
            assert shown.status_code < 500, (method, path)
    assert await counted(house) == before


async def test_the_head_of_a_page_is_answered_like_the_page_and_reads_no_letter(house: Visited) -> None:
    """RFC 9110, 9.3.2. Scanners and monitors ask for heads; whoever owns the letter has not read it by that."""
    introduction, olive = await house.engine.asked(cast.opening("demo")), await house.signed_in(OLIVE)
    letter = {"letter": "let_1", "person": OLIVE.id, "message_id": "<1>", "subject": "Hello", "at": house.clock()}
    lies = insert(mail).values(letter | {"body_text": "Hello", "body_html": "<head></head>", "raw": b""})
    await house.database.write(lambda connection: connection.execute(lies))
    opened = f"/mail/{OLIVE.id}/let_1"
    for path in (f"{opened}/html", opened, *PUBLIC, f"{API}/health", *every_path(house, introduction)):
        head = await olive.head(path)
        assert await house.database.read(is_unread) or path != opened
        page = await olive.get(path)
        assert (head.status_code, head.content) == (page.status_code, b""), path
        assert head.headers["cache-control"] == page.headers["cache-control"], path
    assert not await house.database.read(is_unread)


def is_unread(connection: Connection) -> bool:
    return connection.execute(select(mail.c.read_at)).scalar_one() is None


async def test_a_nul_finds_nothing_and_breaks_nothing(newest: Callable[[str, Path], Place], tmp_path: Path) -> None:
    """PostgreSQL keeps none in a text, and says so where none is expected."""
    async with visited(tmp_path, cast.policy("demo"), place=newest(POSTGRESQL, tmp_path)) as house:
        olive, program = await house.signed_in(OLIVE), await caller(house, list(Scope))
        nul = dict.fromkeys(("nonce", "channels", "person", "choice", "address", "operator", "q", "cursor"), "a\x00b")
        for path, methods in described(house.app).items():
            for method in methods:
                form = nul if method == "post" else None
                shown = await olive.request(method, filled(path, {}, "a%00b"), params=nul, data=form)
                assert shown.status_code < 500, (method, path)
        for path, methods in described(api_of(house.app)).items():
            for method in methods:
                shown = await program.request(method, f"{API}{filled(path, {}, 'a%00b')}", params=nul, headers=once())
                assert shown.status_code < 500, (method, path)
        again = await house.signed_in(OLIVE)  # one of these paths has signed her out
        assert (await again.post("/ask/prg_spring/draft", data=nul)).status_code < 400


def every_path(house: Visited, introduction: str) -> list[str]:
    known = {"introduction": introduction, "number": "1", "person": "per_tomoko", "programme": "prg_spring"}
    found = [filled(path, known) for path in described(house.app)]
    assert len(found) > 20
    return found


def described(app: FastAPI) -> dict[str, Any]:
    paths: dict[str, Any] = app.openapi()["paths"]
    return paths


def filled(path: str, known: dict[str, str], unknown: str | None = None) -> str:
    return re.sub(r"{(\w+)}", lambda name: known.get(name[1], unknown or name[1]), path)


def api_of(app: FastAPI) -> FastAPI:
    found = next(each for each in app.routes if isinstance(each, Mount) and each.path == API).app
    assert isinstance(found, FastAPI)
    return found


async def counted(house: Visited) -> list[int]:
    tables = (ledger, inbox)
    return await house.database.read(
        lambda c: [c.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]
    )


async def test_while_the_database_is_away_nothing_is_acknowledged(house: Visited) -> None:
    olive = await house.signed_in(OLIVE)
    break_database(house, DatabaseAway("busy"))
    for answer in (await olive.get("/me"), await olive.post("/me/sign-in", data={"address": "rosa@example.test"})):
        assert answer.status_code == 503
        assert "Nothing was recorded" in answer.text
        assert "retry-after" in answer.headers


async def test_what_breaks_says_nothing_of_what_it_was(house: Visited) -> None:
    break_database(house, RuntimeError("tomoko@example.test"))
    transport = httpx2.ASGITransport(app=house.app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8700") as stranger:
        shown = await stranger.get("/p/prg_spring")
    assert shown.status_code == 500
    assert "tomoko" not in shown.text
    assert "Something broke on our side" in shown.text
    assert "frame-ancestors 'none'" in shown.headers["content-security-policy"]


def break_database(house: Visited, error: Exception) -> None:
    class Broken:
        async def read(self, work: Work[T]) -> T:
            raise error

        async def write(self, work: Work[T]) -> T:
            raise error

        async def close(self) -> None:
            return None

    broken: Any = Broken()
    here = house.app.state.house
    house.app.state.house = type(here)(**{name: getattr(here, name) for name in here.__slots__} | {"database": broken})
