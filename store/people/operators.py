"""Operators: the people of a programme with the right to run it; how many, and how one becomes one."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from models.base import Frozen
from models.ids import PersonId, ProgrammeId
from store.engine.ids import new_id
from store.people.addresses import Address
from store.people.person import with_address
from store.tables import channel, membership, person, programme


class OperatorAccount(Frozen):
    """One operator's account. `made`: the person was not on file before."""

    person: PersonId
    programme: ProgrammeId
    made: bool


def count(connection: Connection) -> int:
    """How many there are who can be reached, over all programmes. Under .test nobody can: those are fictional."""
    theirs = (
        select(func.count(person.c.id.distinct()))
        .join(membership, membership.c.person == person.c.id)
        .join(channel, channel.c.person == person.c.id)
    )
    reached = (channel.c.kind == "email", channel.c.stopped_at.is_(None), ~channel.c.value.like("%.test"))
    return connection.execute(theirs.where(membership.c.operates, person.c.erased_at.is_(None), *reached)).scalar_one()


def add(connection: Connection, where: ProgrammeId, name: str, address: Address, now: datetime) -> OperatorAccount:
    """An account for whoever is reached under this address. Somebody already on file keeps their name and the rest."""
    home = connection.execute(select(programme).where(programme.c.id == where)).one()
    on_file = _of_tenant(connection, with_address(connection, address), home.tenant)
    who = on_file or _new_person(connection, home, name, address, now)
    _let_operate(connection, where, who, now)
    return OperatorAccount(person=who, programme=where, made=on_file is None)


def _of_tenant(connection: Connection, people: tuple[PersonId, ...], tenant: str) -> PersonId | None:
    theirs = select(person.c.id).where(person.c.id.in_(people), person.c.tenant == tenant).order_by(person.c.id)
    return connection.execute(theirs.limit(1)).scalar_one_or_none()


def _new_person(connection: Connection, home: Row[Any], name: str, address: Address, now: datetime) -> PersonId:
    who = PersonId(new_id("per"))
    own = {"id": who, "tenant": home.tenant, "name": name, "language": home.language, "zone": home.zone}
    rest = {"topics": [], "places": [], "salt": secrets.token_hex(32), "created_at": now}
    connection.execute(insert(person).values(own | rest))
    connection.execute(
        insert(channel).values(
            id=new_id("cha"),
            person=who,
            kind="email",
            value=address.written,
            match_key=address.mailbox,
            source="operator add",
            created_at=now,
        )
    )
    return who


def _let_operate(connection: Connection, where: ProgrammeId, who: PersonId, now: datetime) -> None:
    row = (membership.c.programme == where, membership.c.person == who)
    if connection.execute(update(membership).where(*row).values(operates=True)).rowcount:
        return
    rights = {"listed": False, "requests": False, "operates": True}
    connection.execute(insert(membership).values(programme=where, person=who, joined_at=now, **rights))
