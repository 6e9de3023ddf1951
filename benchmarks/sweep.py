"""`python -m benchmarks.sweep`: what a sweep costs after a million introductions (G14), on each database.

A round in which nothing waits, and 7,200 answers that waited for Temporal, handed over by two mailrooms. Temporal is a
stand-in that takes each answer after some milliseconds and writes down, as the step would, who heard it.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import Connection, bindparam, func, select, text

from benchmarks.gates import Gate
from mailroom.loops import sweep, workflow_monitor
from mailroom.loops.erasure import carry_erasures
from mailroom.loops.hand_over import hand_over_news
from models.ids import IntroductionId
from models.news import Envelope, Withdrew
from models.process.verdict import Taken
from store.engine.column_types import Instant
from store.engine.database import Database, database
from store.engine.migrate import migrate
from store.journal import inbox
from store.privacy import retention
from store.tables import inbox as inbox_table
from store.tables.letters import UNHEARD
from tests.cast import PROGRAMME, ROSA, policy
from tests.mailroom.desk import Desk
from tests.mailroom.fake_relay import Post
from tests.mailroom.loops.test_sweep import Temporal
from tests.support import rows
from tests.support.services.databases import POSTGRESQL, SQLITE
from tests.support.services.postgres import PostgresServer

EVER, OPEN, ANSWERS, ROUNDS = 1_000_000, 20_000, 7_200, 20
ROUND_MS, HANDED_OVER_S = 50, 60
AT_ONCE = 50_000  # rows written by one statement
A_CALL = 0.02  # seconds that Temporal takes for an answer

# As many as were ever made; the first of them are still open. Their openings are left out: no look reads one.
MADE = f"""
INSERT INTO introduction (id, programme, requester, made_by, opening, asked_at, promised_at, live, started_at, step,
  stage, waiting_on, due_at, version, approved, told, closed_at, ledger_seq, ledger_hash)
