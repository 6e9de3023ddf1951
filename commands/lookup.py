"""The programme and the person that typed words mean, exactly or not at all."""

from sqlalchemy import Connection, select

from commands.errors import CommandRefusal
from models.ids import PersonId
from store.people.addresses import Address, canonical
from store.people.person import person_named, with_address
from store.programmes.programmes import Programme, programmes
from store.tables import channel, membership, person


def programme_meant(connection: Connection, named: str | None) -> Programme:
    """The one with this id or name; the only one there is, where none is named."""
    found = programmes(connection)
    fitting = [each for each in found if named in (None, each.id, each.name)]
    if len(fitting) == 1:
        return fitting[0]
    if not found:
        raise CommandRefusal("There is no programme yet: `introbroker programme add` makes one.")
    listed = ", ".join(f"{each.name} ({each.id})" for each in found)
    raise CommandRefusal(
        f"{f'No programme is called {named}' if named else 'Say which with --programme'}: there are {listed}."
    )


def anybody_meant(connection: Connection, named: str) -> PersonId:
    """Anybody on file, member or not, by their id or by any e-mail address we have of them."""
    address = canonical(named)
    if isinstance(address, Address):
        reached = select(channel.c.person).where(channel.c.match_key.in_({address.key, address.mailbox}))
        on_file = select(person.c.id).where(person.c.id.in_(reached), person.c.erased_at.is_(None))
    else:
        on_file = select(person.c.id).where(person.c.id == named, person.c.erased_at.is_(None))
    found = sorted(set(connection.execute(on_file).scalars()))
    if not found:
        raise CommandRefusal(f"{named} is nobody here: give an id (per_…) or an e-mail address of theirs.")
    if len(found) > 1:
        raise CommandRefusal(f"{named} may be any of {', '.join(found)}: say which, by the id.")
    return PersonId(found[0])


def person_meant(connection: Connection, programme: Programme, named: str) -> PersonId:
    """A member, by their id or by an e-mail address of theirs."""
    address = canonical(named)
    if isinstance(address, Address):
        people = with_address(connection, address)
    else:
        by_id = person_named(connection, PersonId(named))
        people = (by_id.id,) if by_id else ()
    here = select(membership.c.person).where(membership.c.programme == programme.id, membership.c.person.in_(people))
    found = connection.execute(here).scalars().first()
    if found is None:
        raise CommandRefusal(
            f"{named} is nobody in {programme.name}: give an id (per_…) or an e-mail address of a member."
        )
    return PersonId(found)
