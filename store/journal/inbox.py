"""The inbox: news that has come in and may not have been heard yet.

Every answer is a row here before anything else, so none can be lost.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, insert, literal, not_, or_, select, update
from sqlalchemy.exc import IntegrityError

from models.base import OWN, Frozen
from models.ids import InboxKey, IntroductionId, PersonId
from models.news import KINDS, NOES, STOPPING, Envelope, News
from store.engine.db_errors import FromNewer
from store.engine.ids import new_id
from store.tables import channel, inbox, introduction
from store.tables.letters import UNHEARD

NEWS: TypeAdapter[News] = TypeAdapter(News)

InboxState = Literal["waiting", "taken", "refused"]
FIRST_TRY = timedelta(seconds=5)  # the page hands over by itself; only then does the sweep
LONGEST_WAIT = timedelta(minutes=5)
IN_VAIN = 3  # tries: whoever did not take it thrice will not the next time


def news_of(kept: Any) -> News:
    """As it was kept, by us or by a newer version; FromNewer where we do not know such news."""
    try:
        return NEWS.validate_python(kept, extra=OWN)
    except ValidationError:
        raise FromNewer from None


class Inboxed(Frozen):
    """One piece of news as the inbox holds it. `repeated`: the same page had sent it before.

    `heard_step`: the ledger's step that heard it, as long as Temporal has not confirmed that it holds it too;
    `heard_at`: when that was. `after`: how many steps the ledger knows that come before it.
    """

    key: InboxKey
    introduction: IntroductionId
    news: News
    state: InboxState
    reason: str | None = None
    repeated: bool = False
    tries: int = 0
    via: str = "link"
    heard_step: int | None = None
    heard_at: datetime | None = None
    after: int = 0
    held_until: datetime | None = None  # so long whoever said it may take it back, and nobody hears it

    @property
    def envelope(self) -> Envelope:
        return Envelope(key=self.key, news=self.news, at=self.heard_at, after=self.after)

    def behind(self, steps: int) -> "Inboxed":
        """The same, knowing how many steps the ledger holds."""
        return self.model_copy(update={"after": self.heard_step - 1 if self.heard_step else steps})


# Built once: building a statement costs more than running it, and every step runs these.
_LOCK = select(introduction.c.id).where(introduction.c.id == bindparam("this")).with_for_update()
_ONE = select(inbox).where(inbox.c.key == bindparam("known_key"))
_VIA = select(inbox.c.via).where(inbox.c.key == bindparam("known_key"))
_TAKE = (
    update(inbox)
    .where(inbox.c.key == bindparam("known_key"), inbox.c.state == "waiting")
    .values(state="taken", heard_step=bindparam("step"), heard_at=bindparam("heard"))
    .returning(inbox.c.via)
)
_STAND_BY = (
    update(inbox)
    .where(
        inbox.c.introduction == bindparam("this"),
        or_(inbox.c.person == bindparam("by"), bindparam("all_do")),
        inbox.c.state == "waiting",
        inbox.c.held_until.is_not(None),
    )
    .values(held_until=None, next_try_at=bindparam("now"))
)
_BY_NONCE = select(inbox).where(inbox.c.introduction == bindparam("this"), inbox.c.nonce == bindparam("sent"))
_HOW_MANY = (
    select(func.count())
    .select_from(inbox)
    .where(
        inbox.c.introduction == bindparam("this"),
        inbox.c.kind.in_(bindparam("kinds", expanding=True)),
        inbox.c.state == "waiting",
    )
)
_STOP = (
    select(inbox.c.key)
    .where(
        inbox.c.introduction == bindparam("this"),
        inbox.c.state == "waiting",
        or_(inbox.c.kind.in_(STOPPING), inbox.c.kind.not_in(KINDS)),
        or_(inbox.c.held_until.is_(None), inbox.c.person == bindparam("to"), bindparam("to_all")),
    )
    .limit(1)
)
_CONFIRM = update(inbox).where(inbox.c.key == bindparam("known_key")).values(heard_step=None)


def nothing_more(connection: Connection) -> None:
    """Nothing is kept beside the news."""


def put(
    connection: Connection,
    *,
    introduction_id: IntroductionId,
    news: News,
    via: str,
    nonce: str,
    now: datetime,
    held_until: datetime | None = None,
    check: Callable[[Connection], None] = nothing_more,
    beside: Callable[[Connection], None] = nothing_more,
) -> Inboxed:
    """Keep news for good, with what belongs to it `beside` (words, a channel).

    The same page sent twice (same nonce) is one row: the first one stands, and what lies beside it. What it was said
    over is looked at by `check`, in this transaction and one after the other: it raises where that is so no longer.
    Whoever says something else stands by what they said before: it is heard first. `check` may replace that. New words
    void no answer to the old ones, so that before them everybody's is heard.
    """
    kept = _waiting_row(introduction_id, news, via, nonce, now, held_until)
    lock(connection, introduction_id)
    earlier = by_nonce(connection, introduction_id, nonce)
    if earlier:
        return earlier
    check(connection)
    try:
        with connection.begin_nested():
            beside(connection)
            _stand_by(connection, introduction_id, news, now)
            connection.execute(insert(inbox).values(kept))
    except IntegrityError:
        raced = by_nonce(connection, introduction_id, nonce)
        if raced is None:
            raise
        return raced
    key = InboxKey(str(kept["key"]))
    return Inboxed(key=key, introduction=introduction_id, news=news, state="waiting", held_until=held_until)


def _waiting_row(
    introduction_id: IntroductionId, news: News, via: str, nonce: str, now: datetime, held_until: datetime | None
) -> dict[str, object]:
    """Waiting: heard after a first try that fails, or once whoever said it can no longer take it back."""
    return {
        "key": new_id("inb"),
        "introduction": introduction_id,
        "person": getattr(news, "by", None),
        "ask": getattr(news, "ask", None),
        "nonce": nonce,
        "kind": news.kind,
        "news": NEWS.dump_python(news, mode="json"),
        "via": via,
        "at": now,
        "state": "waiting",
        "tries": 0,
        "next_try_at": held_until or now + FIRST_TRY,
        "held_until": held_until,
    }


def _stand_by(connection: Connection, introduction_id: IntroductionId, news: News, now: datetime) -> None:
    """What was held for an undo is heard before what is said now: of the same person, and before new words of all."""
    if by := getattr(news, "by", None):
        heard = {"this": introduction_id, "by": by, "all_do": news.kind == "edited", "now": now}
        connection.execute(_STAND_BY, heard)


def lock(connection: Connection, introduction_id: IntroductionId) -> None:
    """Whoever stops, starts or records letters of one introduction takes turns. SQLite's writers do so anyway."""
    if connection.dialect.name != "sqlite":
        connection.execute(_LOCK, {"this": introduction_id})


