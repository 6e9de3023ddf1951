"""Disclosure: what requester, key, target and connector may know of one introduction, and since when.

The ledger's events are added up one by one into the columns of the read model, and every surface reads those: own page,
answer pages, API, letters and exports. What staff may know is read off the ledger itself (`staff_knowledge.py`).
Who said no, who was silent and who was never asked is in none of them.
What depends on the instant of reading is a function of the columns and of that instant, and stands here too.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from models.asks import AskKind
from models.base import Frozen
from models.effects import Effect
from models.ids import AskNumber
from models.letters import LetterKind, Role
from models.news import OptedIn, RequestConfirmed
from models.outcomes import INTRODUCED, Ending
from models.process.objections import after_the_end
from models.process.state.introduction import Introduction
from models.process.verdict import Reason, Step
from models.record.ledger import LEFT, Began, Entry, Event, Mailed, Moved, standing


class Progress(StrEnum):
    """Where a party stands, in one word for all: own page, API, exports. A target is never asked afresh."""

    IN_PROGRESS = "in_progress"
    ASKED_AFRESH = "asked_afresh"  # the requester had been told that there is none, and a way has opened after all
    INTRODUCED = "introduced"  # and that stays, however it went
    CLOSED = "closed"


class LoopClosed(StrEnum):
    """What a connector hears in the end, beside their own answer."""

    CAME_TOGETHER = "came_together"
    DID_NOT = "did_not"


class Milestone(StrEnum):
    REQUESTED = "requested"
    CONFIRMED = "confirmed"  # by the requester themselves, of a request made for them
    CLOSED = "closed"
    ASKED_AFRESH = "asked_afresh"
    INTRODUCED = "introduced"
    CLOSED_AGAIN = "closed_again"


class Known(Frozen):
    """What each of them may know after an event; each field is a column of the read model, by this name."""

    requester_progress: Progress = Progress.IN_PROGRESS
    requester_since: datetime | None = None  # None: since it was asked for
    confirmed_ask: AskNumber | None = None
    confirmed_at: datetime | None = None
    told_at: datetime | None = None  # when the requester first heard that there is none for now
    afresh_ask: AskNumber | None = None  # what has been put to them since; they know of it once its letter has left
    afresh_at: datetime | None = None
    target_progress: Progress = Progress.IN_PROGRESS
    target_since: datetime | None = None
    connector_heard: LoopClosed | None = None
    connector_heard_at: datetime | None = None


class Instants(Frozen):
    """Of the row of the read model, what says when the requester could know of what."""

    asked_at: datetime
    confirmed_at: datetime | None
    told_at: datetime | None
    afresh_at: datetime | None
    requester_progress: Progress
    requester_since: datetime | None


class Happening(Frozen):
    """One thing the requester and their key know to have happened."""

    kind: Milestone
    at: datetime


def known_from(entries: Iterable[Entry]) -> Known:
    """What each may know, told from the first event on."""
    known, promised_at = Known(), None
    for entry in entries:
        if isinstance(entry.event, Began):
            promised_at = entry.event.promised_at
        if promised_at:
            known = after(known, entry.event, entry.at, promised_at)
    return known


def after(known: Known, event: Event, at: datetime, promised_at: datetime) -> Known:
    """The next event, heard at `at`, on top of what was known before it."""
    if isinstance(event, Mailed):
        return _mailed(known, event, at)
    known = _confirmation(known, event, at)
    known = _question(known, event, at)
    known = _requester(known, event, at, promised_at)
    return _connector(_target(known, event, at), event, at)


def once_heard(known: Known, unheard: Iterable[tuple[Step, datetime]], promised_at: datetime) -> Known:
    """What each would know after these steps too, each said at its instant, which nobody has heard yet."""
    for step, at in unheard:
        if step.news is not None:
            where = standing(step.after)
            moved = Moved(step=step.after.step, news=step.news, effects=step.effects, standing=where)
            known = after(known, moved, at, promised_at)
    return known


def tells_anew(event: Mailed) -> bool:
    """Whether what became of this letter may be news to its reader's page."""
    return event.template == LetterKind.ASK_REQUESTER and event.state in LEFT