WITH RECURSIVE n(i) AS (SELECT CAST(:first AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :behind)
SELECT 'int_' || i, '{PROGRAMME}', '{ROSA.id}', 'requester', '{{}}', :then, :ahead, false, :then, 9,
  CASE WHEN i < {OPEN} THEN 'with_parties' ELSE 'closed' END, 'nobody', CASE WHEN i < {OPEN} THEN :ahead END,
  1, true, false, CASE WHEN i < {OPEN} THEN NULL ELSE :then END, 9, '' FROM n
"""
SAID = f"""
INSERT INTO inbox (key, introduction, person, nonce, kind, news, via, at, state, tries, next_try_at)
WITH RECURSIVE n(i) AS (SELECT CAST(:first AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :behind)
SELECT 'inb_:kind_' || i, 'int_' || i, '{ROSA.id}', ':kind', 'withdrew', :news, 'link', :then, ':kind', 0, :then FROM n
"""
SENT = f"""
INSERT INTO letter (id, introduction, step, number, kind, person, version, reminder, not_before, state, next_try_at,
  tries)
WITH RECURSIVE n(i) AS (SELECT CAST(:first AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :behind)
SELECT 'let_' || i, 'int_' || i, 1, 0, 'ask_connector', '{ROSA.id}', 1, false, :then, 'accepted', :then, 1 FROM n
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sweep", description=__doc__)
    parser.add_argument("--ever", type=int, default=EVER, help="introductions ever made")
    parser.add_argument("--answers", type=int, default=ANSWERS, help="answers that waited")
    parser.add_argument("--database", choices=[SQLITE, POSTGRESQL], action="append", help="only this one")
    parser.add_argument("--mailroom", metavar="URL", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.mailroom:
        asyncio.run(_mailroom(asked.mailroom))
        return 0
    gates: list[Gate] = []
    for kind in asked.database or (SQLITE, POSTGRESQL):
        with _address(kind) as url:
            gates += asyncio.run(_measure(kind, url, asked.ever, asked.answers))
    return 1 if any(gate.failed for gate in gates) else 0


@contextmanager
def _address(kind: str) -> Iterator[str]:
    with ExitStack() as left_behind:
        if kind == SQLITE:
            yield f"sqlite:///{left_behind.enter_context(tempfile.TemporaryDirectory())}/sweep.db"
            return
        server = PostgresServer()
        left_behind.callback(server.close)
        server.prepare()
        yield server.fresh()


async def _measure(kind: str, url: str, ever: int, answers: int) -> list[Gate]:
    await migrate(url)
    async with database(url) as opened:
        desk, begun = Desk(opened, policy("demo")), time.perf_counter()
        of_none = await _rounds(desk)
        async with database(url, durable=False) as filling:
            await _fill(filling, ever)
        _say(f"{kind}: {ever:,} introductions, {OPEN:,} of them open: filled in {time.perf_counter() - begun:.0f} s")
        of_all = await _rounds(desk)
        await _say_something(opened, answers)
        taken = await _handed_over(url, opened)
    gates = [_gate(f"{kind}: {name} in which nothing waits, ms", of_all[name], ROUND_MS) for name in of_all]
    gates += [
        _gate(
            f"{kind}: the same, through that of an empty database",
            [ms / median(of_none[name]) for ms in of_all[name]],
            2,
        )
        for name in of_all
    ]
    gates.append(Gate(f"{kind}: {answers:,} answers handed over by two mailrooms, s", taken, HANDED_OVER_S, hard=False))
    for gate in gates:
        _say(gate.line())
    return gates


def _gate(name: str, measured: list[float], goal: float) -> Gate:
    """Times depend on what else the machine does: they are shown, and fail nothing."""
    return Gate(name, median(measured), goal, hard=False, low=min(measured), high=max(measured))


async def _fill(filling: Database, ever: int) -> None:
    now = datetime.now(UTC)
    await filling.write(lambda connection: rows.settle_in(connection, policy("demo"), now))
    for statement in (MADE, SAID.replace(":kind", "taken"), SENT):
        await _run(filling, statement, ever, now)
    await filling.write(lambda connection: connection.execute(text("ANALYZE")) if _has_statistics(connection) else None)


def _has_statistics(connection: Connection) -> bool:
    """PostgreSQL gathers them by itself; nobody does so for SQLite."""
    return connection.dialect.name != SQLITE


async def _say_something(filling: Database, answers: int) -> None:
    await _run(filling, SAID.replace(":kind", "waiting"), answers, datetime.now(UTC))


async def _run(filling: Database, statement: str, many: int, now: datetime) -> None:
    then, ahead = now - timedelta(days=90), now + timedelta(days=9)
    known = {"then": then, "ahead": ahead, "news": Withdrew(by=ROSA.id).model_dump_json()}
    named = {name: value for name, value in known.items() if f":{name}" in statement}
    kinds = [bindparam(name, type_=Instant()) for name in ("then", "ahead") if name in named]
    for first in range(0, many, AT_ONCE):
        some = named | {"first": first, "behind": min(many, first + AT_ONCE)}
        await filling.write(lambda connection, some=some: connection.execute(text(statement).bindparams(*kinds), some))  # type: ignore[misc]


async def _rounds(desk: Desk) -> dict[str, list[float]]:
    """The sweep, and the monitor beside it, as often as they come round."""
    temporal, room = Quick(desk), desk.room(Post(), clock=_clock)

    async def swept() -> None:
        await sweep.once(room, temporal)
        await carry_erasures(room, temporal)
        await room.database.read(lambda connection: retention.is_due(connection, _clock()))

    async def looked_out() -> None:
        await workflow_monitor.once(room, temporal)

    took: dict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        for name, work in (("a round of the sweep", swept), ("a look of the monitor", looked_out)):
            begun, spent = time.perf_counter(), time.process_time()
            await work()
            took[name].append((time.perf_counter() - begun) * 1_000)
            took[f"{name}, of a processor,"].append((time.process_time() - spent) * 1_000)
    return took


async def _handed_over(url: str, opened: Database) -> float:
    """From when the first of the two begins until the last ends."""
    command = (sys.executable, "-m", "benchmarks.sweep", "--mailroom", url)
    mailrooms = [await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE) for _ in range(2)]
    told = [(await each.communicate())[0].split() for each in mailrooms]
    took = max(float(ended) for _, ended in told) - min(float(began) for began, _ in told)
    left = select(func.count()).select_from(inbox_table).where(UNHEARD)
    assert await opened.read(lambda connection: connection.execute(left).scalar_one()) == 0
    return took


async def _mailroom(url: str) -> None:
    """One mailroom's sweep, until nothing waits any more."""
    began = time.time()
    async with database(url) as opened, database(url, durable=False) as the_workers:
        room, temporal = (
            Desk(opened, policy("demo")).room(Post(), clock=_clock),
            Quick(Desk(the_workers, policy("demo"))),
        )
        left = select(inbox_table.c.key).where(UNHEARD).limit(1)
        while await opened.read(lambda connection: connection.execute(left).first()):
            await hand_over_news(room, temporal)
            await asyncio.sleep(0.05)
    _say(f"{began} {time.time()}")


class Quick(Temporal):
    """Takes each answer after a while, and writes down who heard it."""

    async def deliver(self, introduction: IntroductionId, envelope: Envelope) -> Taken:
        await asyncio.sleep(A_CALL)
        step, now = envelope.after + 1, _clock()
        await self.desk.database.write(lambda connection: inbox.mark_taken(connection, envelope.key, step, now))
        return Taken(step=step, stage="resting")


def _clock() -> datetime:
    return datetime.now(UTC)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
