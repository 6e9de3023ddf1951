"""The desk of an operator: everything that needs one now, as the console shows it and letters to staff tell it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection

from models.desk import DeskItem, DeskKind
from models.ids import PersonId
from store.views import introductions
from store.views.installation.alarms import raised
from store.views.installation.notices import of_installation
from store.views.introductions import PAGE, IntroductionFilter, ListedIntroduction
from store.views.letters.letter_trouble import Troubled, trouble

NEAR = timedelta(days=2)  # before the day on which a requester hears
SOON = timedelta(days=1)
MOST = 20  # pages of introductions that need somebody; whoever has more reads the list itself
_OF_STAGE = {"screening": DeskKind.TO_READ, "seeking": DeskKind.NEED, "resting": DeskKind.NO_CONNECTOR}
_RUNS = ("confirming", "seeking", "screening", "revising", "finding", "with_connector", "with_parties")


def on_desk(
    connection: Connection, programmes: tuple[str, ...], records: tuple[PersonId, ...], now: datetime
) -> tuple[DeskItem, ...]:
    """Of these programmes, as their staff may know it; nothing of what is this operator's own."""
    here = IntroductionFilter(programmes=programmes, apart_from=records)
    found = [*_of_installation(connection, now), *_need_somebody(connection, here, now)]
    found += _letters(connection, programmes, records, now)
    found += _promises(connection, here, now)
    return tuple(found)


def _of_installation(connection: Connection, now: datetime) -> Iterator[DeskItem]:
    notices = of_installation(connection, now)
    since = {f"alarm {kind} {at.isoformat()}" for kind, at in raised(connection)}
    if notices.is_elsewhere:
        since.add("elsewhere")
    if notices.missing:
        since.add("missing")
    if notices.held:
        since.add(f"held {notices.held.isoformat()}")
    yield from (DeskItem(kind=DeskKind.STUCK, mark=each) for each in sorted(since))


def _need_somebody(connection: Connection, here: IntroductionFilter, now: datetime) -> Iterator[DeskItem]:
    """What only an operator can move: these come first in every list."""
    for number in range(1, MOST + 1):
        lines = introductions.listed(connection, here.model_copy(update={"page": number}), now)
        waiting = [each for each in lines[:PAGE] if each.needs_operator]
        yield from (_waits(each, now) for each in waiting if each.trouble or each.waiting_on == "operator")
        if len(waiting) < PAGE or len(lines) <= PAGE:
            return


def _waits(one: ListedIntroduction, now: datetime) -> DeskItem:
    """What lies there until a day is told once more when that day is near."""
    kind = DeskKind.STUCK if one.trouble else DeskKind.HELD if one.held else _OF_STAGE.get(one.stage, DeskKind.HELD)
    due = None if kind in (DeskKind.STUCK, DeskKind.HELD) else one.due_at
    is_near = due is not None and due - now <= SOON
    words = (one.trouble or kind, one.id, due.isoformat() if due else "", "near" if is_near else "")
    mark = " ".join(each for each in words if each)
    return DeskItem(kind=kind, mark=mark, programme=one.programme, introduction=one.id, due_at=due)


def _letters(
    connection: Connection, programmes: tuple[str, ...], records: tuple[PersonId, ...], now: datetime
) -> Iterator[DeskItem]:
    found = trouble(connection, programmes, now, records)
    for paused in found.paused:
        mark = f"paused {paused.programme} {paused.since.isoformat()}"
        yield DeskItem(kind=DeskKind.STUCK, mark=mark, programme=paused.programme)
    for each in found.letters:
        yield DeskItem(
            kind=DeskKind.LETTER, mark=_mark_of(each), programme=each.programme, introduction=each.introduction
        )


def _mark_of(letter: Troubled) -> str:
    came = " ".join(sorted(each.kind for each in letter.came_back))
    return f"letter {letter.id} {letter.state} {came}".strip()


def _promises(connection: Connection, here: IntroductionFilter, now: datetime) -> Iterator[DeskItem]:
    """Nobody has been introduced, and the day on which the requester hears is near. What has ended is not of these."""
    near = here.model_copy(update={"promised": (now, now + NEAR)})
    for each in introductions.listed(connection, near, now)[:PAGE]:
        is_long = each.promised_at - each.asked_at > 2 * NEAR  # of a promise of a few days each day is near
        if is_long and each.stage in _RUNS and not each.held:
            yield DeskItem(
                kind=DeskKind.PROMISE,
                mark=f"promise {each.id} {each.promised_at.isoformat()}",
                programme=each.programme,
                introduction=each.id,
                due_at=each.promised_at,
            )
