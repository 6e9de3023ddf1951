"""Held answers: a no, or how it went, as somebody has just said it. Until they can take it back no longer, nobody
hears it.

It lies in the inbox alone: neither the ledger, the process, staff, the other party nor the connector know of it. Taken
back, it was never heard; its words and the note beside it go back to whoever wrote them.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, func, insert, or_, select, update

from models.base import Frozen
from models.ids import AskNumber, InboxKey, IntroductionId, PersonId, WordsId
from models.news import News, Undone
from models.process.bounds import MOST_UNDONE
from models.process.verdict import Reason
from store.asks import unsent_words
from store.engine.ids import new_id
from store.journal import inbox as journal
from store.tables import inbox, private_note, words
from store.tables import introduction as introduction_table


class HeldAnswer(Frozen):
    """One answer that its giver may still take back, until `until` (UTC)."""

    key: InboxKey
    news: News
    until: datetime

    @property
    def words(self) -> WordsId | None:
        return next((said for name in _WORDS if (said := getattr(self.news, name, None))), None)


def held(
    connection: Connection, introduction: IntroductionId, number: AskNumber, who: PersonId, now: datetime
) -> HeldAnswer | None:
    """What this person has said to this question, as long as they may take it back."""
    found = _held(connection, introduction, number, who, now)
    return None if found and _is_undone_often(connection, introduction, number, who) else found


def _held(
    connection: Connection, introduction: IntroductionId, number: AskNumber, who: PersonId, now: datetime
) -> HeldAnswer | None:
    of = {"this": introduction, "asked": number, "who": who, "now": now}
    row = connection.execute(_HELD_NOW, of).first()
    return HeldAnswer(key=row.key, news=journal.news_of(row.news), until=row.held_until) if row else None


def take_back(
    connection: Connection,
    introduction: IntroductionId,
    number: AskNumber,
    who: PersonId,
    *,
    press: str,
    now: datetime,
) -> Reason | None:
    """Never heard; its words and the note beside it are theirs alone again. Or why not. The same press once more is the
    same act, as long as nothing has been said since."""
    journal.lock(connection, introduction)
    pressed = journal.by_nonce(connection, introduction, press) is not None
    found = _held(connection, introduction, number, who, now)
    if pressed or found is None:
        return None if found is None and pressed else Reason.ALREADY_ANSWERED if pressed else Reason.TOO_LATE_TO_UNDO
    if _is_undone_often(connection, introduction, number, who):
        return Reason.OFTEN_ENOUGH
    refused = {"state": "refused", "reason": Reason.UNDONE, "held_until": None}
    taken = connection.execute(update(inbox).where(inbox.c.key == found.key, _HELD, _UNCLAIMED).values(refused))
    if taken.rowcount != 1:
        return Reason.TOO_LATE_TO_UNDO
    unsent_words.keep(connection, introduction, number, who, found.news, now)
    erase_words(connection, introduction, number, who, found.words)
    row = {"key": new_id("inb"), "introduction": introduction, "person": who, "ask": number, "nonce": press}
    row |= {"kind": "undone", "news": journal.NEWS.dump_python(Undone(ask=number, by=who), mode="json")}
    row |= {"via": "link", "at": now, "state": "taken", "tries": 0, "next_try_at": now}
    connection.execute(insert(inbox).values(row))
    return None


def replace(
    connection: Connection, introduction: IntroductionId, number: AskNumber, who: PersonId, now: datetime
) -> None:
    """Said once more from another page, opened before: what they have said last is what they say."""
    this = (inbox.c.introduction == introduction, inbox.c.ask == number, inbox.c.person == who)
    _drop(connection, this, Reason.ALREADY_ANSWERED, now)


def drop_about(connection: Connection, who: PersonId, now: datetime) -> None:
    """One of the two is being forgotten: what either could still take back is never heard, and its words go."""
    is_theirs = or_(introduction_table.c.requester == who, introduction_table.c.target == who)
    theirs = select(introduction_table.c.id).where(is_theirs)
    _drop(connection, (inbox.c.introduction.in_(theirs),), Reason.CLOSED, now)


def _drop(connection: Connection, which: Collection[ColumnElement[bool]], why: Reason, now: datetime) -> None:
    undoable = (_HELD, _UNCLAIMED, inbox.c.held_until > now)
    refused = {"state": "refused", "reason": why, "held_until": None}
    dropped = update(inbox).where(*which, *undoable).values(refused)
    for row in connection.execute(dropped.returning(inbox.c.introduction, inbox.c.ask, inbox.c.person, inbox.c.news)):
        dropped_words = next((row.news[name] for name in _WORDS if row.news.get(name)), None)
        erase_words(connection, row.introduction, row.ask, row.person, dropped_words)


def erase_words(
    connection: Connection, introduction: IntroductionId, number: AskNumber, who: PersonId, said: WordsId | None
) -> None:
    """What was written with a report that is heard no more, and the note beside it."""
    connection.execute(delete(words).where(words.c.id == said, words.c.owner == who))
    connection.execute(delete(private_note).where(*_beside(introduction, number, who)))


def has_held_beside() -> ColumnElement[bool]:
    """Beside a row of `private_note`: whether the report it was written beside is held."""
    return exists().where(
        inbox.c.introduction == private_note.c.introduction,
        inbox.c.ask == private_note.c.ask,
        inbox.c.person == private_note.c.owner,
        _HELD,
    )


def unheard_words(connection: Connection, introductions: Collection[IntroductionId]) -> frozenset[WordsId]:
    """What was written with answers that nobody has heard yet, whether or not they can still be taken back."""
    waiting = (inbox.c.introduction.in_(sorted(introductions)), inbox.c.state == "waiting")
    said = connection.execute(select(inbox.c.news).where(*waiting)).scalars()
    return frozenset(WordsId(value) for news in said for value in news.values() if isinstance(value, str))


def _is_undone_often(connection: Connection, introduction: IntroductionId, number: AskNumber, who: PersonId) -> bool:
    """As often as a yes may be."""
    undone = connection.execute(_UNDONE, {"this": introduction, "asked": number, "who": who}).scalar_one()
    return bool(undone >= MOST_UNDONE)


def _beside(introduction: IntroductionId, number: AskNumber, who: PersonId) -> tuple[ColumnElement[bool], ...]:
    return (
        private_note.c.introduction == introduction,
        private_note.c.ask == number,
        private_note.c.owner == who,
    )


_WORDS = ("words", "reason")  # where an answer that is held names what was written with it
_HELD = (inbox.c.state == "waiting") & inbox.c.held_until.is_not(None)
_UNCLAIMED = inbox.c.next_try_at == inbox.c.held_until  # a sweep that has it in hand, by whatever clock, has moved that
# Built once: building a statement costs more than running it, and each page behind a link runs these.
_THEIRS = (
    inbox.c.introduction == bindparam("this"),
    inbox.c.ask == bindparam("asked"),
    inbox.c.person == bindparam("who"),
)
_HELD_NOW = select(inbox.c.key, inbox.c.news, inbox.c.held_until).where(
    *_THEIRS, _HELD, _UNCLAIMED, inbox.c.held_until > bindparam("now")
)
_UNDONE = select(func.count()).where(*_THEIRS, inbox.c.kind == "undone", inbox.c.state == "taken")
