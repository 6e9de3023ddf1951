"""Introductions an operator is a party of. As an operator they see none of them: others work on those."""

from collections.abc import Collection

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, exists, or_, select

from models.ids import PersonId, ProgrammeId
from store.tables import introduction, membership, person


def not_about(who: Collection[PersonId] | BindParameter[str]) -> ColumnElement[bool]:
    """Introductions in which none of these records is one of the two."""
    row, records = introduction.c, who if isinstance(who, BindParameter) else sorted(who)
    return and_(row.requester.not_in(records), or_(row.target.is_(None), row.target.not_in(records)))


def has_another_operator(connection: Connection, programme: ProgrammeId, than: PersonId) -> bool:
    """Whether anybody else could read and steer here."""
    return _any_operator(connection, programme, membership.c.person != than)


def operates(connection: Connection, programme: ProgrammeId, who: PersonId) -> bool:
    """Whether this person works for this programme now."""
    return _any_operator(connection, programme, membership.c.person == who)


def _any_operator(connection: Connection, programme: ProgrammeId, such: ColumnElement[bool]) -> bool:
    here = exists().where(
        membership.c.programme == programme,
        membership.c.operates,
        such,
        membership.c.person == person.c.id,
        person.c.erased_at.is_(None),
        person.c.merged_into.is_(None),
    )
    return bool(connection.execute(select(here)).scalar_one())
