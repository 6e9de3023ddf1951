"""Acts of programs: what a key has handed in about an introduction, and what has become of it."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, select

from models.base import Frozen
from models.ids import InboxKey, IntroductionId, ProgrammeId
from models.process.verdict import Reason
from models.record.disclosure import Progress, against_a_key, came_after_the_end
from store.journal.inbox import InboxState
from store.tables import inbox, introduction

ActOutcome = Literal["recorded", "taken", "refused"]
BY_A_KEY = "key"
FOR_STAFF = frozenset({"screened", "sent_back", "resent"})  # kinds of news that only a key for operators hands in


class KeyAct(Frozen):
    """One act, as the inbox keeps it, and as much of its introduction as the requester may know."""

    id: InboxKey
    introduction: IntroductionId
    kind: str  # of the news
    at: datetime
    state: InboxState
    reason: str | None
    heard_at: datetime | None
    progress: Progress
    told_at: datetime | None
    afresh_at: datetime | None
    over: int | None = None  # the version of the request it was written over, where it is an edit

    @property
    def outcome(self) -> ActOutcome:
        if self.state == "waiting":
            return "recorded"
        return "refused" if self.state == "refused" or self._came_after_the_end else "taken"

    @property
    def why_refused(self) -> Reason:
        """As the requester may know it."""
        reason = Reason.OLD_VERSION if self.reason == Reason.OLD_VERSION else Reason.NOT_NOW
        known = None if self.kind in FOR_STAFF else against_a_key(self.progress, came_late=self._came_after_the_end)
        return known or reason

    @property
    def _came_after_the_end(self) -> bool:
        return self.kind not in FOR_STAFF and came_after_the_end(self.told_at, self.afresh_at, self.heard_at)


def key_act(connection: Connection, programme: ProgrammeId, act: str) -> KeyAct | None:
    """None for one of another programme, and for what came in by another door."""
    return _one(connection, introduction.c.programme == programme, inbox.c.key == act)


def key_act_once(connection: Connection, introduction_id: IntroductionId, nonce: str) -> KeyAct | None:
    """The act that came with this nonce."""
    return _one(connection, inbox.c.introduction == introduction_id, inbox.c.nonce == nonce)


def _one(connection: Connection, *which: ColumnElement[bool]) -> KeyAct | None:
    facts = (introduction.c.requester_progress, introduction.c.told_at, introduction.c.afresh_at)
    query = select(inbox, *facts).join(introduction, introduction.c.id == inbox.c.introduction)
    row = connection.execute(query.where(inbox.c.via == BY_A_KEY, *which)).one_or_none()
    return _read(row) if row else None


def _read(row: Row[Any]) -> KeyAct:
    return KeyAct(
        id=row.key,
        introduction=row.introduction,
        kind=row.kind,
        at=row.at,
        state=row.state,
        reason=row.reason,
        heard_at=row.heard_at,
        progress=row.requester_progress,
        told_at=row.told_at,
        afresh_at=row.afresh_at,
        over=row.news.get("of") if row.kind == "edited" else None,
    )
