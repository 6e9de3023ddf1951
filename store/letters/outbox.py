"""The outbox. Rows, claimed by guarded updates by any number of mailrooms.

A mailroom of a newer version may plan letters of kinds that this one does not know: those are left to it, as if they
were not there.
"""

from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, select, update

from models.base import Frozen
from models.ids import AskNumber, ChannelId, IntroductionId, LetterId, PersonId, WordsId
from models.letters import LetterKind
from models.record.ledger import LEFT
from models.record.warmth import Planned
from store.tables import letter

CLAIM = timedelta(seconds=15)  # a claimed letter is started at once; after this its mailroom counts as gone
LEASE = timedelta(minutes=3)  # after which a started letter nobody settled is unknown; longer than any relay may take

AboutReader = Literal["sign_in", "asks_paused", "desk", "welcome"]  # kinds that no introduction causes
KNOWN = (*LetterKind, *get_args(AboutReader))
IS_KNOWN = letter.c.kind.in_(KNOWN)

LetterState = Literal["planned", "started", "accepted", "unknown", "failed", "dropped"]
STARTED_OR_LEFT = ("started", *LEFT)  # on its way, or gone
SETTLED = (*LEFT, "failed")  # what became of an attempt is said


class Letter(Frozen):
    """One row of the outbox."""

    id: LetterId
    introduction: IntroductionId | None
    step: int | None
    kind: LetterKind | AboutReader
    person: PersonId
    version: int
    ask: AskNumber | None
    reminder: bool
    words: WordsId | None
    not_before: datetime
    state: LetterState
    next_try_at: datetime
    tries: int
    claimed_by: str | None
    started_at: datetime | None
    settled_at: datetime | None
    message_id: str | None
    relay_said: str | None
    channel: ChannelId | None = None
    may_have_left: datetime | None = None

    @property
    def planned(self) -> Planned | None:
        """As the consent gate needs to know it; None for a letter that no introduction causes."""
        if not isinstance(self.kind, LetterKind):
            return None
        return Planned(kind=self.kind, to=self.person, version=self.version, ask=self.ask)


class Retries(Frozen):
    """Waits between tries. They double up to `longest`; with these numbers, three days and more."""

    first: timedelta = timedelta(minutes=1)
    longest: timedelta = timedelta(hours=1)
    tries: int = 80

    def wait(self, tries: int) -> timedelta:
        return min(self.longest, self.first * (1 << min(tries, 20)))

    def is_last(self, tries: int) -> bool:
        return tries + 1 >= self.tries


def claim(
    connection: Connection, mailroom: str, now: datetime, limit: int, held_since: datetime | None = None
) -> list[LetterId]:
    """Take some letters that are due, for a while. Whoever reads them next finds them not due yet.

    `held_since`: nothing may leave but what was planned since then for its reader alone: a way in, and what staff hear.
    """
    may_leave = _is_due(now) if held_since is None else (*_is_due(now), *_is_of_its_reader_alone(held_since))
    due = select(letter.c.id).where(*may_leave).order_by(letter.c.next_try_at, letter.c.id).limit(limit)
    taken = connection.execute(
        update(letter)
        .where(letter.c.id.in_(due.with_for_update(skip_locked=True)), *may_leave)
        .values(claimed_by=mailroom, next_try_at=now + CLAIM)
        .returning(letter.c.id, letter.c.not_before)
    )
    return [LetterId(row.id) for row in sorted(taken, key=lambda row: (row.not_before, row.id))]


def next_due(connection: Connection) -> datetime | None:
    """When the next letter may leave; None while none waits."""
    earliest = select(func.min(letter.c.next_try_at)).where(letter.c.state == "planned", IS_KNOWN)
    found: datetime | None = connection.execute(earliest).scalar_one()
    return found


_ONE = select(letter).where(letter.c.id == bindparam("this"), IS_KNOWN)


def get(connection: Connection, letter_id: LetterId) -> Letter | None:
    found = connection.execute(_ONE, {"this": letter_id}).one_or_none()
    return _read(found) if found else None


def hold_until(connection: Connection, letter_id: LetterId, until: datetime) -> None:
    """Not now: it stays planned, and is looked at again then."""
    connection.execute(
        update(letter)
        .where(letter.c.id == letter_id, letter.c.state == "planned")
        .values(next_try_at=until, claimed_by=None)
    )


def left_started(connection: Connection, now: datetime, lease: timedelta = LEASE, limit: int = 100) -> list[Letter]:
    """Letters whose mailroom has not said what became of them within its lease: it is gone, or cannot tell."""
    rows = connection.execute(
        select(letter)
        .where(letter.c.state == "started", letter.c.started_at <= now - lease, IS_KNOWN)
        .order_by(letter.c.started_at)
        .limit(limit)
    )
    return [_read(row) for row in rows]


def waiting_since(connection: Connection, then: datetime, limit: int = 100) -> list[Letter]:
    """Letters that have waited for an absent relay since then, or longer."""
    rows = connection.execute(
        select(letter)
        .where(letter.c.state == "planned", letter.c.waits_since <= then, IS_KNOWN)
        .order_by(letter.c.id)
        .limit(limit)
    )
    return [_read(row) for row in rows]


def unknown(connection: Connection, limit: int = 1000) -> list[Letter]:
    """Letters of which nobody can tell whether they left. An operator sees them; none is sent again blindly."""
    rows = connection.execute(
        select(letter).where(letter.c.state == "unknown", IS_KNOWN).order_by(letter.c.started_at).limit(limit)
    )
    return [_read(row) for row in rows]


def of_introduction(connection: Connection, introduction: IntroductionId) -> list[Letter]:
    rows = connection.execute(
        select(letter)
        .where(letter.c.introduction == introduction, IS_KNOWN)
        .order_by(letter.c.step, letter.c.number, letter.c.id)
    )
    return [_read(row) for row in rows]


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return letter.c.state == "planned", letter.c.next_try_at <= now, letter.c.not_before <= now, IS_KNOWN


def _is_of_its_reader_alone(since: datetime) -> tuple[ColumnElement[bool], ...]:
    return letter.c.kind.in_(("sign_in", "desk")), letter.c.not_before > since


def _read(row: Row[Any]) -> Letter:
    return Letter.model_validate({name: row._mapping[name] for name in Letter.model_fields})
