"""Conflicts: whom a programme keeps apart, and who marked it. Pairs of people, of organisations, or of one of each.

Read where blocks are read: the way to the target, the connector's letter, the moment of the introduction. It holds both
ways and under every record of somebody; nobody but staff is ever told of it.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, insert, or_, select, update

from models.base import Frozen
from models.folding import fold
from models.ids import IntroductionId, PersonId, ProgrammeId
from models.news import Barred
from models.request.plain_text import NAME_LIMIT, clean_line
from store.engine.ids import new_id
from store.journal import inbox
from store.journal.inbox import Inboxed
from store.people.addresses import Address, canonical
from store.people.identity import same_people
from store.people.lookup import ReachedPerson, reached_under
from store.people.person import person_named
from store.tables import conflict, introduction, person
from store.tables import programme as home

MarkedVia = Literal["console", "import", "terminal", "key"]

_PROGRAMME: BindParameter[str] = bindparam("programme")
_SIDES: BindParameter[str] = bindparam("sides", expanding=True)
_PEOPLE: BindParameter[str] = bindparam("people", expanding=True)
_IN_FORCE = (conflict.c.programme == _PROGRAMME, conflict.c.ended_at.is_(None))
# Built once: building a statement costs more than running it, and every search for a way runs these.
_ANY = select(conflict.c.id).where(*_IN_FORCE).limit(1)
_OF_SIDES = select(conflict.c.one, conflict.c.other).where(
    *_IN_FORCE, or_(conflict.c.one.in_(_SIDES), conflict.c.other.in_(_SIDES))
)
_ORGANISATIONS = select(person.c.id, person.c.organisation).where(person.c.id.in_(_PEOPLE))


class ConflictSide(Frozen):
    """One of the two: somebody, or an organisation as it was written."""

    person: PersonId | None = None
    organisation: str = ""

    @property
    def key(self) -> str:
        return f"person {self.person}" if self.person else _key_of(self.organisation)


class Conflict(Frozen):
    """A pair that is kept apart. Names as they are now; an organisation's as it was written."""

    id: str
    programme: ProgrammeId
    one: str
    other: str
    sides: tuple[ConflictSide, ConflictSide]  # the same two, as they are meant
    people: tuple[int, int]  # how many each means today: none, where everybody writes an organisation otherwise
    via: str
    by: str | None
    at: datetime


def are_apart(connection: Connection, programme: str, one: str, other: str) -> bool:
    """Whether these two are kept apart: themselves, or where they work, under any record of either."""
    return kept_from(connection, programme, other)(one)


def kept_from(connection: Connection, programme: str, who: str) -> Callable[[str], bool]:
    """Whether somebody is kept apart from this person: asked of one after the other, and no further than needed."""
    if not _has_any(connection, programme):
        return lambda somebody: False
    opposite = _opposite(connection, programme, same_people(connection, who))
    return lambda somebody: bool(opposite and opposite & _sides(connection, same_people(connection, somebody)))


def has_any_about(connection: Connection, programme: str, people: Collection[str]) -> bool:
    """Whether anybody is kept apart from one of these."""
    return _has_any(connection, programme) and bool(_opposite(connection, programme, people))


def side_meant(connection: Connection, programme: str, named: str) -> ConflictSide | None:
    """Who or what is meant by an id, an address or an organisation's name; None for somebody of whom this tenant knows
    nothing, and for the name of a person: people are never recognised by that."""
    address = canonical(named)
    if not isinstance(address, Address) and not named.startswith("per_"):
        cleaned = clean_line(named, NAME_LIMIT)
        is_name = isinstance(cleaned, str) and "@" not in cleaned and _key_of(cleaned) != _key_of("")
        if not isinstance(cleaned, str) or not is_name or _is_somebodys(connection, programme, cleaned):
            return None
        return ConflictSide(organisation=cleaned)
    tenant = _tenant_of(connection, programme)
    if isinstance(address, Address):
        only = reached_under(connection, address, tenant).only
        return ConflictSide(person=only) if only else None
    by_id = person_named(connection, PersonId(named))
    return ConflictSide(person=by_id.id) if by_id and by_id.tenant == tenant else None


