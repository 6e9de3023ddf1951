"""Consequences of a policy for a person who did not come, or did not answer. Whether their asks rest, until when."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert
from sqlalchemy.engine import make_url

from models.ids import IntroductionId
from models.policy.policy import Policy
from models.time.open_hours import Calendar
from store.boundaries import resting_asks
from store.engine.database import sqlite_engine
from store.tables import ask
from tests.cast import CARL, MONDAY, PROGRAMME, ROSA, TOMOKO, opening
from tests.support import rows
from tests.support.services.databases import migrated_copy

DAY = timedelta(days=1)
Rests = Callable[[Policy, Path], Awaitable[datetime | None]]


def absent(times: int, apart: timedelta = DAY) -> Rests:
    """Rosa did not come so often, as the others tell it."""

    def tell(connection: Connection, policy: Policy, number: int, now: datetime) -> None:
        told_of = _introduction(connection, policy, number)
        resting_asks.keep_no_show(connection, told_of, ROSA.id, TOMOKO.id, now)
        if policy.pauses:
            resting_asks.rest_if_absent(connection, PROGRAMME, ROSA.id, policy.pauses, now, Calendar())

    return _lived(tell, times, apart, ROSA.id)


def unanswered(times: int, apart: timedelta = DAY) -> Rests:
    """Carl left so many asks in a row unanswered."""

    def lapse(connection: Connection, policy: Policy, number: int, now: datetime) -> None:
        about = _introduction(connection, policy, number)
        when = {"opened_at": now - DAY, "due_at": now}
        row = {"introduction": about, "number": 1, "kind": "approve", "role": "connector", "person": CARL.id}
        connection.execute(insert(ask).values(row | when | {"version": 1, "state": "lapsed", "by_hand": False}))
        if policy.pauses:
            resting_asks.rest_if_silent(connection, PROGRAMME, CARL.id, policy.pauses, now, Calendar())

    return _lived(lapse, times, apart, CARL.id)


def _lived(
    happen: Callable[[Connection, Policy, int, datetime], None], times: int, apart: timedelta, who: str
) -> Rests:
    async def lived(policy: Policy, folder: Path) -> datetime | None:
        engine = sqlite_engine(make_url(f"sqlite:///{await migrated_copy(folder)}"), durable=False)
        try:
            with engine.begin() as connection:
                rows.settle_in(connection, policy, MONDAY)
                for number in range(times):
                    happen(connection, policy, number, MONDAY + number * apart)
                return resting_asks.rests_until(connection, who, PROGRAMME, MONDAY + (times - 1) * apart)  # type: ignore[arg-type]
        finally:
            engine.dispose()

    return lived


def _introduction(connection: Connection, policy: Policy, number: int) -> IntroductionId:
    named = IntroductionId(f"int_{number}")
    begun = opening(policy).model_copy(update={"id": named, "target": None})
    rows.ask_at_the_door(connection, begun)
    return named
