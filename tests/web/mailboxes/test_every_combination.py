"""The mail page over every combination of settings, of what other processes left in the database, and of connections.

It is shown where all of them say so: told of nobody outside, remembered of nobody outside, asked at this machine.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations, product
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import Request

import settings
from mailroom.compose.request_letter import request_letter
from mailroom.compose.sample import sample_letter
from settings import Settings, refuse_without_relay
from settings.variables import SettingsError
from store.audit.exposure import Exposure
from store.engine.secrets import Keys
from tests.cast import MONDAY
from tests.web.house import ADDRESS
from web.shared.house import House, house_of
from web.shared.local_requests import look_whether_local
from web.shared.rendering import environment

HTTP = {"": True, "127.0.0.1:8700": True, "[::1]:8700": True, "0.0.0.0:8700": False, "192.168.1.7:8700": False}
PUBLIC_URL = {"": True, "http://127.0.0.1:9000": True, "http://localhost": True, "https://intro.example.org": False}
SMTP_URL = {"": True, "smtp://127.0.0.1:2525": False, "smtps://us:secret@relay.example.org": False}
REPLY_TO = ("", "office@example.org")
REMEMBERED = [frozenset(some) for some in chain(*(combinations(Exposure, size) for size in range(4)))]
BROWSER = {"host": "127.0.0.1:8700", "user-agent": "Some", "sec-fetch-site": "none", "accept": "*/*"}


@dataclass(frozen=True)
class Came:
    """One way in: from where, by which protocol, with which headers beside a browser's; and whether it is from here."""

    headers: Mapping[str, str]
    peer: str = "127.0.0.1"
    http: str = "1.1"
    is_from_here: bool = False


WAYS = {
    "from here": Came({}, is_from_here=True),
    "from here, by name": Came({"host": "localhost:8700", "referer": "http://localhost:8700/me"}, is_from_here=True),
    "from elsewhere": Came({}, "192.0.2.7"),
    "from a container": Came({}, "172.17.0.1"),
    "a proxy that keeps the host": Came({"host": "intro.example.org"}),
    "a proxy that says for whom": Came({"x-forwarded-for": "192.0.2.7"}),
    "a proxy with a header of its own": Came({"real-ip": "192.0.2.7"}),
    "a proxy as nginx is by itself": Came({}, http="1.0"),
    "a proxy that hides, a browser behind it": Came({"referer": "https://intro.example.org/"}),
    "a proxy that hides, a form behind it": Came({"origin": "https://intro.example.org"}),
    "a tunnel that says that it is of here": Came({"x-forwarded-host": "127.0.0.1:8700", "forwarded": "for=127.0.0.1"}),
}


def test_only_where_everything_says_so() -> None:
    shown = {combination for combination in tried() if combination[-1]}
    assert {(http, public, smtp) for http, public, smtp, *_ in shown} == {
        (http, public, "") for http in list(HTTP)[:3] for public in list(PUBLIC_URL)[:3]
    }
    assert {way for *_, way, _ in shown} == {name for name, way in WAYS.items() if way.is_from_here}
    assert {remembered for _, _, _, _, remembered, _, _ in shown} == {frozenset()}


def tried() -> Iterator[tuple[str, str, str, str, frozenset[Exposure], str, bool]]:
    """Each combination, and whether a web that was told so shows its mailboxes to whoever came so."""
    for told in product(HTTP, PUBLIC_URL, SMTP_URL, REPLY_TO):
        read = begun(*told)
        for remembered, (name, way) in product(REMEMBERED, WAYS.items()):
            yield (*told, remembered, name, read is not None and is_shown(read, remembered, way))


def begun(http: str, public: str, smtp: str, reply_to: str) -> Settings | None:
    said = {"HTTP": http, "PUBLIC_URL": public, "SMTP_URL": smtp, "REPLY_TO": reply_to}
    try:
        return settings.load({"INTROBROKER_DATA": "."} | {f"INTROBROKER_{name}": text for name, text in said.items()})
    except SettingsError:
        return None


def is_shown(read: Settings, remembered: frozenset[Exposure], way: Came) -> bool:
    """By a web that goes on: one that was started before the database knew."""
    app = SimpleNamespace(state=SimpleNamespace(house=house_with(read, remembered)))
    headers = [(name.encode(), text.encode()) for name, text in {**BROWSER, **way.headers}.items()]
    scope = {"type": "http", "app": app, "client": (way.peer, 4711), "headers": headers, "http_version": way.http}
    request = Request(scope)
    with pytest.raises(StopIteration):
        look_whether_local(request).send(None)  # nothing in it waits here: no loop is needed for thousands of them
    return house_of(request).embedded


def house_with(read: Settings, remembered: frozenset[Exposure]) -> House:
    async def found(_: object) -> frozenset[Exposure]:
        return remembered

    database: Any = SimpleNamespace(read=found)
    return House(
        database=database,
        introductions=database,
        keys=Keys.of(b"k" * 32),
        clock=lambda: MONDAY,
        public_url=read.public_url or ADDRESS,
        embedded=read.shows_mail_page,
        templates=environment(),
        sample_letter=sample_letter,
        request_letter=request_letter,
    )


@pytest.mark.parametrize("remembered", REMEMBERED, ids=lambda some: "+".join(sorted(some)) or "nothing")
def test_a_process_without_a_relay_starts_only_beside_others_without_one(remembered: frozenset[Exposure]) -> None:
    for http, public, smtp, reply_to in product(HTTP, PUBLIC_URL, SMTP_URL, REPLY_TO):
        read = begun(http, public, smtp, reply_to)
        if read is None:
            continue
        assert read.relay or (HTTP[http] and PUBLIC_URL[public])
        if read.relay is None and remembered:
            with pytest.raises(SettingsError, match="INTROBROKER_SMTP_URL is not set"):
                refuse_without_relay(read, remembered)
        else:
            refuse_without_relay(read, remembered)
