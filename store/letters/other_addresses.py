"""Other ways to reach a person."""

from sqlalchemy import Connection, or_, select

from store.letters.outbox import Letter
from store.tables import channel


def needs_another(connection: Connection, settled: Letter) -> bool:
    """Where the connector had given the address that is dead, or no other is on file."""
    given = select(channel.c.id).where(channel.c.id == settled.channel, channel.c.introduction == settled.introduction)
    if connection.execute(given).first():
        return True
    usable = select(channel.c.id).where(
        channel.c.person == settled.person,
        channel.c.kind == "email",
        channel.c.stopped_at.is_(None),
        channel.c.ended_at.is_(None),
        or_(channel.c.introduction.is_(None), channel.c.introduction == settled.introduction),
    )
    return connection.execute(usable.limit(1)).first() is None
