"""The face of a programme, kept: name, sender, signature, opening, colour and logo.

A logo stays where it was served for as long as letters that show it may be read (`store/privacy/retention.py`).
"""

import hashlib
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from images.results import CleanImage
from models.base import Frozen
from models.ids import PersonId, ProgrammeId
from store.tables import logo, programme


class KeptFace(Frozen):
    """What an operator sets. None or empty: as it is without."""

    name: str
    sender: str | None
    signature: str | None
    opening: dict[str, str]
    colour: str | None
    logo: str | None  # its mark


class FaceVersion(NamedTuple):
    """A face, and the mark by which a form says from which one it was filled."""

    face: KeptFace
    mark: str


def face_of(connection: Connection, of: ProgrammeId) -> KeptFace:
    return version_of(connection, of).face


def version_of(connection: Connection, of: ProgrammeId, *, to_change: bool = False) -> FaceVersion:
    """As it is kept. `to_change`: nobody else changes it before this transaction is over."""
    query = select(programme).where(programme.c.id == of)
    row = connection.execute(query.with_for_update() if to_change else query).one()
    own = {name: row._mapping[name] for name in KeptFace.model_fields}
    face = KeptFace.model_validate(own | {"opening": row.opening or {}})
    told = f"{of} {row.face_at} {row.face_by} {face.model_dump_json()}"
    return FaceVersion(face, hashlib.sha256(told.encode()).hexdigest()[:32])


def keep(
    connection: Connection,
    of: ProgrammeId,
    face: KeptFace,
    by: PersonId | None,
    now: datetime,
    picture: CleanImage | None = None,
    seen: str | None = None,
) -> FaceVersion | None:
    """From the next page and the next letter on. `picture` becomes the logo, whatever the face says of one.

    `seen`: the mark of the version that was looked at as this one was typed. None, and nothing is kept, where somebody
    has kept another since; what is kept already is only said again.
    """
    before = version_of(connection, of, to_change=True)
    face = face.model_copy(update={"logo": picture.mark if picture else face.logo and before.face.logo})
    if face == before.face:
        return before
    if seen not in (None, before.mark):
        return None
    if picture:
        _hang(connection, picture, now)
    new = face.model_dump() | {"opening": face.opening or None, "face_by": by, "face_at": now}
    connection.execute(update(programme).where(programme.c.id == of).values(new))
    if before.face.logo and before.face.logo != face.logo:
        in_use = select(programme.c.logo).where(programme.c.logo.is_not(None))
        dropped = (logo.c.mark == before.face.logo, logo.c.mark.not_in(in_use))
        connection.execute(update(logo).where(*dropped).values(dropped_at=now))
    return version_of(connection, of)


def picture_of(connection: Connection, mark: str) -> bytes | None:
    """The PNG under this mark, be it shown now or only by older letters."""
    return connection.execute(select(logo.c.png).where(logo.c.mark == mark)).scalar_one_or_none()


def _hang(connection: Connection, picture: CleanImage, now: datetime) -> None:
    known = update(logo).where(logo.c.mark == picture.mark).values(dropped_at=None)
    if not connection.execute(known).rowcount:
        row = {"mark": picture.mark, "width": picture.width, "height": picture.height, "png": picture.png}
        connection.execute(insert(logo).values(**row, made_at=now))
