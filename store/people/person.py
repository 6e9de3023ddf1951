"""A person, as they and their programmes have them. Their page's facts, and what they may change of them."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from models.base import Frozen
from models.ids import ChannelId, PersonId, ProgrammeId
from store.engine.ids import new_id
from store.people.addresses import Address
from store.people.looks import LOOK, OWN_LOGO, ProgrammeLook, look_of
from store.people.lookup import is_exactly
from store.people.photos import OnShow, Place, address_of, of_person
from store.tables import channel, logo, membership, person, programme
from store.tables.folded_columns import folded

_PARTS = ("listed", "requests", "operates", "kind")
PLACES, CHANNELS = 12, 12  # most of each that one person may keep
# Built once: building a statement costs more than running it, and each page of somebody's own runs these.
_PERSON = select(person).where(person.c.id == bindparam("who"), person.c.erased_at.is_(None))
_BELONGINGS = (
    select(programme.c.id, programme.c.name, *(membership.c[name] for name in _PARTS), *LOOK)
    .join(membership, membership.c.programme == programme.c.id)
    .outerjoin(logo, OWN_LOGO)
    .where(membership.c.person == bindparam("who"))
    .order_by(programme.c.name, programme.c.id)
)
_CHANNELS = (
    select(channel)
    .where(
        channel.c.person == bindparam("who"),
        channel.c.introduction.is_(None),
        (channel.c.stopped_at.is_(None)) | (channel.c.kind == "email"),
    )
    .order_by(channel.c.created_at, channel.c.id)
)


class Channel(Frozen):
    """One way to reach them. Shared with nobody before they agree to it, introduction by introduction."""

    id: ChannelId
    kind: str
    value: str
    label: str
    stopped: bool


class Belonging(Frozen):
    """One programme they are in, and what they are there."""

    programme: ProgrammeId
    name: str
    listed: bool
    requests: bool
    operates: bool
    kind: str | None = None  # of the kinds of people that the programme's policy tells apart
    look: ProgrammeLook


class Person(Frozen):
    id: PersonId
    tenant: str
    name: str
    language: str
    zone: str
    country: str | None = None
    region: str | None = None
    headline: str
    called: str = ""  # as they said; empty: told from the name
    organisation: str
    topics: tuple[str, ...]
    places: tuple[Place, ...]
    places_shown: bool = False
    photo: str | None = None  # its mark
    photo_shown: bool = False
    paused_until: datetime | None
    opted_out_at: datetime | None

    @property
    def on_show(self) -> OnShow:
        """As whoever is asked about them sees it."""
        return of_person(self)


class Profile(Frozen):
    """Everything of a person's own that stands on their page."""

    person: Person
    channels: tuple[Channel, ...]
    belongings: tuple[Belonging, ...]

    @property
    def photo_address(self) -> str | None:
        return address_of(self.person.photo)

    @property
    def operates(self) -> bool:
        return any(each.operates for each in self.belongings)

    @property
    def look(self) -> ProgrammeLook | None:
        """Of the one programme they are in: a page about several is in the colours of none."""
        return self.belongings[0].look if len(self.belongings) == 1 else None


def person_named(connection: Connection, person_id: PersonId) -> Person | None:
    """The person with this id, unless they have been erased."""
    found = connection.execute(_PERSON, {"who": person_id}).one_or_none()
    return _person(found) if found else None


def profile(connection: Connection, person_id: PersonId) -> Profile | None:
    found = person_named(connection, person_id)
    if found is None:
        return None
    return Profile(
        person=found,
        channels=_channels(connection, person_id),
        belongings=belongings(connection, person_id),
    )


def belongings(connection: Connection, person_id: PersonId) -> tuple[Belonging, ...]:
    """The programmes somebody is in, by name."""
    rows = connection.execute(_BELONGINGS, {"who": person_id})
    return tuple(
        Belonging(
            programme=row.id,
            name=row.name,
            look=look_of(row, row.id, row.name),
            **{part: getattr(row, part) for part in _PARTS},
        )
        for row in rows
    )


def with_address(connection: Connection, address: Address) -> tuple[PersonId, ...]:
    """Everybody who is reached under exactly this address: one per tenant. Where we may not write, nobody is found."""
    rows = connection.execute(
        select(person.c.id, channel.c.value)
        .join(channel, channel.c.person == person.c.id)
        .where(
            channel.c.match_key.in_({address.key, address.mailbox}),
            channel.c.introduction.is_(None),
            channel.c.stopped_at.is_(None),
            person.c.erased_at.is_(None),
        )
        .order_by(person.c.id)
    )
    return tuple(dict.fromkeys(PersonId(row.id) for row in rows if is_exactly(row.value, address)))


