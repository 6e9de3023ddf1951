"""Addresses at which a stranger is answered: those that docs/safety.md lists, and no other, in the running app."""

from collections.abc import Iterator
from pathlib import Path

from fastapi import FastAPI
from starlette.routing import Mount

from tests import cast
from tests.docs.pages.open_addresses import open_addresses
from tests.web.house import Visited, visited
from tests.web.test_http_defences import API, api_of, described, filled

KNOWN = {"programme": cast.PROGRAMME, "person": cast.CARL.id}
LOOK_ALIKE = {
    "GET /",
    "POST /me/sign-out",
    "POST /mail/{person}/session",
    "POST /ask/{programme}",
}  # as if one signed in first


async def test_strangers_are_answered_where_the_page_says_so_and_nowhere_else(tmp_path: Path) -> None:
    async with visited(tmp_path, cast.policy("demo")) as house:
        found = [each for each in addresses(house.app) if each in LOOK_ALIKE or await answers_strangers(house, each)]
    assert sorted(found) == sorted(open_addresses())


def addresses(app: FastAPI) -> Iterator[str]:
    for path, methods in described(app).items():
        yield from (f"{method.upper()} {path}" for method in methods)
    for path, methods in described(api_of(app)).items():
        yield from (f"{method.upper()} {API}{path}" for method in methods)
    yield f"GET {API}/openapi.json"
    yield from (f"GET {each.path}/{{file}}" for each in app.routes if isinstance(each, Mount) and each.path != API)


async def answers_strangers(house: Visited, address: str) -> bool:
    method, path = address.split()
    got = await house.stranger().request(method, filled(path, KNOWN), data={} if method == "POST" else None)
    return got.status_code != 401 and got.headers.get("location") != "/me"
