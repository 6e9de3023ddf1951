"""The programme and the person that typed words mean, exactly or not at all."""

from typing import Never

from sqlalchemy import Connection, select

from commands.errors import CommandRefusal
from models.ids import PersonId
from store.people.addresses import Address, canonical
from store.people.lookup import Reached, ReachedPerson, reached_under
from store.people.person import person_named
from store.programmes.programmes import Programme, programmes
from store.tables import membership


def programme_meant(connection: Connection, named: str | None) -> Programme:
    """The one with this id or name; the only one there is, where none is named."""
    found = programmes(connection)
    fitting = [each for each in found if named in (None, each.id, each.name)]
    if len(fitting) == 1:
        return fitting[0]
    if not found:
        raise CommandRefusal("There is no programme yet: `introbroker programme add` makes one.")
    listed = ", ".join(f"{each.name} ({each.id})" for each in (fitting or found))
    if named and fitting:
        raise CommandRefusal(f"Several programmes are called {named}: say which, by the id. There are {listed}.")
    raise CommandRefusal(
        f"{f'No programme is called {named}' if named else 'Say which with --programme'}: there are {listed}."
    )


def anybody_meant(connection: Connection, named: str) -> PersonId:
    """Anybody on file, member or not, by their id or by exactly an e-mail address we have of them."""
    address = canonical(named)
    if isinstance(address, Address):
        return _only(named, reached_under(connection, address))
    by_id = person_named(connection, PersonId(named))
    return by_id.id if by_id else _nobody(named)


def person_meant(connection: Connection, programme: Programme, named: str) -> PersonId:
    """A member, by their id or by exactly an e-mail address of theirs."""
    address, where = canonical(named), f"in {programme.name}"
    members = set(
        connection.execute(select(membership.c.person).where(membership.c.programme == programme.id)).scalars()
    )
    if isinstance(address, Address):
        found = reached_under(connection, address, programme.tenant)
        people, near = (tuple(each for each in some if each.person in members) for some in (found.people, found.near))
        return _only(named, Reached(people=people, near=near), where)
    by_id = person_named(connection, PersonId(named))
    return by_id.id if by_id and by_id.id in members else _nobody(named, where)


def choice_of(people: tuple[ReachedPerson, ...]) -> str:
    """Several people, each with the id that names them."""
    return ", ".join(f"{each.name} <{each.address}> ({each.person})" for each in people)


def _only(named: str, found: Reached, where: str = "here") -> PersonId:
    if found.only:
        return found.only
    if found.people:
        raise CommandRefusal(f"{named} may be any of {choice_of(found.people)}: say which, by the id.")
    if found.near:
        raise CommandRefusal(
            f"{named} is nobody {where}. Near it: {choice_of(found.near)}. Who of them is meant is named by the id."
        )
    return _nobody(named, where)


def _nobody(named: str, where: str = "here") -> Never:
    raise CommandRefusal(f"{named} is nobody {where}: give an id (per_…) or an e-mail address of theirs.")
