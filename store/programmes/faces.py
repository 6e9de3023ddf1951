"""The face of a programme, kept: name, sender, signature, opening, colour and logo.

A logo stays where it was served for as long as letters that show it may be read (`store/privacy/retention.py`).
"""

from datetime import datetime

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


def face_of(connection: Connection, of: ProgrammeId) -> KeptFace:
    row = connection.execute(select(programme).where(programme.c.id == of)).one()
    own = {name: row._mapping[name] for name in KeptFace.model_fields}
    return KeptFace.model_validate(own | {"opening": row.opening or {}})


def keep(
    connection: Connection,
    of: ProgrammeId,
    face: KeptFace,
    by: PersonId | None,
    now: datetime,
    picture: CleanImage | None = None,
) -> None:
    """From the next page and the next letter on. `picture` becomes the logo, whatever the face says of one."""
    if picture:
        _hang(connection, picture, now)
        face = face.model_copy(update={"logo": picture.mark})
    before = face_of(connection, of).logo
    new = face.model_dump() | {"opening": face.opening or None, "face_by": by, "face_at": now}
    connection.execute(update(programme).where(programme.c.id == of).values(new))
    if before and before != face.logo:
        in_use = select(programme.c.logo).where(programme.c.logo.is_not(None))
        dropped = (logo.c.mark == before, logo.c.mark.not_in(in_use))
        connection.execute(update(logo).where(*dropped).values(dropped_at=now))


def picture_of(connection: Connection, mark: str) -> bytes | None:
    """The PNG under this mark, be it shown now or only by older letters."""
    return connection.execute(select(logo.c.png).where(logo.c.mark == mark)).scalar_one_or_none()


def _hang(connection: Connection, picture: CleanImage, now: datetime) -> None:
    known = update(logo).where(logo.c.mark == picture.mark).values(dropped_at=None)
    if not connection.execute(known).rowcount:
        row = {"mark": picture.mark, "width": picture.width, "height": picture.height, "png": picture.png}
        connection.execute(insert(logo).values(**row, made_at=now))
