"""The limit of sign-in letters: so many an hour one person is sent, however often somebody asks for them."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from models.ids import PersonId
from store.tables import rate

LETTERS_PER_HOUR = 5
WINDOW = timedelta(hours=1)
ASKED = "sign_in"  # one row, written anew by every ask


def note_an_ask(connection: Connection, now: datetime) -> None:
    """What every ask for a sign-in link costs, whomever it names: a look over the window, and one row anew."""
    connection.execute(delete(rate).where(rate.c.scope.like("sign_in:%"), rate.c.at <= now - WINDOW))
    connection.execute(delete(rate).where(rate.c.scope == ASKED))
    connection.execute(insert(rate).values(scope=ASKED, at=now))


def counted(connection: Connection, person: PersonId, now: datetime) -> bool:
    """Whether one more may be written to them; it counts from now on."""
    scope = f"sign_in:{person}"
    sent = connection.execute(select(func.count()).where(rate.c.scope == scope)).scalar_one()
    if sent < LETTERS_PER_HOUR:
        connection.execute(insert(rate).values(scope=scope, at=now))
    return bool(sent < LETTERS_PER_HOUR)
