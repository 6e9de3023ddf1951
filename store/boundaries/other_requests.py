"""Live pairs: one requester asks for one person once at a time."""

from sqlalchemy import Connection, select

from models.ids import IntroductionId, PersonId
from store.tables import introduction


def is_live_elsewhere(
    connection: Connection, requester: PersonId, target: PersonId | None, here: IntroductionId
) -> bool:
    """Whether another introduction of these two is under way, as far as anybody has been told."""
    pair = (introduction.c.requester == requester, introduction.c.target == target)
    others = select(introduction.c.id).where(*pair, introduction.c.live, introduction.c.id != here)
    return connection.execute(others.limit(1)).first() is not None
