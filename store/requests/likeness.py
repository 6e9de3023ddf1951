"""Likeness of a note to earlier ones of its requester. Compared with names and companies taken out, in per cent."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz
from sqlalchemy import Connection, select

from models.base import Frozen
from models.folding import fold
from models.ids import PersonId, ProgrammeId
from models.request.request import Outside
from store.tables import introduction, person, request, words

LOOKED_AT = 200  # of their latest notes; more than a season holds
MARK = " § "  # stands for whoever the note was written to


class Addressee(Frozen):
    """To whom a note was, or is to be, sent."""

    name: str
    organisation: str


def likeness_to_earlier(
    connection: Connection,
    programme: ProgrammeId,
    requester: PersonId,
    note: str,
    target: PersonId | None,
    outside: Outside | None = None,
) -> int:
    """Likeness to the most similar of their earlier notes to others, in per cent.

    The same person may read the same twice.
    """
    if not note.strip():
        return 0
    ours = _bare(note, _addressee(connection, target, outside))
    earlier = _earlier(connection, programme, requester, target)
    return max((int(fuzz.ratio(ours, _bare(body, other))) for body, other in earlier), default=0)


def _addressee(connection: Connection, target: PersonId | None, outside: Outside | None) -> Addressee:
    if outside or target is None:
        return Addressee(name=outside.name if outside else "", organisation=outside.organisation if outside else "")
    row = connection.execute(select(person.c.name, person.c.organisation).where(person.c.id == target)).one_or_none()
    return Addressee(name=row.name, organisation=row.organisation) if row else Addressee(name="", organisation="")


def _earlier(
    connection: Connection, programme: ProgrammeId, requester: PersonId, target: PersonId | None
) -> Iterable[tuple[str, Addressee]]:
    query = (
        select(words.c.body, introduction.c.target, introduction.c.live, person.c.name, person.c.organisation)
        .join(request, request.c.note == words.c.id)
        .join(
            introduction,
            (introduction.c.id == request.c.introduction) & (introduction.c.version == request.c.version),
        )
        .outerjoin(person, person.c.id == introduction.c.target)
        .where(introduction.c.programme == programme, introduction.c.requester == requester)
        .order_by(introduction.c.asked_at.desc())
        .limit(LOOKED_AT)
    )
    for row in connection.execute(query):
        read_by_somebody = row.target is not None or row.live  # a need that found nobody was read by nobody
        if read_by_somebody and (target is None or row.target != target):
            yield row.body, Addressee(name=row.name or "", organisation=row.organisation or "")


def _bare(note: str, to: Addressee) -> str:
    """Small letters without accents, and every name of the addressee replaced by one mark."""
    bare = fold(note)
    for name in sorted(_names(to), key=len, reverse=True):
        bare = re.sub(rf"\b{re.escape(name)}\b", MARK, bare)
    return " ".join(re.sub(r"[^\w§ ]+", " ", bare).split())


def _names(to: Addressee) -> set[str]:
    name, organisation = fold(to.name), fold(to.organisation)
    return {each for each in (name, organisation, *name.split(), *organisation.split()) if len(each) > 2}
