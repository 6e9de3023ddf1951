"""Identity: the records under which one human being may stand. Whoever shares a mailbox, and whoever was put together.

A block is between people, not between records: it holds against every address, alias and record of either (S12). Where
two people do share a mailbox, it holds for both, which is the stricter reading.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import BindParameter, ColumnElement, Connection, FromClause, Select, bindparam, exists, or_, select

from models.ids import PersonId
from store.tables import block, channel, person

MOST = 50  # records; a mailbox that a whole office shares ends the search, and no page waits for it

_PEOPLE: BindParameter[str] = bindparam("people", expanding=True)
_OTHERS: BindParameter[str] = bindparam("others", expanding=True)
_THEIRS, _SHARED = channel.alias("theirs"), channel.alias("others")


def is_of_use(address: FromClause) -> ColumnElement[bool]:
    """Not what a connector gave and undid, or what proved to be somebody else's: that tells nobody."""
    mine: ColumnElement[bool] = address.c.introduction.is_(None)
    return mine | (address.c.stopped_at.is_(None) & address.c.ended_at.is_(None))


_ONE, _OTHER = person.alias("one"), person.alias("other")
# Built once: building a statement costs more than running it, and every search for a way runs these.
_WITH_THEIR_MAILBOXES = (
    select(_SHARED.c.person)
    .join(_THEIRS, _THEIRS.c.match_key == _SHARED.c.match_key)
    .join(_ONE, _ONE.c.id == _THEIRS.c.person)
    .join(_OTHER, _OTHER.c.id == _SHARED.c.person)
    .where(
        _THEIRS.c.person.in_(_PEOPLE),
        _THEIRS.c.kind == "email",
        _SHARED.c.kind == "email",
        _ONE.c.tenant == _OTHER.c.tenant,
        is_of_use(_THEIRS),
        is_of_use(_SHARED),
    )
    .distinct()
)
# Without what a connector's typing alone puts together: the one has it as their own, to the other it was given.
_AS_BOTH_SAY = _WITH_THEIR_MAILBOXES.where(_THEIRS.c.introduction.is_(None) == _SHARED.c.introduction.is_(None))
_OWN_OF_ANOTHER = exists().where(
    _SHARED.c.match_key == channel.c.match_key,
    _SHARED.c.introduction.is_(None),
    _SHARED.c.kind == "email",
    _OTHER.c.id == _SHARED.c.person,
    _OTHER.c.erased_at.is_(None),
    _OTHER.c.id.not_in(_PEOPLE),
    _OTHER.c.tenant == _ONE.c.tenant,
)
_SILENCED = (
    select(channel.c.value)
    .join(_ONE, _ONE.c.id == channel.c.person)
    .where(channel.c.person == bindparam("who"), channel.c.kind == "email", is_of_use(channel))
    .where(channel.c.introduction.is_(None) | ~_OWN_OF_ANOTHER)
)
_PUT_TOGETHER = select(person.c.id, person.c.merged_into).where(
    or_(person.c.id.in_(_PEOPLE), person.c.merged_into.in_(_PEOPLE))
)
_WANTS = select(block.c.at).where(block.c.blocker.in_(_PEOPLE), block.c.blocked.in_(_OTHERS)).limit(1)
_EITHER = (
    select(block.c.at)
    .where(
        or_(
            block.c.blocker.in_(_PEOPLE) & block.c.blocked.in_(_OTHERS),
            block.c.blocker.in_(_OTHERS) & block.c.blocked.in_(_PEOPLE),
        )
    )
    .limit(1)
)


def same_people(connection: Connection, *people: PersonId | str) -> frozenset[str]:
    """These, and every record of the same tenant that may be one of them."""
    return _same(connection, people, _WITH_THEIR_MAILBOXES)


def who_speaks(connection: Connection, who: PersonId) -> frozenset[str]:
    """For whom this person's word about letters stands: nobody is silenced by what a connector typed for another."""
    return _same(connection, (who,), _AS_BOTH_SAY)


def silenced_with(connection: Connection, who: PersonId) -> list[str]:
    """Every address that nobody writes to once this person says so, or is forgotten.

    What a connector gave for them is among these, unless it is somebody else's own: then that one has the say.
    """
    records = list(_same(connection, (who,), None))
    return sorted(set(connection.execute(_SILENCED, {"who": who, "people": records}).scalars()))


def kept_record(connection: Connection, who: PersonId) -> PersonId:
    """The record this one was put together with, and that one perhaps with another; most are their own."""
    for _ in range(MOST):
        into = connection.execute(select(person.c.merged_into).where(person.c.id == who)).scalar_one_or_none()
        if into is None:
            break
        who = PersonId(into)
    return who


def is_blocked(connection: Connection, some: Collection[str], others: Collection[str]) -> bool:
    """Whether any of these wants no way to be open to, or from, any of the others."""
    return connection.execute(_EITHER, {"people": list(some), "others": list(others)}).first() is not None


def has_blocked(connection: Connection, blocker: str, blocked: str) -> bool:
    """Whether this person, under any record, wants no way to be open to that one, under any."""
    some, others = same_people(connection, blocker), same_people(connection, blocked)
    return connection.execute(_WANTS, {"people": list(some), "others": list(others)}).first() is not None


def _same(connection: Connection, people: Iterable[str], by_mailbox: Select[str] | None) -> frozenset[str]:
    known: set[str] = set(people)
    fresh = known
    while fresh and len(known) < MOST:
        shared = () if by_mailbox is None else connection.execute(by_mailbox, {"people": list(fresh)}).scalars().all()
        fresh = {*shared, *_put_together(connection, fresh)} - known
        known |= fresh
    return frozenset(known)


def _put_together(connection: Connection, people: Iterable[str]) -> Iterable[str]:
    rows = connection.execute(_PUT_TOGETHER, {"people": list(people)})
    return [each for row in rows for each in (row.id, row.merged_into) if each]