def by_nonce(connection: Connection, introduction_id: IntroductionId, nonce: str) -> Inboxed | None:
    found = connection.execute(_BY_NONCE, {"this": introduction_id, "sent": nonce}).one_or_none()
    return read(found, repeated=True) if found else None


def get(connection: Connection, key: InboxKey) -> Inboxed | None:
    found = connection.execute(_ONE, {"known_key": key}).one_or_none()
    return read(found) if found else None


def via_of(connection: Connection, key: InboxKey) -> str | None:
    """By which door it came."""
    return connection.execute(_VIA, {"known_key": key}).scalar_one_or_none()


def waits_behind(connection: Connection, inboxed: Inboxed) -> bool:
    """Whether something the same person said before has not been heard yet: an undo must not overtake its yes.

    Nor do new words overtake anybody's no to the old ones.
    """
    mine = connection.execute(select(inbox.c.at, inbox.c.person).where(inbox.c.key == inboxed.key)).one()
    theirs = or_(inbox.c.person == mine.person, inbox.c.kind.in_(NOES) & literal(inboxed.news.kind == "edited"))
    earlier = connection.execute(
        select(inbox.c.key)
        .where(
            inbox.c.introduction == inboxed.introduction,
            inbox.c.state == "waiting",
            theirs,
            inbox.c.at < mine.at,
            not_(is_held(mine.at)),
        )
        .limit(1)
    ).first()
    return earlier is not None


def is_held(now: datetime) -> ColumnElement[bool]:
    """Whether nobody hears it yet, as whoever said it may still take it back."""
    return inbox.c.held_until.is_not(None) & (inbox.c.held_until > now)


