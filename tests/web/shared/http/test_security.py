"""Security at the door of the pages: headers, limits of bodies, origins and nonces."""

import asyncio
import gc
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from store.engine.secrets import Keys
from web.shared.http import request_bodies
from web.shared.http.request_bodies import BODY_LIMIT
from web.shared.http.security import HEADERS, Shield, headers_of, new_nonce, read_nonce

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

    @app.post("/form")
    async def form(request: Request) -> Response:
        return PlainTextResponse("&".join(f"{name}={text}" for name, text in (await request.form()).multi_items()))

    @app.post("/api/v1/form")
    async def sent(request: Request) -> Response:
        try:
            return PlainTextResponse(await request_bodies.whole(request.stream(), request.headers))
        except request_bodies.Unread as why:
            return PlainTextResponse(status_code=why.status)

    app.router.redirect_slashes = False
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


FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
ENCODINGS = ["punycode", "idna", "utf-7", "utf-16", "latin-1", "rot13", "zlib_codec", "unicode_escape", "no-such", ""]


@pytest.mark.parametrize(
    "sent",
    [
        *(
            f"{kind}; {bound}charset={each}"
            for kind, bound in ((FORM, ""), (PARTS, "boundary=x; "))
            for each in ENCODINGS
        ),
        f"{PARTS}; boundary=x; CHARSET=PunyCode",
        f'{PARTS}; boundary=x; charset="punycode"',
        f"{PARTS}; boundary=x; charset*=utf-8''punycode",
        f"{PARTS}; boundary=x; charset=utf-8; charset=punycode",
        f"{FORM}, {PARTS}",
        f"{FORM}; {'a;' * 200}",
        *("text/plain", "application/json", "image/png", "multipart/mixed; boundary=x", "", ";", "\xff"),
    ],
)
async def test_a_form_in_another_encoding_is_refused_before_it_is_decoded(
    client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch, sent: str
) -> None:
    """A minute of work for the decoder of one of them holds up everybody."""
    monkeypatch.setattr(Request, "form", None)
    headers = [(b"content-type", sent.encode("latin-1"))]
    assert (await client.post("/form", content=part("b" * 60_000), headers=headers)).status_code == 415


@pytest.mark.parametrize(
    "sent",
    [
        f"{PARTS}; boundary=x",
        f"{PARTS}; boundary=x; charset=utf-8",
        f'{PARTS}; Boundary="x"; Charset="UTF8"',
    ],
)
async def test_what_a_mail_program_sends_is_read(client: httpx2.AsyncClient, sent: str) -> None:
    assert (await client.post("/form", content=part("é"), headers={"content-type": sent})).text == "a=é"
    assert (await client.post("/form", content=b"a=%C3%A9", headers={"content-type": FORM})).text == "a=é"
    assert (await client.post("/form", content=b"a=b", headers={"content-type": f"{FORM};charset=UTF-8"})).text == "a=b"
    assert (await client.post("/form", content=b"")).text == ""


async def test_a_part_is_read_in_no_encoding_of_its_own(client: httpx2.AsyncClient) -> None:
    body = part("b-9gb", "Content-Type: text/plain; charset=punycode\r\n")
    assert (
        await client.post("/form", content=body, headers={"content-type": f"{PARTS}; boundary=x"})
    ).text == "a=b-9gb"


async def test_two_kinds_of_body_are_none(client: httpx2.AsyncClient) -> None:
    twice = [(b"content-type", FORM.encode()), (b"content-type", b"multipart/form-data; boundary=x; charset=punycode")]
    assert (await client.post("/form", content=b"a=b", headers=twice)).status_code == 415
    packed = {"content-type": FORM, "content-encoding": "gzip"}
    assert (await client.post("/form", content=b"a=b", headers=packed)).status_code == 415


async def test_a_form_has_no_more_fields_than_a_page(client: httpx2.AsyncClient) -> None:
    assert (await client.post("/form", content=b"a=b&" * 16_000, headers={"content-type": FORM})).status_code == 413
    parts = b"".join([b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'] * 1000) + b"--x--\r\n"
    kind = {"content-type": f"{PARTS}; boundary=x"}
    assert (await client.post("/form", content=parts, headers=kind)).status_code == 413


@pytest.mark.parametrize("path", ["/form", "/api/v1/form"])
async def test_a_body_that_does_not_come_is_not_waited_for(
    client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    async def drip() -> AsyncIterator[bytes]:
        yield b"a=b"
        await asyncio.sleep(30)

    monkeypatch.setattr(request_bodies, "BODY_WITHIN", 0.05)
    assert (await client.post(path, content=drip(), headers={"content-type": FORM})).status_code == 408


async def test_a_head_is_no_longer_than_a_browsers(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/echo", headers={"cookie": "a" * 12_000})).status_code == 200
    assert (await client.get("/echo", headers={"cookie": "a" * 17_000})).status_code == 431
    assert (await client.get("/echo", headers={f"a{each}": "" for each in range(101)})).status_code == 431
    assert (await client.get(f"/echo?{'a&' * 2048}")).status_code == 414
    assert (await client.get(f"/{'a' * 4096}")).status_code == 414


async def test_a_slash_too_many_leads_nowhere_else(client: httpx2.AsyncClient) -> None:
    for path in ("/echo/", "/echo//"):
        answer = await client.get(path)
        assert (answer.status_code, answer.headers.get("location")) == (200, None)


async def test_where_it_is_https_it_is_always_so(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/nothing")).headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
    assert "strict-transport-security" not in headers_of("http://127.0.0.1:8700")
    plain = {"origin": "http://intro.example.test"}
    assert (await client.post("/echo", headers=plain)).status_code == 403, "somebody on the way has sent it"
    here = {"origin": "http://127.0.0.1:8700", "host": "127.0.0.1:8700"}
    assert (await client.post("/echo", headers=here)).status_code == 200


def part(text: str, more: str = "") -> bytes:
    return f'--x\r\nContent-Disposition: form-data; name="a"\r\n{more}\r\n{text}\r\n--x--\r\n'.encode()


async def test_what_was_refused_is_kept_by_nobody(client: httpx2.AsyncClient) -> None:
    """An exception that is raised again and again keeps every frame that raised it, with what strangers sent."""
    for _ in range(20):
        await client.post("/form", content=b"x" * (BODY_LIMIT + 1))
        await client.post("/form", content=b"a=b", headers={"origin": "https://other.example.test"})
    gc.collect()
    assert not [each for each in gc.get_objects() if isinstance(each, request_bodies.Unread)]
