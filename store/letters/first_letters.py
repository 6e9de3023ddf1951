"""First letters: whether somebody has heard from a programme before."""

from sqlalchemy import Connection, select

from models.ids import ProgrammeId
from store.letters.outbox import Letter
from store.tables import introduction, letter


def is_first(connection: Connection, begun: Letter, programme: ProgrammeId) -> bool:
    """Whether no other letter about an introduction of this programme has ever been started to its reader."""
    earlier = (
        select(letter.c.id)
        .join(introduction, introduction.c.id == letter.c.introduction)
        .where(
            letter.c.person == begun.person,
            letter.c.id != begun.id,
            letter.c.started_at.is_not(None),
            introduction.c.programme == programme,
        )
        .limit(1)
    )
    return connection.execute(earlier).first() is None