def mark_taken(connection: Connection, key: InboxKey, step: int, at: datetime) -> str | None:
    """Written with the step that heard it; to be confirmed once Temporal has it as well.

    Says by which door it came; None where it was no longer waiting.
    """
    return connection.execute(_TAKE, {"known_key": key, "step": step, "heard": at}).scalar_one_or_none()


def confirm(connection: Connection, key: InboxKey) -> None:
    """Written by whoever handed it over: Temporal holds it, so nobody needs to tell it again."""
    connection.execute(_CONFIRM, {"known_key": key})


def mark_refused(connection: Connection, key: InboxKey, reason: str) -> None:
    """Written by whoever handed it over: a refusal leaves no trace in the workflow."""
    this = (inbox.c.key == key, inbox.c.state == "waiting")
    refused = update(inbox).where(*this).values(state="refused", reason=reason).returning(inbox.c.news, inbox.c.at)
    row = connection.execute(refused).one_or_none()
    if row and row.news.get("address"):  # what it gave goes with it
        connection.execute(update(channel).where(channel.c.id == row.news["address"]).values(ended_at=row.at))


def try_again(connection: Connection, inboxed: Inboxed, now: datetime, longest: timedelta = LONGEST_WAIT) -> None:
    """Nobody took it: later, at growing intervals."""
    wait = min(longest, timedelta(seconds=2 ** min(inboxed.tries, 9)))
    connection.execute(
        update(inbox).where(inbox.c.key == inboxed.key, UNHEARD).values(tries=inbox.c.tries + 1, next_try_at=now + wait)
    )


def unreadable(connection: Connection) -> int:
    """How much news waits for a newer version, which alone knows what it means."""
    query = select(func.count()).where(inbox.c.state == "waiting", inbox.c.kind.not_in(KINDS))
    return connection.execute(query).scalar_one()


def try_now(connection: Connection, introduction_id: IntroductionId, now: datetime) -> None:
    """It hears again: whatever waits for it is due at once."""
    due = (inbox.c.introduction == introduction_id, UNHEARD, not_(is_held(now)))
    connection.execute(update(inbox).where(*due).values(next_try_at=now))


def try_all_now(connection: Connection, now: datetime) -> None:
    """Somebody new hears: whatever was tried in vain is due at once."""
    connection.execute(update(inbox).where(UNHEARD, inbox.c.tries > 0).values(next_try_at=now))


def is_tried_in_vain(connection: Connection, introduction_id: IntroductionId) -> bool:
    """Something that was said to it has been handed over again and again, and not taken."""
    tried = (inbox.c.introduction == introduction_id, UNHEARD, inbox.c.state == "waiting", inbox.c.tries >= IN_VAIN)
    return connection.execute(select(inbox.c.key).where(*tried).limit(1)).first() is not None


def has_waiting_stop(connection: Connection, introduction_id: IntroductionId, to: PersonId | None = None) -> bool:
    """Somebody has said stop, and the workflow has not heard it yet: no letter may start, nothing is disclosed.

    What a newer version has taken in may be a stop as well. A no that can still be taken back stops a letter `to`
    whoever said it: held up for its sake, one to anybody else would tell of it by its hour.
    """
    known = {"this": introduction_id, "to": to, "to_all": to is None}
    return connection.execute(_STOP, known).first() is not None


def how_many_wait(connection: Connection, introduction_id: IntroductionId, kinds: Collection[str]) -> int:
    """How much news of these kinds has come in that nobody has heard yet."""
    return connection.execute(_HOW_MANY, {"this": introduction_id, "kinds": list(kinds)}).scalar_one()


def has_waiting_answer(connection: Connection, introduction_id: IntroductionId, ask: int) -> bool:
    found = connection.execute(
        select(inbox.c.key)
        .where(
            inbox.c.introduction == introduction_id,
            inbox.c.state == "waiting",
            inbox.c.ask == ask,
            inbox.c.via != "mailroom",
        )
        .limit(1)
    ).first()
    return found is not None


def read(row: Row[Any], *, repeated: bool = False) -> Inboxed:
    """One row of the table."""
    found = row._mapping
    return Inboxed(
        key=found["key"],
        introduction=found["introduction"],
        news=news_of(found["news"]),
        state=found["state"],
        reason=found["reason"],
        repeated=repeated,
        tries=found["tries"],
        via=found["via"],
        heard_step=found["heard_step"],
        heard_at=found["heard_at"],
        held_until=found["held_until"],
    )
