"""Members as operators see them. Contact details masked; each look behind the mask is kept."""

from collections import Counter
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, func, insert, not_, select

from models.asks import AskState
from models.base import Frozen
from models.ids import PersonId, ProgrammeId
from models.news import Somebody
from models.request.names import fitting_called
from store.asks.facts import masked
from store.engine.ids import new_id
from store.journal.disclosure_columns import is_kept_back
from store.journal.known_opt_outs import is_told_to_staff
from store.people.locale import LIVES, country_of, somebody
from store.people.names import search
from store.people.names.corrections import Correction, corrections
from store.tables import ask, channel, contact_view, introduction, membership, person, tie
from store.views.introductions import known_to_staff

PAGE = 50


class Member(Frozen):
    """One person of a programme, and how much is asked of them."""

    person: PersonId
    name: str
    called: str  # in letters, where they have said so
    headline: str
    organisation: str
    language: str
    zone: str
    listed: bool
    requests: bool
    operates: bool
    kind: str | None
    paused_until: datetime | None
    opted_out: bool
    open_asks: int
    ties: int
    address: str  # masked
    uninvited: bool  # a file brought them, and nobody writes to them before staff invite them
    corrections: tuple[Correction, ...]  # of their name, by themselves


class ContactDetails(Frozen):
    """Somebody's channels in full, shown once to whoever asked for them."""

    name: str
    channels: tuple[tuple[str, str], ...]


def members(
    connection: Connection, programme: ProgrammeId, sought: str, page: int, now: datetime, *, uninvited: bool = False
) -> tuple[Member, ...]:
    """One page of them by name; one more tells of a next. `uninvited`: those alone who wait to be invited."""
    only = (membership.c.uninvited_since.is_not(None),) if uninvited else ()
    counted = (_open_asks(now).label("open_asks"), _ties().label("ties"))
    rows = connection.execute(
        select(person, membership, *counted, is_told_to_staff(now).label("has_left"))
        .join(membership, membership.c.person == person.c.id)
        .where(membership.c.programme == programme, person.c.erased_at.is_(None), *search.sought(sought), *only)
        .order_by(person.c.name_folded, person.c.id)
        .limit(PAGE + 1)
        .offset(PAGE * (page - 1))
    ).all()
    addresses = _addresses(connection, {row.id for row in rows})
    renamed = corrections(connection, {row.id for row in rows})
    open_to_staff = _open_to_staff(connection, {row.id for row in rows}, now)
    return tuple(
        Member(
            person=row.id,
            name=row.name,
            called=fitting_called(row.called, row.name),
            headline=row.headline,
            organisation=row.organisation,
            language=row.language,
            zone=row.zone,
            listed=row.listed,
            requests=row.requests,
            operates=row.operates,
            kind=row.kind,
            paused_until=row.paused_until,
            opted_out=row.has_left,
            open_asks=row.open_asks + open_to_staff[row.id],
            ties=row.ties,
            address=addresses.get(row.id, ""),
            uninvited=row.uninvited_since is not None,
            corrections=renamed.get(row.id, ()),
        )
        for row in rows
    )


def member(connection: Connection, programme: ProgrammeId, person_id: PersonId, now: datetime) -> Somebody | None:
    """Somebody of this programme, as the process needs to know them."""
    row = connection.execute(
        select(*LIVES)
        .join(membership, membership.c.person == person.c.id)
        .where(membership.c.programme == programme, person.c.id == person_id, person.c.erased_at.is_(None))
    ).one_or_none()
    return somebody(row, country_of(connection, programme), now) if row else None


def kind_of(connection: Connection, programme: ProgrammeId, person_id: PersonId) -> tuple[str | None] | None:
    """Of which kind a member is, which may be none; None for whoever is no member here."""
    row = connection.execute(
        select(membership.c.kind)
        .join(person, person.c.id == membership.c.person)
        .where(membership.c.programme == programme, person.c.id == person_id, person.c.erased_at.is_(None))
    ).one_or_none()
    return (row.kind,) if row else None


def contact(connection: Connection, viewer: PersonId, person_id: PersonId, now: datetime) -> ContactDetails:
    """Their channels, unmasked; that this operator looked, and when, is kept in the same transaction."""
    row = {"id": new_id("vue"), "viewer": viewer, "person": person_id, "at": now}
    connection.execute(insert(contact_view).values(row))
    name = connection.execute(select(person.c.name).where(person.c.id == person_id)).scalar_one()
    rows = connection.execute(
        select(channel.c.kind, channel.c.value)
        .where(channel.c.person == person_id, channel.c.introduction.is_(None), channel.c.stopped_at.is_(None))
        .order_by(channel.c.created_at)
    )
    return ContactDetails(name=name, channels=tuple((each.kind, each.value) for each in rows))


def looks(connection: Connection, person_id: PersonId) -> tuple[tuple[str, datetime], ...]:
    """Who looked at this person's contact details, the latest first: theirs to know."""
    rows = connection.execute(
        select(person.c.name, contact_view.c.at)
        .join(person, person.c.id == contact_view.c.viewer)
        .where(contact_view.c.person == person_id)
        .order_by(contact_view.c.at.desc())
        .limit(PAGE)
    )
    return tuple((row.name, row.at) for row in rows)


def _open_asks(now: datetime) -> ColumnElement[int]:
    """Of introductions that are told as they are; the others are counted as staff may read them."""
    theirs = (ask.c.person == person.c.id, ask.c.state == AskState.OPEN, not_(is_kept_back(now)))
    about = ask.join(introduction, introduction.c.id == ask.c.introduction)
    return select(func.count()).select_from(about).where(*theirs).correlate(person).scalar_subquery()


def _open_to_staff(connection: Connection, people: set[PersonId], now: datetime) -> Counter[PersonId]:
    """Where something is kept from staff: as many open questions as they may know of (`models.record.veil`)."""
    theirs = exists().where(ask.c.introduction == introduction.c.id, ask.c.person.in_(people))
    query = select(introduction.c.id).where(is_kept_back(now), theirs)
    told = [known_to_staff(connection, each, now) for each in connection.execute(query).scalars().all()]
    return Counter(each.person for one in told if one for each in one.open_asks())


def _ties() -> ColumnElement[int]:
    theirs = (tie.c.connector == person.c.id, tie.c.denied_at.is_(None))
    return select(func.count()).select_from(tie).where(*theirs).correlate(person).scalar_subquery()


def _addresses(connection: Connection, people: set[str]) -> dict[str, str]:
    rows = connection.execute(
        select(channel.c.person, channel.c.value)
        .where(channel.c.person.in_(people), channel.c.kind == "email", channel.c.stopped_at.is_(None))
        .where(channel.c.introduction.is_(None))
        .order_by(channel.c.created_at.desc())
    )
    return {row.person: masked("email", row.value) for row in rows}
