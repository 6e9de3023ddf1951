"""A mailbox is seen by whoever sits at this machine, where nobody outside was told of the installation; no other."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import Request

import settings
from server import build
from store.audit import exposure
from store.audit.exposure import Exposure
from store.engine.database import DatabaseAway, T, Work
from tests import cast
from tests.cast import CARL, OLIVE
from tests.web.house import ADDRESS, Visited, visited
from web.shared.local_requests import is_direct

RELAY = {"INTROBROKER_SMTP_URL": "smtp://127.0.0.1:2525", "INTROBROKER_REPLY_TO": "office@example.test"}
PUBLIC = {"INTROBROKER_PUBLIC_URL": "https://introductions.example.org"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("demo")) as opened:
        yield opened


def from_elsewhere(house: Visited, peer: str = "127.0.0.1", **headers: str) -> httpx2.AsyncClient:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    transport = httpx2.ASGITransport(app=house.app, client=(peer, 4711))
    client = httpx2.AsyncClient(transport=transport, base_url=ADDRESS, headers=named)
    house.visitors.append(client)
    return client


async def nothing_is_shown(visitor: httpx2.AsyncClient) -> None:
    front = await visitor.get("/")
    assert (front.status_code, front.headers.get("location")) == (303, "/me"), front.text
    for path in (f"/mail/{CARL.id}", f"/mail/{CARL.id}/let_1", f"/mail/{CARL.id}/let_1/html"):
        assert (await visitor.get(path)).status_code == 404, path
    for to in ("me", "console"):
        assert (await visitor.post(f"/mail/{OLIVE.id}/session", data={"to": to})).status_code == 404
    assert not visitor.cookies
    assert "mailboxes" not in (await visitor.post("/me/sign-in", data={"address": OLIVE.address})).text


async def all_is_shown(visitor: httpx2.AsyncClient) -> None:
    assert CARL.name in (await visitor.get("/")).text
    assert (await visitor.get(f"/mail/{CARL.id}")).status_code == 200
    assert (await visitor.post(f"/mail/{OLIVE.id}/session", data={"to": "console"})).headers["location"] == "/console"
    assert (await visitor.get("/console")).status_code == 200


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1"])
@pytest.mark.parametrize("host", ["127.0.0.1:8700", "localhost:8700", "[::1]:8700"])
async def test_this_machine_is_let_in_by_each_of_its_names(house: Visited, peer: str, host: str) -> None:
    await all_is_shown(from_elsewhere(house, peer, host=host))


@pytest.mark.parametrize("peer", ["192.168.1.7", "172.17.0.1", "2001:db8::7", "203.0.113.9", "", "testclient"])
async def test_nobody_who_connects_from_elsewhere_is(house: Visited, peer: str) -> None:
    await nothing_is_shown(from_elsewhere(house, peer))


LEFT_BY_PROXIES = (
    *("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"),
    *("x-forwarded-server", "x-real-ip", "x-original-forwarded-for", "x-original-host", "x-client-ip"),
    *("true-client-ip", "cf-connecting-ip", "cdn-loop", "tailscale-user-login", "fly-client-ip", "x-request-id"),
    *("x-amzn-trace-id", "x-envoy-external-address", "x-scheme", "front-end-https", "client-ip", "traceparent"),
    *("real-ip", "real_ip", "remote-addr", "forwarded-for", "wl-proxy-client-ip", "http-client-ip", "http-via"),
    *("cluster-client-ip", "ali-cdn-real-ip", "incap-client-ip", "z-forwarded-for", "original-host", "request-id"),
    *("b3", "tracestate", "baggage", "uber-trace-id", "elastic-apm-traceparent", "max-forwards", "http2-settings"),
)
ELSEWHERE = ("https://introductions.example.org", "http://10.0.0.7:8700/me", "http://127.0.0.1.evil.test", "http://[")
HERE = ("null", "http://127.0.0.1:8700", "http://localhost:9000/docs", "http://[::1]:8700/")
BROWSER = {"sec-fetch-site": "same-origin", "sec-ch-ua": '"Some"', "dnt": "1", "priority": "u=0", "cookie": "a=b"}


def asked(peer: str = "127.0.0.1", host: str = "127.0.0.1:8700", **headers: str) -> Request:
    sent = {"host": host, "user-agent": "Some", "accept": "*/*"} | headers
    raw = [(name.encode(), text.encode()) for name, text in sent.items()]
    return Request({"type": "http", "method": "GET", "client": (peer, 4711), "headers": raw, "http_version": "1.1"})


@pytest.mark.parametrize("header", LEFT_BY_PROXIES)
def test_whom_a_proxy_on_this_machine_hands_on_is_not(header: str) -> None:
    """Even where it says that they are of this machine: anybody can write that."""
    assert is_direct(asked(**BROWSER))
    for text in ("203.0.113.9", "127.0.0.1", ""):
        assert not is_direct(asked(**BROWSER, **{header: text}))


@pytest.mark.parametrize("header", ["origin", "referer"])
def test_who_was_led_here_from_elsewhere_is_not(header: str) -> None:
    """A proxy may strip what it adds and write our own name as host; the page a browser comes from it leaves."""
    for place in ELSEWHERE:
        assert not is_direct(asked(**BROWSER, **{header: place})), place
    for place in HERE:
        assert is_direct(asked(**BROWSER, **{header: place})), place


async def test_what_is_not_direct_is_shown_nothing(house: Visited) -> None:
    await all_is_shown(from_elsewhere(house, referer=HERE[1], sec_fetch_site="same-origin"))
    for shown in ({"x_forwarded_for": "127.0.0.1"}, {"real_ip": "127.0.0.1"}, {"referer": ELSEWHERE[0]}):
        await nothing_is_shown(from_elsewhere(house, **shown))


async def test_a_proxy_that_hides_itself_as_nginx_does_by_itself_is_seen(house: Visited) -> None:
    """It names the address it connects to as host, adds nothing, and speaks HTTP/1.0."""

    async def in_1_0(scope: Any, receive: Any, send: Any) -> None:
        await house.app({**scope, "http_version": "1.0"}, receive, send)

    transport = httpx2.ASGITransport(app=in_1_0)
    async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS) as visitor:
        await nothing_is_shown(visitor)


async def test_a_connection_of_which_nothing_is_known_is_not(house: Visited) -> None:
    async def of_nobody(scope: Any, receive: Any, send: Any) -> None:
        await house.app({**scope, "client": None}, receive, send)

    transport = httpx2.ASGITransport(app=of_nobody)
    async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS) as visitor:
        await nothing_is_shown(visitor)


@pytest.mark.parametrize(
    "told",
    [
        RELAY,
        RELAY | PUBLIC,
        RELAY | PUBLIC | {"INTROBROKER_HTTP": "0.0.0.0:8700"},
        RELAY | {"INTROBROKER_PUBLIC_URL": "http://127.0.0.1:9000"},
    ],
)
async def test_a_web_that_is_told_of_others_has_no_such_room(house: Visited, told: dict[str, str]) -> None:
    read = settings.load({"INTROBROKER_DATA": "."} | told)
    app = build(read, house.database, house.engine, house.keys, house.clock)
    host = read.public_url.rpartition("/")[2]
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS, headers={"host": host}) as visitor:
        await nothing_is_shown(visitor)


@pytest.mark.parametrize("kind", list(Exposure))
async def test_a_running_web_closes_its_mailboxes_when_any_process_learns_of_others(
    house: Visited, kind: Exposure
) -> None:
    """A mailroom is told a relay, while a web beside it goes on: whoever came in by a mailbox is out, and stays out."""
    visitor = from_elsewhere(house)
    await all_is_shown(visitor)
    assert 'href="/"' in (await visitor.get("/console")).text
    await house.database.write(lambda connection: exposure.remember(connection, frozenset({kind}), house.clock()))
    assert (await visitor.get("/console")).status_code != 200
    visitor.cookies.clear()
    await nothing_is_shown(visitor)
    olive = await house.signed_in(OLIVE)  # by a letter, as it should be
    assert "Mailboxes" not in (await olive.get("/console")).text
    assert "/mail/" not in (await olive.get("/me")).text


async def test_while_the_database_cannot_be_asked_they_are_closed(house: Visited) -> None:
    class Away:
        async def read(self, work: Work[T]) -> T:
            raise DatabaseAway("busy")

    built = house.app.state.house
    parts = {name: getattr(built, name) for name in built.__slots__} | {"database": Away()}
    house.app.state.house = type(built)(**parts)
    visitor = from_elsewhere(house)
    assert (await visitor.get("/")).headers["location"] == "/me"
    assert (await visitor.get(f"/mail/{CARL.id}")).status_code == 404
