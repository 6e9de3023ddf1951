"""Operators who may lend their own name. As the person they are, where they know the target."""

from sqlalchemy import Connection, exists, select

from models.ids import PersonId
from store.tables import channel, tie
from store.views.introductions import ListedIntroduction


def may_lend(connection: Connection, line: ListedIntroduction, who: PersonId) -> bool:
    """Whether it makes sense to ask them. Their cap, a pause or a block are looked at when it is done, as of any."""
    if line.target is None or who in (line.requester, line.target):
        return False
    knows = exists().where(
        tie.c.connector == who,
        tie.c.person == line.target,
        tie.c.confirmed_at.is_not(None),
        tie.c.denied_at.is_(None),
        ~tie.c.no_go,
    )
    reached = exists().where(
        channel.c.person == line.target,
        channel.c.kind == "email",
        channel.c.introduction.is_(None),
        channel.c.stopped_at.is_(None),
    )
    return bool(connection.execute(select(knows & reached)).scalar_one())
