"""The look of a programme: its name, colour and logo, as pages and letters draw them."""

from typing import Any

from sqlalchemy import Connection, Row, select

from models.base import Frozen
from models.ids import ProgrammeId
from store.tables import logo, programme

WIDEST, HIGHEST = 160, 40  # as it is shown; what is kept has three times as many pixels
LOOK = (
    programme.c.colour.label("look_colour"),
    logo.c.mark.label("look_mark"),
    logo.c.width.label("look_width"),
    logo.c.height.label("look_height"),
)
OWN_LOGO = logo.c.mark == programme.c.logo  # joined from outside: most programmes have none


class Logo(Frozen):
    """A picture of ours, by the mark of its content: at the same address there is always the same picture."""

    mark: str
    width: int
    height: int

    @property
    def path(self) -> str:
        return f"/logo/{self.mark}.png"

    @property
    def shown(self) -> tuple[int, int]:
        """How wide and how high it is drawn."""
        by = min(WIDEST / self.width, HIGHEST / self.height, 1.0)
        return max(round(self.width * by), 1), max(round(self.height * by), 1)


class ProgrammeLook(Frozen):
    """Of one programme. Without colour and logo it looks as we do."""

    programme: ProgrammeId
    name: str
    colour: str | None = None
    logo: Logo | None = None


def look_of(row: Row[*tuple[Any, ...]], programme_id: str, name: str) -> ProgrammeLook:
    """From a row that was read with the columns of `LOOK`."""
    drawn = Logo(mark=row.look_mark, width=row.look_width, height=row.look_height) if row.look_mark else None
    return ProgrammeLook(programme=ProgrammeId(programme_id), name=name, colour=row.look_colour, logo=drawn)


def only_look(connection: Connection) -> ProgrammeLook | None:
    """Of the one programme of an installation: pages that do not know who looks speak for it. Of several, none."""
    query = select(programme.c.id, programme.c.name, *LOOK).outerjoin(logo, OWN_LOGO).limit(2)
    rows = connection.execute(query).all()
    return look_of(rows[0], rows[0].id, rows[0].name) if len(rows) == 1 else None
