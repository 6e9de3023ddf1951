"""Programmes: each with its organisation, language and clock, and how one begins."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from models.base import Frozen
from models.ids import ProgrammeId
from models.policy.policy import Policy
from store.engine.ids import new_id
from store.tables import policy, programme


class Programme(Frozen):
    id: ProgrammeId
    tenant: str
    name: str
    language: str
    zone: str
    country: str | None = None
    region: str | None = None


def programmes(connection: Connection) -> tuple[Programme, ...]:
    """All of them, in the order in which they began."""
    rows = connection.execute(select(programme).order_by(programme.c.created_at, programme.c.id))
    return tuple(
        Programme.model_validate({name: getattr(row, name) for name in Programme.model_fields}) for row in rows
    )


def found(
    connection: Connection,
    name: str,
    rules: Policy,
    now: datetime,
    *,
    language: str,
    zone: str,
    country: str | None = None,
    region: str | None = None,
    reply_to: str | None = None,
) -> Programme:
    """A new programme, with nobody in it yet. It is a tenant of its own: it shares no people with any other."""
    fresh = Programme(
        id=ProgrammeId(new_id("prg")),
        tenant=new_id("ten"),
        name=name,
        language=language,
        zone=zone,
        country=country,
        region=region,
    )
    connection.execute(insert(programme).values(**fresh.model_dump(), reply_to=reply_to, created_at=now))
    body = rules.model_dump(mode="json")
    connection.execute(insert(policy).values(programme=fresh.id, version=rules.version, body=body, at=now))
    return fresh
