"""Idempotency keys and the answers kept with them. The same key and body get the same answer, and act once."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from models.base import Frozen
from store.tables import idempotency

IN_FLIGHT = 0  # the status of a row whose answer is not known yet
GIVEN_UP = timedelta(seconds=30)  # whoever was answering has died: another may answer instead


class Claimed(Frozen):
    """Nobody has answered this yet: do it, then settle."""


class Answered(Frozen):
    """It was answered, and this was the answer."""

    status: int
    response: str


class OtherBody(Frozen):
    """The key was used for something else."""


class InFlight(Frozen):
    """Somebody is answering it this very moment."""


def claim(
    connection: Connection, scope: str, key: str, body_hash: str, now: datetime
) -> Claimed | Answered | OtherBody | InFlight:
    """Say that we answer this. Where the answer is settled in the same transaction, nobody ever sees it in flight."""
    row = {"scope": scope, "key": key, "body_hash": body_hash, "status": IN_FLIGHT, "response": "", "at": now}
    try:
        with connection.begin_nested():
            connection.execute(insert(idempotency).values(row))
            return Claimed()
    except IntegrityError:
        return _earlier(connection, scope, key, body_hash, now)


def settle(connection: Connection, scope: str, key: str, status: int, response: str) -> None:
    """What was answered, kept for whoever asks again."""
    connection.execute(update(idempotency).where(*_row(scope, key)).values(status=status, response=response))


def release(connection: Connection, scope: str, key: str) -> None:
    """Nothing was done: once mended, the request may come again under the same key."""
    connection.execute(idempotency.delete().where(*_row(scope, key), idempotency.c.status == IN_FLIGHT))


def _earlier(
    connection: Connection, scope: str, key: str, body_hash: str, now: datetime
) -> Claimed | Answered | OtherBody | InFlight:
    row = connection.execute(select(idempotency).where(*_row(scope, key)).with_for_update()).one()
    if row.body_hash != body_hash:
        return OtherBody()
    if row.status != IN_FLIGHT:
        return Answered(status=row.status, response=row.response)
    if now - row.at < GIVEN_UP:
        return InFlight()
    connection.execute(update(idempotency).where(*_row(scope, key)).values(at=now))
    return Claimed()


def _row(scope: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return idempotency.c.scope == scope, idempotency.c.key == key
