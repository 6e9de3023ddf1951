"""The record of one step. In one transaction, guarded by its number: the ledger, the read model, and every effect."""

from sqlalchemy import Connection, bindparam, func, select, update

from models.acts import FIELDS
from models.ids import InboxKey, IntroductionId, WordsId
from models.news import ConnectorApproved, Edited, News
from models.record.ledger import Began, Moved, began, entry
from models.record.quiet_endings import may_be_kept_back
from models.record.staff_knowledge import ShownToStaff, shown_to_staff
from models.record.step_record import Heard, Recorded, Recording
from store.journal import inbox
from store.journal.disclosure_columns import append_step
from store.journal.ledger import entries, event_of, text_hash
from store.requests.answers import PREFIX
from store.requests.words import text_ids
from store.steps import given_addresses
from store.steps.effects import write
from store.steps.effects.writer import Writing
from store.tables import introduction, ledger, person, words

_STANDING = ("stage", "waiting_on", "due_at", "version", "connector", "approved", "told", "held", "ending")
# Built once: building a statement costs more than running it, and every step runs these.
_RECORDED = select(ledger.c.body, ledger.c.at).where(
    ledger.c.scope == bindparam("scope"), ledger.c.step == bindparam("step")
)
_MOVE = (
    update(introduction)
    .where(introduction.c.id == bindparam("this"), introduction.c.step == bindparam("step_before"))
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
    event = _event(writing, _taken(writing))
    given_addresses.keep_in_step(writing, event)
    append_step(connection, writing.row, recording.at, event, writing.end, _for_staff(writing, event))
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
    event = event_of(found.body)
    assert isinstance(event, Began | Moved), "only these are steps"
    return event, Heard(news=event.news if isinstance(event, Moved) else None, at=found.at)


def _stand(writing: Writing) -> None:
    """The read model's row moves first, guarded by the step before: whoever comes second changes nothing."""
    recording, where = writing.recording, writing.recording.standing
    if where.target != writing.target:
        writing.propose(where.target)
    standing = {name: getattr(where, name) for name in _STANDING}
    closed_at = recording.at if where.stage == "closed" else None
    known = {"this": recording.introduction, "step_before": recording.step - 1, "step": recording.step}
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


def _for_staff(writing: Writing, event: Began | Moved) -> dict[str, object]:
    """What their lists show; told from the ledger only where a party's no is, or may be, kept back."""
    recording, shown = writing.recording, None
    if writing.row.shown_until or may_be_kept_back(event):
        so_far = entries(writing.connection, recording.introduction)
        this = entry(recording.introduction, so_far[-1] if so_far else None, recording.at, event)
        shown = shown_to_staff(writing.opening, [*so_far, this], recording.at)
    return (shown or ShownToStaff(recording.shown_due_at))._asdict()


def _event(writing: Writing, via: str) -> Began | Moved:
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
    first = text_ids(writing.connection, writing.recording.introduction, 1)
    return tuple((name, _hash_of(writing, key)) for name, key in first.items())


def _texts_of(writing: Writing, news: News) -> tuple[tuple[WordsId, str], ...]:
    if isinstance(news, Edited):
        named = {name: key for name in FIELDS if (key := getattr(news, name))}
        named |= {f"{PREFIX}{name}": key for name, key in news.answers}
        return tuple((WordsId(name), _hash_of(writing, key)) for name, key in named.items())
    keys = [WordsId(value) for name in _WORDS if (value := getattr(news, name, None))]
    return tuple((key, _hash_of(writing, key)) for key in keys)


def _hash_of(writing: Writing, key: str) -> str:
    found = writing.connection.execute(
        select(words.c.body, person.c.salt).join(person, person.c.id == words.c.owner).where(words.c.id == key)
    ).one_or_none()
    return text_hash(found.salt, found.body) if found and found.salt else ""


_WORDS = ("sentence", "how_known", "terms", "words", "reason")
