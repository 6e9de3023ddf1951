"""A person presented to others: name, introducing name, channels."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from models.base import Frozen
from models.ids import ChannelId, PersonId, ProgrammeId
from models.request.names import fitting_called
from store.people.addresses import mailto
from store.people.looks import LOOK, OWN_LOGO, ProgrammeLook, look_of
from store.people.names.first_names import first_name
from store.tables import channel, logo, membership, person, programme


class ProgrammeFace(Frozen):
    id: ProgrammeId
    tenant: str
    name: str
    language: str
    reply_to: str | None
    letters_paused_at: datetime | None = None
    sender: str | None = None  # whom its letters come from, if not its name
    signature: str | None = None
    opening: dict[str, str] | None = None  # above the first letter to somebody, by language
    look: ProgrammeLook


class Face(Frozen):
    """Somebody as others are told of them."""

    id: PersonId
    name: str
    language: str
    zone: str
    headline: str
    organisation: str
    places: tuple[tuple[str, str], ...]  # label, address
    paused_until: datetime | None
    is_gone: bool  # opted out, or erased
    is_erased: bool = False  # nothing of theirs is told any more, their name included
    own_called: str = ""  # as they said; empty: told from the name

    @property
    def called(self) -> str:
        """What they are called after the first mention of their name."""
        return fitting_called(self.own_called, self.name) or first_name(self.name)


class Way(Frozen):
    """One way to reach somebody."""

    id: ChannelId
    kind: str
    value: str
    label: str

    @property
    def href(self) -> str | None:
        """What opens it; None where that is nothing safe to press."""
        if self.kind == "email":
            return mailto(self.value)
        if self.kind == "phone":
            return "tel:" + "".join(each for each in self.value if each.isdigit() or each == "+")
        return self.value if self.value.startswith(("https://", "http://")) else None


# Built once: building a statement costs more than running it, and each letter that starts runs these.
_PERSON = select(person).where(person.c.id == bindparam("who"))
_PROGRAMME = select(programme, *LOOK).outerjoin(logo, OWN_LOGO).where(programme.c.id == bindparam("this"))
_WAYS = select(channel).where(channel.c.id.in_(bindparam("these", expanding=True)))
_FIRST_ADDRESS = (
    select(channel.c.id)
    .where(
        channel.c.person == bindparam("who"),
        channel.c.kind == "email",
        channel.c.introduction.is_(None),
        channel.c.stopped_at.is_(None),
    )
    .order_by(channel.c.created_at, channel.c.id)
    .limit(1)
)


def face_of(connection: Connection, somebody: str) -> Face:
    row = connection.execute(_PERSON, {"who": somebody}).one()
    if row.erased_at:
        return _nobody(row)
    return Face(
        id=row.id,
        name=row.name,
        language=row.language,
        zone=row.zone,
        headline=row.headline,
        organisation=row.organisation,
        places=tuple((str(each["label"]), str(each["url"])) for each in row.places),
        paused_until=row.paused_until,
        is_gone=row.opted_out_at is not None,
        own_called=row.called,
    )


def _nobody(row: Row[Any]) -> Face:
    """Somebody erased, from that commit on: who they were is told to nobody, before their row is wiped even."""
    return Face(
        id=row.id,
        name="",
        language=row.language,
        zone=row.zone,
        headline="",
        organisation="",
        places=(),
        paused_until=None,
        is_gone=True,
        is_erased=True,
    )


def programme_of(connection: Connection, somebody: PersonId) -> ProgrammeFace | None:
    """The programme in whose name somebody is written to when it is about no introduction: the first they joined."""
    first = connection.execute(
        select(membership.c.programme)
        .where(membership.c.person == somebody)
        .order_by(membership.c.joined_at, membership.c.programme)
        .limit(1)
    ).scalar_one_or_none()
    return programme_named(connection, first) if first else None


def programme_named(connection: Connection, programme_id: str) -> ProgrammeFace:
    row = connection.execute(_PROGRAMME, {"this": programme_id}).one()
    own = {name: row._mapping[name] for name in ProgrammeFace.model_fields if name != "look"}
    return ProgrammeFace.model_validate(own | {"look": look_of(row, row.id, row.name)})


def ways(connection: Connection, ids: list[ChannelId]) -> tuple[Way, ...]:
    """These channels, in the order in which they were named."""
    rows = connection.execute(_WAYS, {"these": ids})
    found = {row.id: Way(id=row.id, kind=row.kind, value=row.value, label=row.label) for row in rows}
    return tuple(found[each] for each in ids if each in found)


def first_address(connection: Connection, somebody: str) -> tuple[Way, ...]:
    return ways(connection, list(connection.execute(_FIRST_ADDRESS, {"who": somebody}).scalars()))
