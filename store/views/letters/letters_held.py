"""Letters that are held after a restore, for whoever says go. Ids and kinds only."""

from datetime import datetime

from sqlalchemy import Connection, select

from models.base import Frozen
from models.ids import IntroductionId, LetterId
from store.tables import letter

SHOWN = 500


class HeldLetter(Frozen):
    id: LetterId
    introduction: IntroductionId | None
    kind: str
    due: datetime
    may_have_left: bool


def due(connection: Connection, now: datetime) -> list[HeldLetter]:
    """What would leave at once, the oldest first."""
    query = (
        select(letter.c.id, letter.c.introduction, letter.c.kind, letter.c.not_before, letter.c.may_have_left)
        .where(letter.c.state == "planned", letter.c.not_before <= now)
        .order_by(letter.c.not_before, letter.c.id)
        .limit(SHOWN)
    )
    return [
        HeldLetter(
            id=row.id,
            introduction=row.introduction,
            kind=row.kind,
            due=row.not_before,
            may_have_left=row.may_have_left is not None,
        )
        for row in connection.execute(query)
    ]
