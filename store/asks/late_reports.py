"""Late reports, kept. No workflow runs any more, so the store asks the core itself, and records the step.

It is the last step there is, under the next number, guarded like all others. Should a crash have taken the closing from
Temporal, the workflow comes to its end again by what the ledger holds before, and never asks for what came after it.
"""

from datetime import datetime

from sqlalchemy import Connection, exists, select

from models.ids import IntroductionId
from models.news import Reported, Thanked
from models.process.late_reports import hear_afterwards
from models.process.state.opening import Opening
from models.process.verdict import Reason, Refused, Step, Taken
from models.record.retelling import retold
from models.record.step_record import Recording
from store.asks.held_answers import erase_words
from store.journal import inbox
from store.journal.inbox import Inboxed
from store.journal.ledger import entries
from store.steps.step_recorder import record
from store.steps.unclaimed import is_over
from store.tables import inbox as inbox_table
from store.tables import introduction, person

AFTER_THE_END = (Reported, Thanked)  # what is still heard then


def settle(
    connection: Connection, kept: Inboxed, verdict: Taken | Refused | None, now: datetime
) -> Taken | Refused | None:
    """What was said to this row of the inbox, written down; None where it goes on waiting. `verdict`: None where nobody
    runs who could hear it."""
    if isinstance(verdict, Taken):
        inbox.confirm(connection, kept.key)
        return verdict
    may_be_over = verdict is None or verdict.reason == Reason.CLOSED
    if may_be_over and (found := hear(connection, kept, now)):
        return found
    if verdict is None or not verdict.stands or (may_be_over and isinstance(kept.news, AFTER_THE_END)):
        return None
    inbox.mark_refused(connection, kept.key, verdict.reason)
    return verdict


def hear(connection: Connection, kept: Inboxed, now: datetime) -> Taken | Refused | None:
    """What becomes of this row of the inbox; None where it is not over yet, or somebody else has just heard it."""
    inbox.lock(connection, kept.introduction)
    waiting = inbox.get(connection, kept.key)
    if waiting is None or waiting.state != "waiting" or not is_over(connection, kept.introduction):
        return None
    verdict = _decided(connection, kept, now)
    if isinstance(verdict, Refused):
        inbox.mark_refused(connection, kept.key, verdict.reason)
        if isinstance(kept.news, AFTER_THE_END) and not both_are_there(connection, kept.introduction):
            erase_words(connection, kept.introduction, kept.news.ask, kept.news.by, kept.news.words)
        return verdict
    record(connection, Recording.of(verdict, kept.key, now))
    inbox.confirm(connection, kept.key)  # there is no workflow left that would have to know
    return Taken(step=verdict.after.step, stage=verdict.after.stage.kind)


def _decided(connection: Connection, kept: Inboxed, now: datetime) -> Step | Refused:
    opening = connection.execute(
        select(introduction.c.opening).where(introduction.c.id == kept.introduction)
    ).scalar_one()
    over = retold(Opening.read_back(opening), entries(connection, kept.introduction))
    if over is None or not both_are_there(connection, kept.introduction):
        return Refused(reason=Reason.CLOSED)
    return hear_afterwards(over, kept.news, now, in_time=_was_said_in_time(connection, kept))


def _was_said_in_time(connection: Connection, kept: Inboxed) -> bool:
    """Before the end, though it is heard after it: whoever said it was told that we have it."""
    before = (inbox_table.c.key == kept.key, inbox_table.c.at < introduction.c.closed_at)
    ended = inbox_table.join(introduction, introduction.c.id == inbox_table.c.introduction)
    return connection.execute(select(inbox_table.c.key).select_from(ended).where(*before)).first() is not None


def both_are_there(connection: Connection, introduction_id: IntroductionId) -> bool:
    """Where one of the two has been forgotten, nothing more is written down about them."""
    gone = exists().where(
        introduction.c.id == introduction_id,
        person.c.id.in_([introduction.c.requester, introduction.c.target]),
        person.c.erased_at.is_not(None),
    )
    return not connection.execute(select(gone)).scalar_one()
