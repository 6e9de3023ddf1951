"""How is one step kept? In one transaction, guarded by its number: the ledger, the read model, and every effect."""

from sqlalchemy import Connection, bindparam, func, select, update

from models.ids import InboxKey, IntroductionId, WordsId
from models.ledger import EVENT, Began, Event, Moved, began
from models.news import ConnectorApproved, Edited, News
from models.recording import Heard, Recorded, Recording
from store import inbox
from store.effects import write
from store.effects.writing import Writing
from store.ledger import append, text_hash
from store.tables import introduction, ledger, person, request, words

_STANDING = ("stage", "waiting_on", "due_at", "version", "connector", "approved", "told", "held", "ending")
# Built once: building a statement costs more than running it, and every step runs these.
_RECORDED = select(ledger.c.body, ledger.c.at).where(
    ledger.c.scope == bindparam("scope"), ledger.c.step == bindparam("step")
)
_MOVE = (
    update(introduction)
    .where(introduction.c.id == bindparam("this"), introduction.c.step == bindparam("known_step"))
    .values({name: bindparam(name) for name in ("step", *_STANDING)})
    .values(closed_at=func.coalesce(introduction.c.closed_at, bindparam("closed_now")))  # closed once, for good
)


class OutOfOrder(Exception):
    """A step came whose predecessor was never recorded: the shell records in order, so this is a bug."""


def record(connection: Connection, recording: Recording) -> Recorded:
    """Record one step and everything it causes. The same step again changes nothing and gives the same replies.

    Another step under the same number is not recorded: what the ledger heard instead comes back. Somebody who has
    lost several is told one after the other.
    """
    inbox.lock(connection, recording.introduction)
    writing = Writing.begin(connection, recording)
    earlier = _already(connection, recording) if writing.recorded >= recording.step else None
    if earlier is not None:
        return earlier
    _stand(writing)
    for effect in recording.effects:
        write(writing, effect)
    append(connection, recording.introduction, recording.at, _event(writing, _taken(writing)), writing.end)
    return Recorded(replies=tuple(writing.replies))


def heard_at(connection: Connection, introduction: IntroductionId, step: int) -> Heard | None:
    """What the ledger heard as this step; None where it has not come so far."""
    known = _known(connection, introduction, step)
    return known[1] if known else None


def _already(connection: Connection, recording: Recording) -> Recorded | None:
    known = _known(connection, recording.introduction, recording.step)
    if known is None:
        return None
    event, heard = known
    if heard != Heard(news=recording.news, at=recording.at):
        return Recorded(instead=heard)
    return Recorded(replies=event.replies, then=heard_at(connection, recording.introduction, recording.step + 1))


def _known(connection: Connection, introduction: IntroductionId, step: int) -> tuple[Began | Moved, Heard] | None:
    found = connection.execute(_RECORDED, {"scope": introduction, "step": step}).one_or_none()
    if found is None:
        return None
    event: Event = EVENT.validate_json(found.body)
    assert isinstance(event, Began | Moved), "only these are steps"
    return event, Heard(news=event.news if isinstance(event, Moved) else None, at=found.at)


def _stand(writing: Writing) -> None:
    """The read model's row moves first, guarded by the step before: whoever comes second changes nothing."""
    recording, where = writing.recording, writing.recording.standing
    if where.target != writing.target:
        writing.propose(where.target)
    standing = {name: getattr(where, name) for name in _STANDING}
    closed_at = recording.at if where.stage == "closed" else None
    known = {"this": recording.introduction, "known_step": recording.step - 1, "step": recording.step}
    moved = writing.connection.execute(_MOVE, known | standing | {"closed_now": closed_at})
    if moved.rowcount != 1:
        raise OutOfOrder(f"step {recording.step} of {recording.introduction}")


def _taken(writing: Writing) -> str:
    """By which door this step's news came; from now on its row says who heard it."""
    recording = writing.recording
    if recording.key:
        key = InboxKey(recording.key)
        via = inbox.mark_taken(writing.connection, key, recording.step, recording.at)
        return via or inbox.via_of(writing.connection, key) or "house"
    # An approval without a row of its own was given on the console, with the reading.
    return "console" if isinstance(recording.news, ConnectorApproved) else "house"


def _event(writing: Writing, via: str) -> Event:
    recording = writing.recording
    if recording.news is None:
        return _began(writing)
    return Moved(
        step=recording.step,
        news=recording.news,
        effects=recording.effects,
        standing=recording.standing,
        texts=_texts_of(writing, recording.news),
        replies=tuple(writing.replies),
        via=via,
    )


def _began(writing: Writing) -> Began:
    opening, recording = writing.opening, writing.recording
    texts, replies = _texts_of_request(writing), tuple(writing.replies)
    return began(opening, recording.effects, recording.standing, texts, replies)


def _texts_of_request(writing: Writing) -> tuple[tuple[str, str], ...]:
    row = writing.connection.execute(
        select(request).where(request.c.introduction == writing.recording.introduction, request.c.version == 1)
    ).one_or_none()
    if row is None:
        return ()
    named = {
        name: row._mapping[name]
        for name in ("need", "why", "read", "offer", "note", "goal", "blind")
        if row._mapping[name]
    }
    return tuple((name, _hash_of(writing, key)) for name, key in named.items())


def _texts_of(writing: Writing, news: News) -> tuple[tuple[WordsId, str], ...]:
    if isinstance(news, Edited):
        named = {name: key for name in _TEXTS if (key := getattr(news, name))}
        return tuple((WordsId(name), _hash_of(writing, key)) for name, key in named.items())
    keys = [WordsId(value) for name in _WORDS if (value := getattr(news, name, None))]
    return tuple((key, _hash_of(writing, key)) for key in keys)


def _hash_of(writing: Writing, key: str) -> str:
    found = writing.connection.execute(
        select(words.c.body, person.c.salt).join(person, person.c.id == words.c.owner).where(words.c.id == key)
    ).one_or_none()
    return text_hash(found.salt, found.body) if found and found.salt else ""


_TEXTS = ("why", "read", "offer", "note", "goal", "blind")
_WORDS = ("sentence", "how_known", "terms", "words", "reason")