def choice_of(connection: Connection, programme: str, named: str) -> tuple[ReachedPerson, ...]:
    """Where an address is nobody's, or several people's: who may be meant, each to be named by the id."""
    address = canonical(named)
    found = isinstance(address, Address) and reached_under(connection, address, _tenant_of(connection, programme))
    return found.choice if found else ()


def _tenant_of(connection: Connection, programme: str) -> str:
    tenant: str = connection.execute(select(home.c.tenant).where(home.c.id == programme)).scalar_one()
    return tenant


def _is_somebodys(connection: Connection, programme: str, name: str) -> bool:
    """The name of a person, at which nobody works: taken for an organisation it would keep nobody apart."""
    mine = select(home.c.tenant).where(home.c.id == programme).scalar_subquery()
    here = (person.c.tenant == mine, person.c.erased_at.is_(None))
    written = select(person.c.id).where(*here, person.c.name_folded == fold(name))
    works = select(person.c.id).where(*here, person.c.organisation_folded == fold(name)).limit(1)
    return connection.execute(written.limit(1)).first() is not None and connection.execute(works).first() is None


def mark(
    connection: Connection,
    programme: ProgrammeId,
    one: ConflictSide,
    other: ConflictSide,
    via: MarkedVia,
    by: PersonId | None,
    now: datetime,
) -> tuple[Inboxed, ...] | None:
    """Keep these two apart from now on; None where they are already. What is under way between them hears of it."""
    first, second = sorted((one, other), key=lambda side: side.key)
    this = (conflict.c.programme == programme, conflict.c.one == first.key, conflict.c.other == second.key)
    marked: dict[str, Any] = {"via": via, "by": by, "at": now, "ended_by": None, "ended_at": None}
    row = connection.execute(select(conflict.c.id, conflict.c.ended_at).where(*this).with_for_update()).one_or_none()
    if row and row.ended_at is None:
        return None
    if row:
        connection.execute(update(conflict).where(*this).values(marked))
    else:
        written = {"one_written": first.organisation, "other_written": second.organisation}
        pair = {"id": new_id("cnf"), "programme": programme, "one": first.key, "other": second.key}
        connection.execute(insert(conflict).values(pair | written | marked))
    nonce = f"{first.key}|{second.key}|{now.isoformat()}"
    return tuple(
        inbox.put(connection, introduction_id=each, news=Barred(), via=via, nonce=_short(nonce), now=now)
        for each in _under_way(connection, programme, first, second)
    )


def lift(connection: Connection, programmes: Collection[str], which: str, by: PersonId | None, now: datetime) -> bool:
    """They may be introduced to one another again. What had ended stays ended."""
    this = (conflict.c.id == which, conflict.c.programme.in_(programmes), conflict.c.ended_at.is_(None))
    return bool(connection.execute(update(conflict).where(*this).values(ended_by=by, ended_at=now)).rowcount)


def move(connection: Connection, kept: PersonId, given_up: PersonId) -> None:
    """Whom either was kept apart from, the one that stays is."""
    mine, theirs = f"person {kept}", f"person {given_up}"
    rows = connection.execute(select(conflict).where((conflict.c.one == theirs) | (conflict.c.other == theirs))).all()
    for row in rows:
        pair = [(mine if key == theirs else key, text) for key, text in _both(row)]
        (one, one_written), (other, other_written) = sorted(pair)
        this = (conflict.c.programme == row.programme, conflict.c.one == one, conflict.c.other == other)
        connection.execute(delete(conflict).where(conflict.c.id == row.id))
        there = connection.execute(select(conflict).where(*this)).one_or_none()
        new = (
            dict(row._mapping)
            | {"one": one, "other": other}
            | {"one_written": one_written, "other_written": other_written}
        )
        if one != other and there is None:
            connection.execute(insert(conflict).values(new))
        elif there is not None and row.ended_at is None:
            connection.execute(update(conflict).where(*this).values(ended_by=None, ended_at=None))


def listed(connection: Connection, programme: ProgrammeId) -> tuple[Conflict, ...]:
    """Those in force, the newest first."""
    rows = connection.execute(select(conflict).where(*_IN_FORCE), {"programme": programme}).all()
    named = _names(connection, {key for row in rows for key in (row.one, row.other, f"person {row.by}")})
    staff = _staff(connection, programme, {key for row in rows for key, written in _both(row) if written})
    found = [_conflict(row, named, staff) for row in rows]
    return tuple(sorted(found, key=lambda each: (each.at, each.one, each.other), reverse=True))


