"""The API refuses whatever is not meant for it: clearly, in one form, without a change and without breaking."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from embedded.who_answers import challenge, is_ours, path_asking
from store.engine.database import DatabaseAway
from tests import cast
from tests.cast import ROSA
from tests.web.api.api_client import a_key, asking, caller, once
from tests.web.api.problem_checks import fields, is_a_problem
from tests.web.house import Visited, visited
from web.api.app import build
from web.shared.http import problems

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visited]:
    """One for all of them: nothing that is refused leaves a trace in it, or the next test would see it."""
    async with visited(tmp_path_factory.mktemp("refusals"), cast.policy("accelerator")) as opened:
        yield opened


@pytest.fixture
async def api(house: Visited) -> httpx2.AsyncClient:
    return await caller(house)


@pytest.fixture
async def alone(tmp_path: Path) -> AsyncIterator[Visited]:
    """For those that change something after all."""
    async with visited(tmp_path, cast.policy("accelerator")) as opened:
        yield opened


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", 422),
        (b"null", 422),
        (b"[]", 422),
        (b"7", 422),
        (b'"text"', 422),
        (b"{}", 422),
        (b'{"requester": "per_rosa"', 400),
        (b"{" * 10_000, 400),
        (b"[" * 10_000 + b"]" * 10_000, 400),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400),
        (b'{"note": NaN}', 400),
        (b'{"note": Infinity}', 400),
        (b'{"note": 1e400}', 422),
        (b'{"note": ' + b"9" * 5000 + b"}", 400),
        (b'{"note": "a", "note": "b"}', 400),
        (b"\xff\xfe{}", 400),
        (b"\xef\xbb\xbf{}", 400),
        (b"{'note': 'a'}", 400),
        (b"{} {}", 400),
        (b'{"note": "' + b"a" * 70_000 + b'"}', 413),
        (b"a" * 10_000_000, 413),
        (b'{"note": [' + b"[]," * 20_000 + b"1]}", 400),
        (b'"' + b'\\"' * 32_000, 400),
        (b'"\\' * 32_000, 400),
        (b'"' * 65_000, 400),
    ],
)
async def test_a_body_that_is_no_request(house: Visited, api: httpx2.AsyncClient, sent: bytes, status: int) -> None:
    began = process_time()
    answer = await api.post("/introductions", content=sent, headers=once() | JSON)
    await is_a_problem(house, answer, status)
    assert process_time() - began < 2, "a stranger's body holds up everybody for as long"


async def test_a_body_of_many_small_pieces_is_limited_too(house: Visited, api: httpx2.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(2000):
            yield b" " * 1000

    answer = await api.post("/introductions", content=pieces(), headers=once() | JSON)
    await is_a_problem(house, answer, 413)


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "application/json", "content-encoding": "gzip"},
        {"content-type": ""},
    ],
)
async def test_another_kind_of_body(house: Visited, api: httpx2.AsyncClient, headers: dict[str, str]) -> None:
    answer = await api.post("/introductions", content=json.dumps(asking()), headers=once() | headers)
    await is_a_problem(house, answer, 415)


@pytest.mark.parametrize("name", ["state", "stage", "consent", "tenant_id", "id", "channels", "made_by", "address"])
async def test_a_field_that_is_not_there(house: Visited, api: httpx2.AsyncClient, name: str) -> None:
    answer = await api.post("/introductions", json=asking(**{name: "x"}), headers=once())
    assert fields(await is_a_problem(house, answer, 422)) == [(name, "unexpected")]


@pytest.mark.parametrize("value", [None, True, 0, -1, 10**9, 2**63, 2**70, 1.5, [], {}, [["a"]]])
@pytest.mark.parametrize("field", ["requester", "why", "read", "offer", "note"])
async def test_a_value_of_another_type(house: Visited, api: httpx2.AsyncClient, field: str, value: Any) -> None:
    answer = await api.post("/introductions", json=asking(**{field: value}), headers=once())
    assert fields(await is_a_problem(house, answer, 422)) == [(field, "wrong_type")]


@pytest.mark.parametrize(
    "target",
    [
        *(None, 7, [], "", "x" * 300, {}, "per_' OR 1=1--", {"name": "Ada"}, {"need": ""}, {"need": 1}),
        {"name": "Ada", "organisation": 7},
        {"name": "Ada", "organisation": "x", "email": "a@x.test"},
        {"need": "a", "name": "b"},
    ],
)
async def test_a_target_of_no_known_shape(house: Visited, api: httpx2.AsyncClient, target: Any) -> None:
    answer = await api.post("/introductions", json=asking(target=target), headers=once())
    found = fields(await is_a_problem(house, answer, 422))
    assert {field.split(".")[0] for field, _ in found} == {"target"}


@pytest.mark.parametrize(
    ("words_", "name"),
    [
        ("a\u0000b", "unreadable"),
        (" \u200b\u3164", "missing"),
        ("é" * 2049, "too_long"),
        ("\ud800", "unreadable"),
        ("Hi Firstname", "placeholder"),
        ("{{7*7}}", "placeholder"),
        ("${7*7}", "placeholder"),
    ],
)
async def test_words_that_cannot_be_forwarded(house: Visited, api: httpx2.AsyncClient, words_: str, name: str) -> None:
    sent = json.dumps(asking(note=words_))
    answer = await api.post("/introductions", content=sent, headers=once() | JSON)
    assert fields(await is_a_problem(house, answer, 422)) == [("note", name)]


@pytest.mark.parametrize(
    "name",
    ["A\r\nBcc: e@z.test", "A\nSubject: x", "a\u0085b", "a\u2028b", "a\x0bb", "\u202e\u2066", "Аnna Smith"],
)
async def test_names_that_hide_something(house: Visited, api: httpx2.AsyncClient, name: str) -> None:
    target = {"name": name, "organisation": "Acme"}
    answer = await api.post("/introductions", json=asking(target=target), headers=once())
    (found,) = fields(await is_a_problem(house, answer, 422))
    assert found[0] == "target.name"


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "=cmd|'/C calc'!A0", "%n%s"]
)
async def test_markup_is_only_text(alone: Visited, text: str) -> None:
    api = await caller(alone)
    target = {"name": f"Ada {text}", "organisation": text}
    answer = await api.post("/introductions", json=asking(target=target, why=text, read=text), headers=once())
    assert answer.status_code == 201
    assert answer.json()["target"]["name"] == f"Ada {text}"


async def test_nobody_asks_for_themselves(house: Visited, api: httpx2.AsyncClient) -> None:
    answer = await api.post("/introductions", json=asking(target=ROSA.id), headers=once())
    assert fields(await is_a_problem(house, answer, 422)) == [("target", "yourself")]


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PATCH", "PUT", "DELETE"])
async def test_other_methods_do_nothing(house: Visited, api: httpx2.AsyncClient, method: str) -> None:
    for path in ("/introductions", "/introductions/int_x", "/introductions/int_x/stop", "/health", "/openapi.json"):
        if (method, path) == ("PATCH", "/introductions/int_x"):
            continue  # a request may be edited
        answer = await api.request(method, path, headers=once())
        assert answer.status_code == 405
        assert answer.headers["allow"]
        await is_a_problem(house, answer, 405)


async def test_an_address_that_is_not_there(house: Visited, api: httpx2.AsyncClient) -> None:
    for path in (
        "/",
        "/nothing",
        "/introductions/",
        "/introductions/a/b/c",
        "/introductions/%2e%2e/stop/",
        "/introductions/%0A",
    ):
        await is_a_problem(house, await api.get(path), 404)
    await is_a_problem(house, await api.get("http://127.0.0.1:8700/api/v2/introductions"), 404)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "1000000000"}, "limit"),
        ({"limit": str(2**70)}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"stage": "declined"}, "stage"),
        ({"requester": "' OR 1=1--"}, "requester"),
        ({"requester": "%"}, "requester"),
        ({"requester": "(a+)+$"}, "requester"),
        ({"requester": "per_\x00"}, "requester"),
        ({"updated_after": "yesterday"}, "updated_after"),
        ({"updated_after": "2026-03-02T09:00:00"}, "updated_after"),
        ({"updated_after": "2026"}, "updated_after"),
        ({"updated_after": "1772442000.5"}, "updated_after"),
        ({"limit": ["5", "6"]}, "limit"),
        ({"tenant": ["x", "x"]}, "tenant"),
        ({"updated_after": "0001-01-01T00:00:00+14:00"}, "updated_after"),
        ({"updated_after": "9999-12-31T23:59:59-14:00"}, "updated_after"),
        ({"cursor": "a" * 500}, "cursor"),
        ({"tenant": "x"}, "tenant"),
    ],
)
async def test_a_list_narrowed_by_nonsense(
    house: Visited, api: httpx2.AsyncClient, asked: dict[str, str | list[str]], field: str
) -> None:
    answer = await api.get("/introductions", params=asked)
    assert fields(await is_a_problem(house, answer, 422))[0][0] == field


async def test_extreme_instants_are_compared(api: httpx2.AsyncClient) -> None:
    for instant in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1900-01-01T00:00:00+05:53"):
        assert (await api.get("/introductions", params={"updated_after": instant})).status_code == 200


class _Away:
    async def read(self, work: Any) -> Any:
        raise DatabaseAway("sqlite:///secret/path is locked")

    write = read


async def test_while_the_store_is_away_nothing_is_acknowledged(house: Visited) -> None:
    away = build(replace(house.app.state.house, database=_Away()))
    transport = httpx2.ASGITransport(app=away)
    headers = {"authorization": f"Bearer {await a_key(house)}"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as api:
        for answer in (
            await api.post("/introductions", json=asking(), headers=once()),
            await api.get("/introductions"),
            await api.get("/health"),
        ):
            assert answer.headers["retry-after"] == "10"
            assert "secret" not in answer.text
            await is_a_problem(house, answer, 503)


async def test_health_needs_no_key(house: Visited) -> None:
    answer = await house.stranger().get("/api/v1/health")
    assert (answer.status_code, answer.json()) == (200, {"state": "well", "mark": None})


async def test_health_marks_a_word_by_which_our_own_processes_know_us(house: Visited) -> None:
    word = challenge()
    answer = await house.stranger().get(path_asking(word))
    assert is_ours(answer.content, word, house.keys)
    assert not is_ours(answer.content, challenge(), house.keys)
    for other in ("", "a" * 31, "A" * 32, "a" * 33, "é" * 32):
        assert (await house.stranger().get("/api/v1/health", params={"challenge": other})).json()["mark"] is None


async def test_what_breaks_says_nothing_of_how(house: Visited) -> None:
    app = FastAPI()
    problems.install(app)

    @app.get("/")
    async def breaks() -> None:
        raise RuntimeError("rosa@example.test")

    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answer = await client.get("/")
    assert (await is_a_problem(house, answer, 500))["title"] == "Something broke on our side."
    assert "rosa" not in answer.text