def happenings(row: Instants) -> tuple[Happening, ...]:
    """What the requester and their key know of, in order."""
    since, progress = row.requester_since, row.requester_progress
    closed = since if progress == Progress.CLOSED else None
    happened = (
        (Milestone.REQUESTED, row.asked_at),
        (Milestone.CONFIRMED, row.confirmed_at),
        (Milestone.CLOSED, row.told_at or closed),
        (Milestone.ASKED_AFRESH, row.afresh_at),
        (Milestone.INTRODUCED, since if progress == Progress.INTRODUCED else None),
        (Milestone.CLOSED_AGAIN, closed if row.afresh_at else None),
    )
    return tuple(Happening(kind=kind, at=at) for kind, at in happened if at)


def updated_at(row: Instants) -> datetime:
    return max(each.at for each in happenings(row))


class OwnYes(Frozen):
    """What somebody reads of a yes of their own. Of what others did since, only whether the two were introduced."""

    shared_at: datetime | None
    taken_back_at: datetime | None  # by themselves
    ended: bool  # without an introduction: nothing was shared, and nothing will be


class OfConsent(Protocol):
    """A consent, recorded or said and not yet heard."""

    @property
    def role(self) -> Role: ...
    @property
    def at(self) -> datetime: ...
    @property
    def revoked_at(self) -> datetime | None: ...


def own_yes(yes: OfConsent, known: Known) -> OwnYes:
    """A requester's yes ends as they are told, whatever goes on; one they are asked for afresh, and a target's, not."""
    is_requesters = yes.role == Role.REQUESTER
    progress = known.requester_progress if is_requesters else known.target_progress
    since = known.requester_since if is_requesters else known.target_since
    is_of_before = is_requesters and known.told_at is not None and yes.at < known.told_at
    # Void as they were told: nothing they did, and on their page nothing that others' endings do not show.
    is_lost = (
        is_of_before and known.told_at is not None and yes.revoked_at is not None and yes.revoked_at >= known.told_at
    )
    introduced = progress == Progress.INTRODUCED
    return OwnYes(
        shared_at=since if introduced and yes.revoked_at is None else None,
        taken_back_at=None if is_lost else yes.revoked_at,
        ended=is_lost or (not introduced and (progress == Progress.CLOSED or is_of_before)),
    )


def is_unnamed(*, blind: bool, target_progress: Progress) -> bool:
    """Whether the target, who was asked without a name, has yet to learn who asks: the letter that introduces tells."""
    return blind and target_progress != Progress.INTRODUCED


def against_a_key(progress: Progress, *, came_late: bool) -> Reason | None:
    """What a key reads against an act of its own: once the requester was told, no more than that it is over."""
    return after_the_end(introduced=progress == Progress.INTRODUCED, over=came_late or progress == Progress.CLOSED)


def came_after_the_end(told_at: datetime | None, afresh_at: datetime | None, heard_at: datetime | None) -> bool:
    """Whether what a key had handed in was heard only once the requester had been told that there is none.

    The core may still take it, where somebody has said "later"; a key must not be able to tell.
    """
    if not told_at or not heard_at:
        return False
    return heard_at > told_at and not (afresh_at and heard_at >= afresh_at)


def agreed_at_request(introduction: Introduction, stage: str) -> bool:
    """Whether a target may read that the requester's yes stands already: it came with the request, and counts.

    `introduction`: as said. `stage`: as told, an end the reader has not heard of among them. Void or grown old, the yes
    is asked for anew, and nothing is sure.
    """
    stands = introduction.has_opted_in(Role.REQUESTER) and not introduction.is_asked(Role.REQUESTER)
    return introduction.agrees_in_its_words and stands and stage in ("delivering", "resting")