def speak(connection: Connection, person_id: PersonId, language: str, zone: str) -> None:
    """In this language, by this clock: pages and letters from now on."""
    connection.execute(update(person).where(person.c.id == person_id).values(language=language, zone=zone))


def keep_days(connection: Connection, person_id: PersonId, country: str | None, region: str | None) -> None:
    """Whose weekend and holidays are theirs from now on; None: the programme's."""
    connection.execute(update(person).where(person.c.id == person_id).values(country=country, region=region))


def present(connection: Connection, person_id: PersonId, headline: str, topics: tuple[str, ...]) -> None:
    """What stands beside their name where they are listed."""
    new = {"headline": headline, "topics": list(topics)}
    theirs = person.c.id == person_id
    row = connection.execute(select(person.c.name, person.c.organisation).where(theirs).with_for_update()).one()
    connection.execute(update(person).where(theirs).values(new | folded(row._asdict() | new)))


def call(connection: Connection, person_id: PersonId, called: str) -> None:
    """What letters call them after the first mention; empty: what their name tells."""
    connection.execute(update(person).where(person.c.id == person_id).values(called=called))


def list_in(connection: Connection, person_id: PersonId, programmes: frozenset[str]) -> None:
    """Listed in these of their programmes, and in no other."""
    theirs = membership.c.person == person_id
    connection.execute(update(membership).where(theirs).values(listed=membership.c.programme.in_(programmes)))


def add_place(connection: Connection, person_id: PersonId, new: Place) -> bool:
    """One more public place of theirs; False: they have enough. Added twice, it is there once."""
    others = [each for each in _places(connection, person_id) if each.url != new.url]
    if len(others) >= PLACES:
        return False
    _keep_places(connection, person_id, [*others, new])
    return True


def remove_place(connection: Connection, person_id: PersonId, url: str) -> None:
    _keep_places(connection, person_id, [each for each in _places(connection, person_id) if each.url != url])


def _places(connection: Connection, person_id: PersonId) -> list[Place]:
    """Nobody else changes them before this transaction is over: two pages may add at once."""
    kept = select(person.c.places).where(person.c.id == person_id).with_for_update()
    return [Place.model_validate(each) for each in connection.execute(kept).scalar_one()]


def _keep_places(connection: Connection, person_id: PersonId, places: list[Place]) -> None:
    kept = [place.model_dump() for place in places]
    connection.execute(update(person).where(person.c.id == person_id).values(places=kept))


def add_channel(connection: Connection, person_id: PersonId, kind: str, value: str, label: str, now: datetime) -> bool:
    """One more way to reach them, other than mail: an address has to prove itself first. False: they have enough.

    Added twice, it is there once.
    """
    connection.execute(
        select(person.c.id).where(person.c.id == person_id).with_for_update()
    )  # two pages may add at once
    theirs = _channels(connection, person_id)
    if any((each.kind, each.value) == (kind, value) for each in theirs):
        return True
    if len(theirs) >= CHANNELS:
        return False
    row = {"id": new_id("cha"), "person": person_id, "kind": kind, "value": value, "label": label}
    connection.execute(insert(channel).values(**row, source="their own page", created_at=now))
    return True


def stop_channel(connection: Connection, person_id: PersonId, channel_id: ChannelId, now: datetime) -> None:
    """Taken off their page: offered and shared no more. Their mail addresses stay, as letters go there."""
    theirs = (channel.c.id == channel_id, channel.c.person == person_id, channel.c.kind != "email")
    connection.execute(update(channel).where(*theirs, channel.c.stopped_at.is_(None)).values(stopped_at=now))


def pause(connection: Connection, person_id: PersonId, until: datetime | None) -> None:
    """No new asks until then, and whoever asks for them is told the day. None ends the pause."""
    connection.execute(update(person).where(person.c.id == person_id).values(paused_until=until))


def first_instant(day: date, zone: str) -> datetime:
    """When asks begin again: as that day begins where they live."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))


def _channels(connection: Connection, person_id: PersonId) -> tuple[Channel, ...]:
    rows = connection.execute(_CHANNELS, {"who": person_id})
    return tuple(
        Channel(id=row.id, kind=row.kind, value=row.value, label=row.label, stopped=row.stopped_at is not None)
        for row in rows
    )


def _person(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        tenant=row.tenant,
        name=row.name,
        language=row.language,
        zone=row.zone,
        country=row.country,
        region=row.region,
        headline=row.headline,
        called=row.called,
        organisation=row.organisation,
        topics=tuple(row.topics),
        places=tuple(Place.model_validate(each) for each in row.places),
        places_shown=row.places_shown,
        photo=row.photo,
        photo_shown=row.photo_shown,
        paused_until=row.paused_until,
        opted_out_at=row.opted_out_at,
    )
