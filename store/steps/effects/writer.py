"""A writer of effects and what it has at hand.

The connection, the step, the introduction's facts, and a place for replies.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from models.ids import AskNumber, PersonId, WordsId
from models.letters import LetterKind
from models.news import Barred, News
from models.process.state.opening import Opening
from models.record.step_record import Recording
from store.boundaries.other_requests import is_live_elsewhere
from store.engine.ids import new_id
from store.journal.ledger import End
from store.people.identity import same_people
from store.people.locale import Country
from store.tables import introduction, letter, programme, request

# Built once: building a statement costs more than running it, and every step runs these.
_FACTS = (
    select(introduction, programme.c.tenant, programme.c.country, programme.c.region)
    .join(programme, programme.c.id == introduction.c.programme)
    .where(introduction.c.id == bindparam("this"))
)
_PLAN = insert(letter)


@dataclass
class Writing:
    """One step being written."""

    connection: Connection
    recording: Recording
    opening: Opening
    tenant: str
    home: Country
    requester: PersonId
    target: PersonId | None
    recorded: int  # how many steps of it are, as this one found it
    end: End  # of its chain
    row: Row[Any]  # of the introduction, as it stood before
    replies: list[News] = field(default_factory=list)
    letters: int = 0
    asks_nobody: bool = False  # the ask that this step opens is closed again by what the store replies to it
    records: dict[PersonId, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def begin(cls, connection: Connection, recording: Recording) -> Self:
        row = connection.execute(_FACTS, {"this": recording.introduction}).one()
        opening = Opening.read_back(row.opening)
        home = Country(code=row.country, region=row.region)
        end = End(row.ledger_seq, row.ledger_hash)
        requester = PersonId(row.requester)
        return cls(connection, recording, opening, row.tenant, home, requester, row.target, row.step, end, row)

    @property
    def introduction(self) -> str:
        return self.recording.introduction

    @property
    def now(self) -> datetime:
        return self.recording.at

    @property
    def is_barred(self) -> bool:
        return any(isinstance(reply, Barred) for reply in self.replies)

    def same_people(self, somebody: PersonId) -> frozenset[str]:
        """Under which records they stand, looked up once a step."""
        if somebody not in self.records:
            self.records[somebody] = same_people(self.connection, somebody)
        return self.records[somebody]

    def run(self, statement: Any, **values: Any) -> Any:
        """`values` are what a statement that was built before is about."""
        return self.connection.execute(statement, values or None)

    def plan(
        self,
        kind: LetterKind,
        to: PersonId,
        not_before: datetime,
        *,
        ask: AskNumber | None = None,
        reminder: bool = False,
        words: WordsId | None = None,
    ) -> None:
        """Put one letter into the outbox."""
        self.letters += 1
        row = {
            "id": new_id("let"),
            "introduction": self.introduction,
            "step": self.recording.step,
            "number": self.letters,
            "kind": kind,
            "person": to,
            "version": self.recording.standing.version,
            "ask": ask,
            "reminder": reminder,
            "words": words,
            "not_before": not_before,
            "state": "planned",
            "next_try_at": not_before,
            "tries": 0,
        }
        self.connection.execute(_PLAN, row)

    def propose(self, target: PersonId | None) -> None:
        """Another target, so another version of the request, with the same words."""
        self.target = target
        if is_live_elsewhere(self.connection, self.requester, target, self.recording.introduction):
            self.replies.append(Barred())
            self.run(update(introduction).where(introduction.c.id == self.introduction).values(live=False))
        self.run(update(introduction).where(introduction.c.id == self.introduction).values(target=target))
        first = self.run(
            select(request)
            .where(request.c.introduction == self.introduction)
            .order_by(request.c.version.desc())
            .limit(1)
        ).one()
        copied = dict(first._mapping) | {"version": self.recording.standing.version, "at": self.now}
        self.run(insert(request).values(copied))
