"""The quick set: what `make quick` runs after each edit, chosen by what a test costs.

Each test runs once, in the first of its variants, on SQLite, unless `costly.txt` beside this file says that it costs
more than AT_MOST; what is marked `quick` runs whatever it costs, in each variant that is so marked: a story on the
real Temporal server, two small explorations of the core, the golden pages and letters, the translations. Left to
`make test` are all other variants (the languages, letters, openings and endings that a test is told for), PostgreSQL,
the browser, and what is marked `slow`.

`pytest -n0 --quick --write-costs` measures anew, without the list, all that could be quick. What several tests share,
such as an exploration, is charged to the first of them: where that one is listed for it, list the others as well.
"""

import os
import time
from collections.abc import Generator
from pathlib import Path

import pytest

AT_MOST = 0.15  # seconds of a processor, with the processes it starts and waits for
COSTLY = Path(__file__).parent / "costly.txt"
LEFT_OUT = ("slow", "browser", "soak")

Costs = dict[str, float]
_measured = pytest.StashKey[Costs]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="each test in one of its variants, and none that costs much")
    parser.addoption("--write-costs", action="store_true", help="measure which tests cost much, and write them down")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_measured] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--quick"):
        return
    costly = {} if config.getoption("--write-costs") else costs()
    variants: dict[str, list[pytest.Item]] = {}
    for item in items:
        if not _is_left_out(item):
            variants.setdefault(_name(item), []).append(item)
    kept = {item for name, each in variants.items() for item in _chosen(each, is_costly=name in costly)}
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in items if item in kept]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    before = _spent()
    ran = yield
    measured = item.config.stash[_measured]
    measured[_name(item)] = max(measured.get(_name(item), 0), _spent() - before)
    return ran


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption("--write-costs"):
        write_costs(session.config.stash[_measured])


def costs(file: Path = COSTLY) -> Costs:
    """Which tests cost more than AT_MOST, and how much, when that was last measured."""
    rows = (line.split() for line in file.read_text(encoding="utf-8").splitlines())
    return {name: float(cost) for cost, name in rows}


def write_costs(measured: Costs, file: Path = COSTLY) -> None:
    rows = sorted((name, cost) for name, cost in measured.items() if cost > AT_MOST)
    file.write_text("".join(f"{cost:.1f} {name}\n" for name, cost in rows), encoding="utf-8")


def _chosen(variants: list[pytest.Item], *, is_costly: bool) -> list[pytest.Item]:
    marked = [item for item in variants if item.get_closest_marker("quick")]
    return marked or ([] if is_costly else variants[:1])


def _is_left_out(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in LEFT_OUT) or _is_on_postgresql(item)


def _is_on_postgresql(item: pytest.Item) -> bool:
    return "postgres" in getattr(item, "fixturenames", ()) or "postgresql" in item.nodeid.lower()


def _name(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


def _spent() -> float:
    """By this process and by those it has waited for."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system
