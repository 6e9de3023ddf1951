"""The directory a requester chooses from.

Members who agreed to be listed, by name, headline and topics, and nothing else.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from models.base import Frozen
from models.ids import PersonId, ProgrammeId
from models.request.guidance.suggestions import MemberEntry, fitting, words_to_seek
from store.people.names.search import WORDS, sought
from store.tables import membership, person

# Built once: building a statement costs more than running it, and each look for somebody runs it.
_LISTED = (
    select(person)
    .join(membership, membership.c.person == person.c.id)
    .where(membership.c.listed, membership.c.uninvited_since.is_(None), person.c.erased_at.is_(None))
    .order_by(person.c.name_folded, person.c.id)
)
SHOWN = 30  # at once; who looks for somebody else narrows the list
CLOSER = 200  # looked at, of those in whose entry a word stands, for whom to suggest


class ListedMember(Frozen):
    """What somebody agreed to show. `taking_asks_from` is a pause they have published."""

    id: PersonId
    name: str
    headline: str
    organisation: str
    topics: tuple[str, ...]
    taking_asks_from: datetime | None


class Suggestion(Frozen):
    """Somebody listed who may fit, and by which of their own topics, or by their place of work."""

    member: ListedMember
    by: tuple[str, ...]


class Directory(Frozen):
    """Some of the listed members, by name, how many fit in all, and whom one could ask; those are not listed again."""

    members: tuple[ListedMember, ...]
    total: int
    suggested: tuple[Suggestion, ...] = ()

    def suggesting(self, suggested: tuple[Suggestion, ...]) -> "Directory":
        again = {each.member.id for each in suggested}
        others = tuple(each for each in self.members if each.id not in again)
        return self.model_copy(update={"suggested": suggested, "members": others})


def directory(
    connection: Connection, programme: ProgrammeId, viewer: PersonId, wanted: str, chosen: PersonId | None
) -> Directory:
    """Everybody listed whose entry holds each of the wanted words; whoever is chosen already stays in sight."""
    listed, fitting = _listed(programme, viewer), sought(wanted)
    found = connection.execute(listed.where(*fitting).limit(SHOWN)).all()
    total = connection.execute(select(func.count()).select_from(listed.where(*fitting).subquery())).scalar_one()
    kept = connection.execute(listed.where(person.c.id == chosen)).all() if chosen else []
    shown = [*kept, *(row for row in found if row.id != chosen)]
    return Directory(members=tuple(_member(row) for row in shown[:SHOWN]), total=total)


def member(connection: Connection, programme: ProgrammeId, wanted: PersonId) -> ListedMember | None:
    """One listed member."""
    row = connection.execute(_listed(programme, None).where(person.c.id == wanted)).one_or_none()
    return _member(row) if row else None


def suggestions(
    connection: Connection, programme: ProgrammeId, viewer: PersonId, written: Sequence[str]
) -> tuple[Suggestion, ...]:
    """Whom somebody could ask, by what they wrote and their own topics. Of others only what they show is read (S10)."""
    own = connection.execute(select(person.c.topics).where(person.c.id == viewer)).scalar_one()
    sought_for = words_to_seek(written, own)[:WORDS]
    if not sought_for:
        return ()
    stands = or_(*(person.c.entry_folded.contains(each, autoescape=True) for each in sought_for))
    rows = connection.execute(_listed(programme, viewer).where(stands).limit(CLOSER)).all()
    found = {row.id: row for row in rows}
    fits = fitting((_entry(row) for row in rows), written, own)
    return tuple(Suggestion(member=_member(found[each.id]), by=each.by) for each in fits)


def _entry(row: Row[Any]) -> MemberEntry:
    return MemberEntry(id=row.id, name_folded=row.name_folded, organisation=row.organisation, topics=tuple(row.topics))


def _listed(programme: ProgrammeId, viewer: PersonId | None) -> Any:
    query = _LISTED.where(membership.c.programme == programme)
    return query.where(person.c.id != viewer) if viewer else query


def _member(row: Row[Any]) -> ListedMember:
    return ListedMember(
        id=row.id,
        name=row.name,
        headline=row.headline,
        organisation=row.organisation,
        topics=tuple(row.topics),
        taking_asks_from=row.paused_until,
    )