def _has_any(connection: Connection, programme: str) -> bool:
    return connection.execute(_ANY, {"programme": programme}).first() is not None


def _opposite(connection: Connection, programme: str, people: Collection[str]) -> frozenset[str]:
    """What any of these is kept apart from."""
    mine = _sides(connection, people)
    rows = connection.execute(_OF_SIDES, {"programme": programme, "sides": sorted(mine)}).all()
    ones = {row.other for row in rows if row.one in mine}
    return frozenset(ones | {row.one for row in rows if row.other in mine})


def _sides(connection: Connection, people: Iterable[str]) -> frozenset[str]:
    rows = connection.execute(_ORGANISATIONS, {"people": list(people)}).all()
    keys = {f"person {row.id}" for row in rows} | {_key_of(row.organisation) for row in rows if row.organisation}
    return frozenset(keys)


def _under_way(
    connection: Connection, programme: ProgrammeId, one: ConflictSide, other: ConflictSide
) -> list[IntroductionId]:
    """What is between the two and has not been delivered; whether it would go on, the core says as it hears of it."""
    rows = connection.execute(
        select(introduction.c.id, introduction.c.requester, introduction.c.target)
        .where(introduction.c.programme == programme, introduction.c.target.is_not(None))
        .where(introduction.c.closed_at.is_(None), introduction.c.delivered_at.is_(None))
        .order_by(introduction.c.id)
    ).all()
    first, second = (_meant(connection, programme, rows, side) for side in (one, other))
    return [
        IntroductionId(row.id)
        for row in rows
        if (row.requester in first and row.target in second) or (row.requester in second and row.target in first)
    ]


def _meant(connection: Connection, programme: ProgrammeId, rows: Sequence[Any], side: ConflictSide) -> frozenset[str]:
    """Who of those in these introductions is on this side."""
    if side.person:
        return same_people(connection, side.person)
    parties = sorted({each for row in rows for each in (row.requester, row.target)})
    works = connection.execute(_ORGANISATIONS, {"people": parties}).all()
    return frozenset(row.id for row in works if row.organisation and _key_of(row.organisation) == side.key)


def _both(row: Row[Any]) -> tuple[tuple[str, str], tuple[str, str]]:
    return (row.one, row.one_written), (row.other, row.other_written)


def _names(connection: Connection, keys: Collection[str]) -> dict[str, str]:
    people = [key.removeprefix("person ") for key in keys if key.startswith("person ")]
    rows = connection.execute(select(person.c.id, person.c.name).where(person.c.id.in_(people)))
    return {f"person {row.id}": row.name for row in rows}


def _staff(connection: Connection, programme: str, organisations: Collection[str]) -> Counter[str]:
    """How many people known here work at each of these."""
    if not organisations:
        return Counter()
    mine = select(home.c.tenant).where(home.c.id == programme).scalar_subquery()
    here = select(person.c.organisation).where(person.c.tenant == mine, person.c.erased_at.is_(None))
    return Counter(key for (name,) in connection.execute(here) if (key := _key_of(name or "")) in organisations)


def _conflict(row: Row[Any], named: dict[str, str], staff: Counter[str]) -> Conflict:
    return Conflict(
        id=row.id,
        programme=row.programme,
        one=named.get(row.one, row.one_written),
        other=named.get(row.other, row.other_written),
        sides=(_side(row.one, row.one_written), _side(row.other, row.other_written)),
        people=(_people(row.one, staff), _people(row.other, staff)),
        via=row.via,
        by=named.get(f"person {row.by}"),
        at=row.at,
    )


def _side(key: str, written: str) -> ConflictSide:
    return ConflictSide(organisation=written) if written else ConflictSide(person=PersonId(key.removeprefix("person ")))


def _people(key: str, staff: Counter[str]) -> int:
    return 1 if key.startswith("person ") else staff[key]


def _key_of(organisation: str) -> str:
    """One spelling for “Semilla, S.A.”, “SEMILLA S.A.” and “semilla sa”: letters and digits, without case or marks."""
    return "organisation " + "".join(letter for letter in fold(organisation) if letter.isalnum())


def _short(nonce: str) -> str:
    """A nonce's room is 64 characters."""
    return hashlib.sha256(nonce.encode()).hexdigest()
