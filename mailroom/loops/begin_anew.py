"""Beginning anew: what Temporal holds nothing of is started again, and its ledger tells it what has happened.

Never in another namespace than the installation's own, and never many at once without an operator's word: whoever named
a wrong or an empty namespace would have everything begun a second time.
"""

from typing import Protocol

from sqlalchemy import Connection

from mailroom.room import Room
from models.ids import IntroductionId
from models.process.state.opening import Opening
from store.installation import namespace
from store.steps import unclaimed
from store.views import stalled_workflows
from workflows.client import WorkflowHealth


class Starting(Protocol):
    """Where introductions begin, and what is known of them there."""

    async def start(self, opening: Opening) -> bool: ...

    async def standing(self, introduction: IntroductionId) -> WorkflowHealth: ...


async def begin_anew(room: Room, introductions: Starting, introduction: IntroductionId) -> bool:
    """Begun again, if Temporal holds nothing of it and it may be. What somebody has ended by hand stays ended."""
    if await introductions.standing(introduction) != "missing":
        return False
    now = room.clock()

    def lost(connection: Connection) -> Opening | None:
        opening = stalled_workflows.lost(connection, introduction)
        return opening if opening and namespace.may_begin_anew(connection, introduction, now) else None

    opening = await room.database.write(lost)
    if opening is None or not await introductions.start(opening):
        return False
    await room.database.write(lambda connection: unclaimed.mark_started(connection, introduction, now))
    return True
