"""Staff knowledge: an introduction as staff may read it at an instant, told from its ledger (S41)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from models.asks import WITH_DEADLINE
from models.news import News
from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from models.process.state.stages import Confirming, Resting, WithConnector, WithParties
from models.process.story import begin, heard
from models.process.verdict import Refused
from models.record.ledger import Began, Entry, Mailed, Moved, Standing, standing
from models.record.quiet_endings import QUIET
from models.record.veil import OF_TIME, Veil, drawn

_AT_ONCE = timedelta(minutes=5)


class AsStaffKnow(NamedTuple):
    """An introduction as staff may know it. `until`: so long it is told as if a question were still open."""

    introduction: Introduction | None  # None: recorded under rules we no longer know
    entries: tuple[Entry, ...]
    until: datetime | None = None
    kept_from: int | None = None  # so long, what this step and later ones caused is not for staff

    @property
    def step(self) -> int:
        """How far it has moved for staff: what time does, and a no, counts where it can be seen, and together once."""
        all_of_it = (None, *self.entries, None)
        return sum(_moves(*each) for each in zip(all_of_it, self.entries, all_of_it[2:], strict=False))


class ShownToStaff(NamedTuple):
    """The columns that lists for staff are drawn from; all but the first only where something is kept back."""

    shown_due_at: datetime | None
    shown_stage: str | None = None
    shown_waiting_on: str | None = None
    shown_until: datetime | None = None  # so long these three hold
    then_due_at: datetime | None = None  # what is due from then on
    kept_until: datetime | None = None  # so long anything is kept back: a second no has a deadline of its own


def as_staff_know(opening: Opening, entries: Sequence[Entry], now: datetime) -> AsStaffKnow:
    """The story as staff may read it at this instant."""
    real: Introduction | None = None
    veil: Veil | None = None
    shown: list[Entry] = []
    for entry in entries:
        if isinstance(entry.event, Mailed):
            continue
        shown, veil = _lifted(shown, veil, entry.at)
        before, real = real, _next(opening, real, entry)
        if real is None:
            return AsStaffKnow(None, tuple(each for each in entries if not isinstance(each.event, Mailed)))
        if veil:
            veil.hear(before, entry, real)
            continue
        veil = drawn(before, entry, real) if before else None
        if veil is None:
            shown.append(entry)
    shown, veil = _lifted(shown, veil, now)
    if veil is None:
        return AsStaffKnow(real, tuple(shown))
    veil.time_passes(now)
    return AsStaffKnow(veil.state, (*shown, *veil.shown), veil.until, veil.kept_from)


def shown_to_staff(opening: Opening, entries: Sequence[Entry], now: datetime) -> ShownToStaff | None:
    """What the columns hold after these events; None where nothing is kept back."""
    found = as_staff_know(opening, entries, now)
    if found.until is None or found.introduction is None:
        return None
    then = as_staff_know(opening, entries, found.until)
    where, kept_until = standing(found.introduction), found.until
    due_at, then_due_at = due_of(found.introduction), due_of(then.introduction) if then.introduction else None
    while then.until:
        kept_until, then = then.until, as_staff_know(opening, entries, then.until)
    return ShownToStaff(due_at, where.stage, where.waiting_on, found.until, then_due_at, kept_until)


def as_recorded(opening: Opening, entries: Sequence[Entry]) -> Introduction | None:
    """As it stands after these events, whoever may know of them."""
    introduction: Introduction | None = None
    for entry in entries:
        introduction = _next(opening, introduction, entry)
    return introduction


def due_of(introduction: Introduction) -> datetime | None:
    """What staff read as due: while somebody is asked the deadline, not the reminder, which an early no would stop; and
    once it has ended the day on which that is told, not what the requester is still asked."""
    stage, due_at, told = introduction.stage, standing(introduction).due_at, introduction.told
    if isinstance(stage, Resting) and not told:
        return stage.tell_at  # earlier than promised, where endings are told in batches
    if due_at is None or not isinstance(stage, Confirming | WithConnector | WithParties):
        return due_at
    deadlines = [ask.due_at for ask in introduction.open_asks() if ask.kind in WITH_DEADLINE]
    promised = [] if told else [introduction.promised_at]
    return min([*deadlines, *promised]) if deadlines else due_at


def _lifted(shown: list[Entry], veil: Veil | None, at: datetime) -> tuple[list[Entry], Veil | None]:
    """What staff read once its time has come, and what is kept back still: a second no has a deadline of its own."""
    while veil and veil.is_lifted(at):
        now_shown, veil = veil.lifted()
        shown = [*shown, *now_shown]
    return shown, veil


def _next(opening: Opening, introduction: Introduction | None, entry: Entry) -> Introduction | None:
    if isinstance(entry.event, Began):
        return begin(opening, entry.at).after
    if not isinstance(entry.event, Moved) or introduction is None:
        return introduction
    verdict = heard(introduction, entry.event.news, entry.at, in_time=True)
    return None if isinstance(verdict, Refused) else verdict.after


def _moves(before: Entry | None, entry: Entry, following: Entry | None) -> bool:
    if not _is_of(entry, (*OF_TIME, *QUIET)):
        return True
    at_once = following and _is_of(following, OF_TIME) and following.at - entry.at < _AT_ONCE
    if following and at_once and _seen(_standing(entry)) != _seen(_standing(following)):
        return False  # counted with what follows at once
    return before is None or _seen(_standing(entry)) != _seen(_standing(before))


def _is_of(entry: Entry, kinds: tuple[type[News], ...]) -> bool:
    return isinstance(entry.event, Moved) and isinstance(entry.event.news, kinds)


def _standing(entry: Entry) -> Standing | None:
    return None if isinstance(entry.event, Mailed) else entry.event.standing


def _seen(where: Standing | None) -> tuple[object, ...]:
    return (where.stage, where.told, where.version, where.connector, where.held) if where else ()
