"""Photos of people: kept, shown where their owner says so, and gone with their address.

The address of a photo is made by chance, not from its content: who has the picture elsewhere finds nobody by it. A new
one, or one that is shown no more, has a new address; the old one stops at once.
"""

import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from images.results import CleanImage
from models.base import Frozen
from models.ids import PersonId
from store.tables import person, photo

# Built once: building a statement costs more than running it, and each page behind a link runs it.
_PERSON = select(person).where(person.c.id == bindparam("who"), person.c.erased_at.is_(None))


class Place(Frozen):
    """A public place of theirs, where anybody may read them and take part."""

    label: str
    url: str

    @property
    def host(self) -> str:
        """Where it leads, in the one word by which an address is judged."""
        return urlsplit(self.url).hostname or self.url


class OnShow(Frozen):
    """What somebody lets others see of them beside their name and headline."""

    photo: str | None = None  # its address
    places: tuple[Place, ...] = ()


def address_of(mark: str | None) -> str | None:
    return f"/photo/{mark}.png" if mark else None


def on_show(connection: Connection, who: PersonId) -> OnShow:
    row: Any = connection.execute(_PERSON, {"who": who}).one_or_none()
    return of_person(row) if row else OnShow()


def of_person(row: Any) -> OnShow:
    """From their row, or from a person read from it."""
    return OnShow(
        photo=address_of(row.photo) if row.photo_shown else None,
        places=tuple(Place.model_validate(each) for each in row.places) if row.places_shown else (),
    )


def keep(connection: Connection, who: PersonId, picture: CleanImage, now: datetime, *, shown: bool) -> None:
    """In place of an earlier one."""
    mark = _new_mark()
    connection.execute(delete(photo).where(photo.c.person == who))
    connection.execute(insert(photo).values(mark=mark, person=who, png=picture.png, at=now))
    connection.execute(update(person).where(person.c.id == who).values(photo=mark, photo_shown=shown))


def show(connection: Connection, who: PersonId, *, shown: bool) -> None:
    """Whoever has seen where it lay finds it there no more once it is hidden."""
    mark = _new_mark()
    hidden = update(photo).where(photo.c.person == who).values(mark=mark)
    new: dict[str, Any] = {"photo_shown": shown}
    if not shown and connection.execute(hidden).rowcount:
        new["photo"] = mark
    connection.execute(update(person).where(person.c.id == who).values(new))


def remove(connection: Connection, who: PersonId) -> int:
    gone = connection.execute(delete(photo).where(photo.c.person == who)).rowcount
    connection.execute(update(person).where(person.c.id == who).values(photo=None, photo_shown=False))
    return gone


def show_places(connection: Connection, who: PersonId, *, shown: bool) -> None:
    connection.execute(update(person).where(person.c.id == who).values(places_shown=shown))


def picture_of(connection: Connection, mark: str) -> bytes | None:
    """The PNG under this mark, as long as its owner is here."""
    lies = select(photo.c.png).join(person, person.c.id == photo.c.person)
    return connection.execute(lies.where(photo.c.mark == mark, person.c.erased_at.is_(None))).scalar_one_or_none()


def _new_mark() -> str:
    return secrets.token_hex(16)
