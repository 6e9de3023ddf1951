"""Asks changed by a step. Rows that pages read, and the letters that carry them."""

from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from models.asks import AskState
from models.effects import CheckSilence, ExtendAsk, OpenAsk, ReopenAsk, SettleAsk, WriteAgain
from models.news import AnswerWaiting, NotYetAccepted, Resent, Silent
from store.journal import inbox
from store.steps.effects.no_shows import left_unanswered
from store.steps.effects.writer import Writing
from store.tables import ask, letter

# Built once: building a statement costs more than running it. What is to be written comes as values of the same call.
_THIS = (ask.c.introduction == bindparam("of_introduction"), ask.c.number == bindparam("of_ask"))
_OPEN = insert(ask)
_CHANGE = update(ask).where(*_THIS)
_PERSON = select(ask.c.person).where(*_THIS)
_BY_HAND = select(ask.c.by_hand).where(*_THIS)
_ITS_LETTERS = (letter.c.introduction == bindparam("of_introduction"), letter.c.ask == bindparam("of_ask"))
_DROP = update(letter).where(*_ITS_LETTERS, letter.c.state == "planned")
_WAITING = (
    select(letter.c.id).where(*_ITS_LETTERS, letter.c.state.in_(("planned", "started"))).order_by(letter.c.not_before)
).limit(1)
_TAKE_ALONG = update(letter).where(letter.c.id == bindparam("of_letter"), letter.c.state == "planned")
_PLANNED = select(letter.c.id).where(*_ITS_LETTERS).limit(1)
_ACCEPTED = select(func.count()).where(*_ITS_LETTERS, letter.c.state == "accepted")


def open_ask(writing: Writing, effect: OpenAsk) -> None:
    opened = effect.ask
    writing.run(
        _OPEN,
        introduction=writing.introduction,
        number=opened.number,
        kind=opened.kind,
        role=opened.role,
        person=opened.person,
        version=opened.version,
        opened_at=opened.opened_at,
        due_at=opened.due_at,
        state=opened.state,
        by_hand=opened.by_hand,
    )
    if effect.letter and not writing.asks_nobody:
        writing.plan(effect.letter, opened.person, effect.not_before, ask=opened.number)


def write_again(writing: Writing, effect: WriteAgain) -> None:
    if isinstance(writing.recording.news, Resent) and effect.reminder and _goes_with_what_waits(writing, effect):
        return
    person = writing.run(_PERSON, **_this(writing, effect.ask)).scalar_one()
    writing.plan(effect.letter, person, effect.not_before, ask=effect.ask, reminder=effect.reminder, words=effect.words)
    if not effect.reminder:
        writing.run(_CHANGE, **_this(writing, effect.ask), by_hand=False)


def _goes_with_what_waits(writing: Writing, effect: WriteAgain) -> bool:
    """A letter of this ask has yet to leave: it takes the operator's line along, and no second one follows it."""
    waiting = writing.run(_WAITING, **_this(writing, effect.ask)).scalar()
    if waiting and effect.words:
        writing.run(_TAKE_ALONG, of_letter=waiting, words=effect.words)
    return waiting is not None


def settle_ask(writing: Writing, effect: SettleAsk) -> None:
    """Its unsent letters are dropped with it: nobody is reminded of what they have answered."""
    values: dict[str, object] = {"state": effect.state}
    if effect.state in (AskState.ANSWERED, AskState.PUT_OFF):
        values["answered_at"] = writing.now
        news = writing.recording.news
        if getattr(news, "ask", None) == effect.ask:
            values["answer"] = inbox.NEWS.dump_python(news, mode="json") if news else None
    writing.run(_CHANGE, **_this(writing, effect.ask), **values)
    if effect.state == AskState.LAPSED and isinstance(writing.recording.news, Silent):
        left_unanswered(writing, writing.run(_PERSON, **_this(writing, effect.ask)).scalar_one())
    writing.run(_DROP, **_this(writing, effect.ask), state="dropped", settled_at=writing.now)


def reopen_ask(writing: Writing, effect: ReopenAsk) -> None:
    values = {"state": AskState.OPEN, "due_at": effect.due_at, "answered_at": None, "answer": None}
    writing.run(_CHANGE, **_this(writing, effect.ask), **values)


def extend_ask(writing: Writing, effect: ExtendAsk) -> None:
    writing.run(_CHANGE, **_this(writing, effect.ask), due_at=effect.due_at)


def check_silence(writing: Writing, effect: CheckSilence) -> None:
    """Silence is claimed only of somebody whom a letter has reached and from whom nothing is on its way."""
    if inbox.has_waiting_answer(writing.connection, writing.recording.introduction, effect.ask):
        writing.replies.append(AnswerWaiting(ask=effect.ask))
    elif _forwarded(writing, effect) or _accepted(writing, effect) or _on_page(writing, effect):
        writing.replies.append(Silent(ask=effect.ask))
    else:
        writing.replies.append(NotYetAccepted(ask=effect.ask))


def _forwarded(writing: Writing, effect: CheckSilence) -> bool:
    return bool(writing.run(_BY_HAND, **_this(writing, effect.ask)).scalar_one())


def _on_page(writing: Writing, effect: CheckSilence) -> bool:
    """No letter was ever planned for it: it stands on their own page."""
    return writing.run(_PLANNED, **_this(writing, effect.ask)).first() is None


def _accepted(writing: Writing, effect: CheckSilence) -> bool:
    return bool(writing.run(_ACCEPTED, **_this(writing, effect.ask)).scalar_one())


def _this(writing: Writing, number: int) -> dict[str, Any]:
    return {"of_introduction": writing.introduction, "of_ask": number}
