"""The address a letter goes to. The address given for this introduction, else their own first; or why nowhere."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, or_, select

from models.base import Frozen
from models.ids import ChannelId, IntroductionId, PersonId
from store.boundaries import suppressions
from store.engine.secrets import Keys
from store.tables import channel, person

AddressSource = Literal["connector", "programme", "themselves"]
WhyNowhere = Literal["no address", "address stopped", "suppressed"]

_FROM: dict[str, AddressSource] = {"the connector": "connector", "their own page": "themselves"}


class Destination(Frozen):
    """One e-mail address, and where we have it from."""

    value: str
    source: AddressSource
    channel: ChannelId


def address_of(
    connection: Connection, keys: Keys, somebody: PersonId, introduction: IntroductionId | None
) -> Destination | WhyNowhere:
    """The address to write to. Whoever opted out under any address of theirs is written to under none."""
    tenant = connection.execute(select(person.c.tenant).where(person.c.id == somebody)).scalar_one()
    known = _addresses(connection, somebody, introduction)
    marked = {address.value: suppressions.reason(connection, keys, tenant, address.value) for address, _ in known}
    if "opt_out" in marked.values():
        return "suppressed"
    usable = [address for address, stopped_at in known if not stopped_at]
    if not usable:
        return "address stopped" if known else "no address"
    return next((address for address in usable if not marked[address.value]), "suppressed")


def _addresses(
    connection: Connection, somebody: PersonId, introduction: IntroductionId | None
) -> list[tuple[Destination, datetime | None]]:
    """What was given for this introduction comes first; what was given for another is not ours to use."""
    rows = connection.execute(
        select(channel)
        .where(
            channel.c.person == somebody,
            channel.c.kind == "email",
            or_(channel.c.introduction.is_(None), channel.c.introduction == introduction),
        )
        .order_by(channel.c.introduction.is_(None), channel.c.created_at, channel.c.id)
    )
    return [(_read(row), row.stopped_at) for row in rows]


def _read(row: Row[Any]) -> Destination:
    return Destination(value=row.value, source=_source(row.introduction, row.source), channel=row.id)


def _source(given_for: str | None, source: str) -> AddressSource:
    return "connector" if given_for else _FROM.get(source, "programme")
