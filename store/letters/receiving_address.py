"""The address a letter goes to. The address given for this introduction, else their own first; or why nowhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, bindparam, or_, select

from models.base import Frozen
from models.ids import ChannelId, PersonId
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
    language: str | None = None  # to write in, where whoever gave it said so


def address_of(
    connection: Connection, keys: Keys, somebody: PersonId, given: Sequence[ChannelId] = ()
) -> Destination | WhyNowhere:
    """The address to write to. Whoever opted out under any address of theirs is written to under none.

    `given`: what was given for this introduction by answers that stand, the newest first.
    """
    tenant = connection.execute(_TENANT, {"who": somebody}).scalar_one()
    known = _addresses(connection, somebody, given)
    marked = {address.value: suppressions.reason(connection, keys, tenant, address.value) for address, _ in known}
    if "opt_out" in marked.values():
        return "suppressed"
    usable = [address for address, stopped_at in known if not stopped_at]
    if not usable:
        return "address stopped" if known else "no address"
    return next((address for address in usable if not marked[address.value]), "suppressed")


# Built once: building a statement costs more than running it, and each letter that starts runs these.
_TENANT = select(person.c.tenant).where(person.c.id == bindparam("who"))
_ADDRESSES = (
    select(channel)
    .where(
        channel.c.person == bindparam("who"),
        channel.c.kind == "email",
        or_(channel.c.introduction.is_(None), channel.c.id.in_(bindparam("given", expanding=True))),
    )
    .order_by(channel.c.created_at, channel.c.id)
)


def _addresses(
    connection: Connection, somebody: PersonId, given: Sequence[ChannelId]
) -> list[tuple[Destination, datetime | None]]:
    """What was given for this introduction comes first; what was given for another is not ours to use."""
    rows = connection.execute(_ADDRESSES, {"who": somebody, "given": list(given)}).all()
    place = {each: number for number, each in enumerate(given)}
    return [(_read(row), row.stopped_at) for row in sorted(rows, key=lambda row: place.get(row.id, len(place)))]


def _read(row: Row[Any]) -> Destination:
    return Destination(
        value=row.value, source=_source(row.introduction, row.source), channel=row.id, language=row.language
    )


def _source(given_for: str | None, source: str) -> AddressSource:
    return "connector" if given_for else _FROM.get(source, "programme")
