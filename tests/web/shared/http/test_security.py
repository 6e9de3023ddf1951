"""Security at the door of the pages: headers, limits of bodies, origins and nonces."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from store.engine.secrets import Keys
from web.shared.http.security import BODY_LIMIT, HEADERS, Shield, new_nonce, read_nonce

OURS = "https://intro.example.test"


@pytest.fixture
def client() -> httpx2.AsyncClient:
    app = FastAPI()

    @app.api_route("/echo", methods=["GET", "POST"])
    async def echo(request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    @app.get("/framed")
    async def framed() -> Response:
        return Response(headers={"content-security-policy": "frame-ancestors 'self'"})

    app.add_middleware(Shield, public_url=OURS)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=OURS)


@pytest.mark.parametrize("path", ["/echo", "/nothing-here"])
async def test_every_answer_wears_every_header(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_a_room_may_set_a_header_of_its_own(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/framed")
    assert answer.headers.get_list("content-security-policy") == ["frame-ancestors 'self'"]


async def test_static_files_may_be_kept(client: httpx2.AsyncClient) -> None:
    assert "immutable" in (await client.get("/static/app.css")).headers["cache-control"]


async def test_a_body_has_a_limit_whatever_its_header_says(client: httpx2.AsyncClient) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b"x" * 1024

    assert (await client.post("/echo", content=b"x" * BODY_LIMIT)).text == str(BODY_LIMIT)
    assert (await client.post("/echo", content=b"x" * (BODY_LIMIT + 1))).status_code == 413
    assert (await client.post("/echo", content=drip())).status_code == 413
    assert (await client.post("/echo", content=b"x", headers={"content-length": "9" * 300})).status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": OURS}, 200),
        ({"origin": "null"}, 200),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.test"}, 403),
        ({"origin": "https://intro.example.test.evil.test"}, 403),
    ],
)
async def test_a_post_from_elsewhere_is_refused(
    client: httpx2.AsyncClient, headers: dict[str, str], status: int
) -> None:
    assert (await client.post("/echo", headers=headers)).status_code == status
    assert (await client.get("/echo", headers=headers)).status_code == 200


def test_a_nonce_is_good_for_what_it_was_made_for() -> None:
    keys = Keys.of(b"k" * 32)
    nonce = new_nonce(keys, "this ask")
    assert read_nonce(keys, "this ask", nonce) == nonce.partition(".")[0]
    assert read_nonce(keys, "another ask", nonce) is None
    assert read_nonce(Keys.of(b"j" * 32), "this ask", nonce) is None
    assert read_nonce(keys, "this ask", nonce[:-1]) is None
    assert new_nonce(keys, "this ask") != nonce


def test_a_nonce_of_yesterdays_key_is_still_good() -> None:
    old, new = ("old", b"o" * 32), ("new", b"n" * 32)
    nonce = new_nonce(Keys([old]), "this ask")
    assert read_nonce(Keys([new, old]), "this ask", nonce)
    assert read_nonce(Keys([new]), "this ask", nonce) is None
