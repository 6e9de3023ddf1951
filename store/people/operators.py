"""Operators: the people of a programme with the right to run it; how many, and how one becomes one."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from models.base import Frozen
from models.ids import PersonId, ProgrammeId
from store.engine.ids import new_id
from store.people.addresses import Address
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


def add(connection: Connection, where: ProgrammeId, who: PersonId, now: datetime) -> OperatorAccount:
    """An account for somebody on file. They keep their name and the rest."""
    _let_operate(connection, where, who, now)
    return OperatorAccount(person=who, programme=where, made=False)


def add_new(connection: Connection, where: ProgrammeId, name: str, address: Address, now: datetime) -> OperatorAccount:
    """An account for somebody who is not on file yet."""
    home = connection.execute(select(programme).where(programme.c.id == where)).one()
    who = _new_person(connection, home, name, address, now)
    _let_operate(connection, where, who, now)
    return OperatorAccount(person=who, programme=where, made=True)


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
    if connection.execute(update(membership).where(*row).values(operates=True, uninvited_since=None)).rowcount:
        return
    rights = {"listed": False, "requests": False, "operates": True}
    connection.execute(insert(membership).values(programme=where, person=who, joined_at=now, **rights))
