"""How do asks change? Rows that pages read, and the letters that carry them."""

from sqlalchemy import ColumnElement, func, insert, select, update

from models.asks import AskState
from models.effects import CheckSilence, ExtendAsk, OpenAsk, ReopenAsk, SettleAsk, WriteAgain
from models.news import AnswerWaiting, NotYetAccepted, Silent
from store import inbox
from store.effects.pausing import left_unanswered
from store.effects.writing import Writing
from store.tables import ask, letter


def open_ask(writing: Writing, effect: OpenAsk) -> None:
    opened = effect.ask
    writing.run(
        insert(ask).values(
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
    )
    if effect.letter and not writing.asks_nobody:
        writing.plan(effect.letter, opened.person, effect.not_before, ask=opened.number)


def write_again(writing: Writing, effect: WriteAgain) -> None:
    person = writing.run(select(ask.c.person).where(*_this(writing, effect.ask))).scalar_one()
    writing.plan(effect.letter, person, effect.not_before, ask=effect.ask, reminder=effect.reminder, words=effect.words)
    if not effect.reminder:
        writing.run(update(ask).where(*_this(writing, effect.ask)).values(by_hand=False))


def settle_ask(writing: Writing, effect: SettleAsk) -> None:
    """Its unsent letters are dropped with it: nobody is reminded of what they have answered."""
    values: dict[str, object] = {"state": effect.state}
    if effect.state in (AskState.ANSWERED, AskState.PUT_OFF):
        values["answered_at"] = writing.now
        news = writing.recording.news
        if getattr(news, "ask", None) == effect.ask:
            values["answer"] = inbox.NEWS.dump_python(news, mode="json") if news else None
    writing.run(update(ask).where(*_this(writing, effect.ask)).values(values))
    if effect.state == AskState.LAPSED and isinstance(writing.recording.news, Silent):
        left_unanswered(writing, writing.run(select(ask.c.person).where(*_this(writing, effect.ask))).scalar_one())
    writing.run(
        update(letter)
        .where(letter.c.introduction == writing.introduction, letter.c.ask == effect.ask, letter.c.state == "planned")
        .values(state="dropped", settled_at=writing.now)
    )


def reopen_ask(writing: Writing, effect: ReopenAsk) -> None:
    values = {"state": AskState.OPEN, "due_at": effect.due_at, "answered_at": None, "answer": None}
    writing.run(update(ask).where(*_this(writing, effect.ask)).values(values))


def extend_ask(writing: Writing, effect: ExtendAsk) -> None:
    writing.run(update(ask).where(*_this(writing, effect.ask)).values(due_at=effect.due_at))


def check_silence(writing: Writing, effect: CheckSilence) -> None:
    """Silence is claimed only of somebody whom a letter has reached and from whom nothing is on its way."""
    if inbox.has_waiting_answer(writing.connection, writing.recording.introduction, effect.ask):
        writing.replies.append(AnswerWaiting(ask=effect.ask))
    elif _forwarded(writing, effect) or _accepted(writing, effect) or _on_page(writing, effect):
        writing.replies.append(Silent(ask=effect.ask))
    else:
        writing.replies.append(NotYetAccepted(ask=effect.ask))


def _forwarded(writing: Writing, effect: CheckSilence) -> bool:
    return bool(writing.run(select(ask.c.by_hand).where(*_this(writing, effect.ask))).scalar_one())


def _on_page(writing: Writing, effect: CheckSilence) -> bool:
    """No letter was ever planned for it: it stands on their own page."""
    planned = select(letter.c.id).where(letter.c.introduction == writing.introduction, letter.c.ask == effect.ask)
    return writing.run(planned.limit(1)).first() is None


def _accepted(writing: Writing, effect: CheckSilence) -> bool:
    count = writing.run(
        select(func.count()).where(
            letter.c.introduction == writing.introduction, letter.c.ask == effect.ask, letter.c.state == "accepted"
        )
    ).scalar_one()
    return bool(count)


def _this(writing: Writing, number: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ask.c.introduction == writing.introduction, ask.c.number == number