def _confirmation(known: Known, event: Began | Moved, at: datetime) -> Known:
    if isinstance(event, Moved) and isinstance(event.news, RequestConfirmed):
        return known.model_copy(update={"confirmed_ask": event.news.ask, "confirmed_at": at})
    if known.confirmed_ask in _reopened(event.effects):
        return known.model_copy(update={"confirmed_ask": None, "confirmed_at": None})
    return known


def _question(known: Known, event: Began | Moved, at: datetime) -> Known:
    """The question a late yes brings the requester who had been told; any earlier one is settled by then."""
    for effect in event.effects:
        if effect.kind == "open_ask" and known.told_at and _is_the_requesters(effect):
            known = known.model_copy(update={"afresh_ask": effect.ask.number})
    return known


def _is_the_requesters(effect: Effect) -> bool:
    return effect.kind == "open_ask" and (effect.ask.kind, effect.ask.role) == (AskKind.OPT_IN, Role.REQUESTER)


def _requester(known: Known, event: Began | Moved, at: datetime, promised_at: datetime) -> Known:
    where, now = event.standing, known.requester_progress
    if _is_introduced(event):
        return _at(known, "requester", Progress.INTRODUCED, at)
    if where.told and not known.told_at:
        told_at = min(promised_at, at)  # the day they were given, however late its step was taken
        return _at(known.model_copy(update={"told_at": told_at}), "requester", Progress.CLOSED, told_at)
    if now == Progress.ASKED_AFRESH and (where.stage == "closed" or _says_no_more(known, event)):
        return _at(known, "requester", Progress.CLOSED, at)
    if known.afresh_at and where.stage != "closed" and known.afresh_ask in _reopened(event.effects):
        return known.model_copy(
            update={"requester_progress": Progress.ASKED_AFRESH, "requester_since": known.afresh_at}
        )
    return _at(known, "requester", Progress.CLOSED, min(promised_at, at)) if where.stage == "closed" else known


def _says_no_more(known: Known, event: Began | Moved) -> bool:
    """Their question is no longer open, and it was not a yes."""
    said_yes = isinstance(event, Moved) and isinstance(event.news, OptedIn) and event.news.ask == known.afresh_ask
    settled = any(effect.kind == "settle_ask" and effect.ask == known.afresh_ask for effect in event.effects)
    return settled and not said_yes


def _target(known: Known, event: Began | Moved, at: datetime) -> Known:
    if _is_introduced(event):
        return _at(known, "target", Progress.INTRODUCED, at)
    return _at(known, "target", Progress.CLOSED, at) if event.standing.stage == "closed" else known


def _connector(known: Known, event: Began | Moved, at: datetime) -> Known:
    where = event.standing
    if known.connector_heard or where.stage != "closed" or not where.approved or where.connector is None:
        return known
    together = where.ending in (*INTRODUCED, Ending.TWO_LINES)
    heard = LoopClosed.CAME_TOGETHER if together else LoopClosed.DID_NOT
    return known.model_copy(update={"connector_heard": heard, "connector_heard_at": at})


def _mailed(known: Known, event: Mailed, at: datetime) -> Known:
    asks_them = tells_anew(event) and event.ask is not None and event.ask == known.afresh_ask
    if not asks_them or known.afresh_at or known.requester_progress != Progress.CLOSED:
        return known
    update = {"requester_progress": Progress.ASKED_AFRESH, "requester_since": at, "afresh_at": at}
    return known.model_copy(update=update)


def _is_introduced(event: Began | Moved) -> bool:
    where = event.standing
    if any(reply.kind == "introduced" for reply in event.replies):
        return True  # the letters are planned and both sides disclosed in this very step
    return where.stage == "following_up" or (where.stage == "closed" and where.ending in INTRODUCED)


def _at(known: Known, who: str, progress: Progress, at: datetime) -> Known:
    """What they knew already they know since then; once introduced or closed for good, nothing moves it."""
    if getattr(known, f"{who}_progress") == progress:
        return known
    return known.model_copy(update={f"{who}_progress": progress, f"{who}_since": at})


def _reopened(effects: Iterable[Effect]) -> set[AskNumber]:
    return {effect.ask for effect in effects if effect.kind == "reopen_ask"}
