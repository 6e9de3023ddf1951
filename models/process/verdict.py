"""Verdicts of the core. A step, with its effects, or a refusal with a reason a page can show."""

from enum import StrEnum

from models.base import Frozen
from models.effects import Effect
from models.news import News
from models.process.state.introduction import Introduction


class Reason(StrEnum):
    """Why news was refused. Each has its own words on a page, in three languages."""

    CLOSED = "closed"  # the introduction is over
    UNKNOWN_ASK = "unknown_ask"
    NOT_YOURS = "not_yours"
    OWN_PART = "own_part"  # an operator who is one of the two: another one acts
    OLD_VERSION = "old_version"  # the request has changed since this was asked
    ALREADY_ANSWERED = "already_answered"
    SETTLED = "settled"  # it went on, or ended, without this answer
    TOO_LATE_TO_UNDO = "too_late_to_undo"
    UNDONE = "undone"  # by whoever said it, before anybody had heard it
    ALREADY_INTRODUCED = "already_introduced"
    BUSY = "busy"  # the letters are being written, or it catches up with its ledger: ask again in a second
    BAD_DATE = "bad_date"  # "later" names a day that is past, or too far away
    EDITED_OFTEN = "edited_often"  # the policy allows no further version of the request
    OFTEN_ENOUGH = "often_enough"  # undone, put off, held or given more time as often as it may be
    SENTENCE_NEEDED = "sentence_needed"
    VOUCH_NEEDED = "vouch_needed"
    NOT_AN_ANSWER = "not_an_answer"  # this ask has no such answer
    NOT_NOW = "not_now"  # nothing at this stage listens to such news
    NOTHING_DUE = "nothing_due"


class Refused(Frozen):
    reason: Reason

    @property
    def stands(self) -> bool:
        """Not for a second only: what is told so then is kept, and heard after that."""
        return self.reason != Reason.BUSY


REFUSED = {reason: Refused(reason=reason) for reason in Reason}  # made once: pages try every act, and most are refused


class Taken(Frozen):
    """The news was heard and a step followed."""

    step: int
    stage: str


class Step(Frozen):
    """What follows from one piece of news: where the introduction stands now, and what has to be written."""

    after: Introduction
    news: News | None  # None for the step that begins
    effects: tuple[Effect, ...] = ()
