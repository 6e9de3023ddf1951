"""The API does what its own description says, whatever is sent to it. Made-up requests over real HTTP."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from starlette.routing import Mount

from store.access.api_keys import Scope
from tests import cast
from tests.web.api.api_client import BOTH, a_key, asking, once
from tests.web.house import Visited, visited
from tests.web.http_server import serving
from web.api import app as api
from web.api.entrance.rates import Rates
from web.shared.http.rate_limits import Rate

EXAMPLES = 4  # an operation, well-formed and ill-formed: a shape is most often broken by the first of them
MANY = 50
FIRM = 10_000_000


@dataclass
class Served:
    """The whole application on a port of its own, in a thread of its own: schemathesis calls and waits."""

    address: str
    key: str
    operations: Any


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    ready, over = threading.Event(), threading.Event()
    found: list[tuple[str, str]] = []

    async def serve(folder: Path) -> None:
        rules = cast.policy("accelerator", {"requester.new_asks": 100, "requester.open_asks": 100})
        async with visited(folder, rules) as house:
            _api(house).state.rates = Rates(Rate(FIRM), Rate(FIRM), Rate(FIRM))
            async with serving(house.app) as address:
                found.append((address, await a_key(house, (*BOTH, Scope.STAFF))))
                ready.set()
                await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve(tmp_path_factory.mktemp("api"))))
    thread.start()
    assert ready.wait(30), "the application did not start"
    address, key = found[0]
    yield Served(address, key, schemathesis.openapi.from_url(f"{address}{api.PATH}/openapi.json"))
    over.set()
    thread.join(30)


OPERATIONS = (
    ("POST", "/introductions"),
    ("GET", "/introductions"),
    ("GET", "/introductions/{introduction}"),
    ("GET", "/introductions/{introduction}/events"),
    ("POST", "/introductions/{introduction}/withdrawal"),
    ("POST", "/introductions/{introduction}/stop"),
    ("PATCH", "/introductions/{introduction}"),
    ("POST", "/introductions/{introduction}/hold"),
    ("POST", "/introductions/{introduction}/resume"),
    ("GET", "/acts/{act}"),
    ("GET", "/introductions/{introduction}/desk"),
    ("POST", "/introductions/{introduction}/screening"),
    ("POST", "/introductions/{introduction}/advice"),
    ("POST", "/introductions/{introduction}/letters/{letter}/repetition"),
    ("GET", "/people/{person}/kind"),
    ("POST", "/people/{person}/kind"),
    ("POST", "/people/{person}/invite"),
    ("GET", "/conflicts"),
    ("POST", "/conflicts"),
    ("POST", "/conflicts/{conflict}/end"),
    ("GET", "/people/{person}/export"),
    ("POST", "/people/{person}/erasure"),
    ("GET", "/erasures/{erasure}"),
    ("GET", "/health"),
)


@pytest.mark.parametrize("examples", [EXAMPLES, pytest.param(MANY, marks=pytest.mark.soak)])
@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=[" ".join(each) for each in OPERATIONS])
def test_every_operation_keeps_its_description(served: Served, method: str, path: str, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(case=served.operations[path][method].as_strategy(generation_mode=GenerationMode.POSITIVE))
    def well_formed(case: Any) -> None:
        _call(served, case)

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(case=served.operations[path][method].as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def ill_formed(case: Any) -> None:
        _call(served, case)

    well_formed()
    if path != "/health":  # nothing can be wrong with a request that has no parts
        ill_formed()


def _call(served: Served, case: Any) -> None:
    """What is well-formed may still be refused: that a note has a blank left in it is beyond a description. That no
    door opens without a key is shown elsewhere; here the key is sent whatever the case says."""
    case.call_and_validate(
        base_url=f"{served.address}{api.PATH}",
        headers={"authorization": f"Bearer {served.key}"},
        excluded_checks=[positive_data_acceptance, ignored_auth],
        timeout=20,
    )


def test_every_operation_is_described_with_its_problems(served: Served) -> None:
    described = httpx2.get(f"{served.address}{api.PATH}/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    operations = {
        f"{method.upper()} {path}": each for path, of in described["paths"].items() for method, each in of.items()
    }
    assert set(operations) == {" ".join(each) for each in OPERATIONS}
    for name, operation in operations.items():
        assert operation["summary"]
        problems = [status for status in operation["responses"] if status >= "400"]
        for status in problems:
            assert list(operation["responses"][status]["content"]) == ["application/problem+json"], name
        if name.startswith("POST"):
            header = next(each for each in operation["parameters"] if each["name"] == "Idempotency-Key")
            assert header["required"]
        assert name == "GET /health" or operation["security"] == [{"key": []}]


def test_after_all_that_it_still_takes_a_request(served: Served) -> None:
    headers = {"authorization": f"Bearer {served.key}"} | once()
    answer = httpx2.post(f"{served.address}{api.PATH}/introductions", json=asking(), headers=headers)
    assert answer.status_code == 201, answer.text


def _api(house: Visited) -> Any:
    return next(route.app for route in house.app.routes if isinstance(route, Mount) and route.path == api.PATH)
