"""The proof behind each letter. Read from the ledger, long afterwards."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from models.base import Frozen
from models.ids import ChannelId, IntroductionId, LetterId
from models.letters import DELIVERY
from models.record.given_addresses import addresses_ever_named, addresses_in_force
from models.record.ledger import Began, Entry, Mailed, Moved
from models.record.warmth import Cold, Planned, Warm, warmth
from store.journal import ledger
from store.letters import outbox
from store.letters.outbox import STARTED_OR_LEFT, Letter
from store.tables import person
from store.views.letters.letter_lines import LetterLine
from store.views.staff_story import letter_for_staff

_LIFE = {  # what may follow what, in one letter's events
    None: {"started", "dropped", "failed"},
    "started": {"accepted", "unknown", "failed"},
    "unknown": {"accepted", "failed"},
    "failed": {"started", "dropped", "failed"},
    "accepted": {"failed"},  # taken by the relay, and returned
    "dropped": set[str](),
}


class Explanation(Frozen):
    """Why this letter might go out, or what it lacked: the chain of approvals and consents, and who the people are.

    As staff may read it (S41): the letter as their list of letters has it, the chain without its places in the ledger,
    which count what is kept from them too.
    """

    introduction: IntroductionId
    letter: LetterLine
    found: Warm | Cold
    names: dict[str, str]


def explain(connection: Connection, letter_id: LetterId, now: datetime) -> Explanation | None:
    """Why this letter was allowed when it started; or, if it has not, whether it would be now. None where there is no
    such letter of an introduction, or none that staff may know of yet."""
    letter = outbox.get(connection, letter_id)
    if letter is None or letter.introduction is None or letter.planned is None:
        return None
    seen = letter_for_staff(connection, letter.introduction, letter_id, now)
    if seen is None:
        return None
    line, known = seen
    found = warmth(letter.planned, _known_before_start(connection, letter, line, known.entries))
    people = {link.person for link in found.chain} if isinstance(found, Warm) else set()
    names = _names(connection, people)
    return Explanation(introduction=letter.introduction, letter=line, found=found, names=names)


def _known_before_start(
    connection: Connection, letter: Letter, line: LetterLine, known: Sequence[Entry]
) -> Sequence[Entry]:
    """What staff know to have been said when it started. Of a letter that may or may not have left they read what held
    when it was due: whether it was still needed would tell of a no."""
    if line.state == "due":
        return [each for each in known if each.at <= line.not_before]
    started = _last_start(letter, ledger.entries(connection, IntroductionId(letter.introduction or "")))
    return known if started is None else [each for each in known if each.seq < started.seq]


def faults(
    events: Sequence[Entry], letters: Sequence[Letter], given: Collection[ChannelId] = ()
) -> Iterator[tuple[str, str]]:
    """Whatever the letters of one introduction should not have done: the rule, and what is wrong.

    `given`: which of their addresses stand in our rows as given for one introduction.
    """
    by_id = {letter.id: letter for letter in letters}
    yield from _each_start(events, by_id)
    yield from _each_address(events, letters, addresses_ever_named(events).union(given))
    for letter in letters:
        yield from _life(letter, events)
    for kind in DELIVERY:
        if sum(letter.kind == kind and letter.state in STARTED_OR_LEFT for letter in letters) > 1:
            yield "S5 delivered once", f"more than one {kind}"


def _each_start(events: Sequence[Entry], letters: dict[LetterId, Letter]) -> Iterator[tuple[str, str]]:
    """Whatever started was warm when it did, and carried the note that had been approved (S1, S24)."""
    notes: set[str] = set()  # of the request and of what it was changed to, as far as it had been by then
    for place, entry in enumerate(events):
        mailed = entry.event
        if isinstance(mailed, Began | Moved):
            notes |= {hashed for _, hashed in mailed.texts}
        if not isinstance(mailed, Mailed):
            continue
        row = letters.get(mailed.letter)
        said = Planned(kind=mailed.template, to=mailed.to, version=mailed.version, ask=mailed.ask)
        if row is None or row.planned != said:
            yield "S36 letters", f"event {entry.seq} speaks of another letter than the outbox holds"
        if mailed.state == "started" and isinstance(cold := warmth(said, events[:place]), Cold):
            yield "S1 warmth", f"letter {mailed.letter} started without {cold.missing}"
        if mailed.note and mailed.note not in notes:
            yield "S24 texts", f"letter {mailed.letter} carried another note than was approved"


def _each_address(
    events: Sequence[Entry], letters: Sequence[Letter], given: Collection[ChannelId]
) -> Iterator[tuple[str, str]]:
    """A letter went to an address that somebody gave only while the answer that gave it stood (S1)."""
    for letter in letters:
        if letter.channel in given and letter.channel not in addresses_in_force(_before_start(letter, events)):
            yield "S1 address", f"letter {letter.id} started to an address that no approval in force had named"


def _life(letter: Letter, events: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    """One letter's events follow from one another: nothing starts again that may have left (S36)."""
    last: str | None = None
    for entry in events:
        if isinstance(entry.event, Mailed) and entry.event.letter == letter.id:
            if entry.event.state not in _LIFE[last]:
                yield "S36 letters", f"letter {letter.id}: {entry.event.state} after {last or 'nothing'}"
            last = entry.event.state
    held = {"planned": (None, "failed"), "dropped": (None, "dropped", "failed")}.get(letter.state, (letter.state,))
    if last not in held:
        yield "S36 letters", f"letter {letter.id} is {letter.state}, the ledger says {last or 'nothing'}"


def _before_start(letter: Letter, entries: Sequence[Entry]) -> Sequence[Entry]:
    started = _last_start(letter, entries)
    return entries if started is None else entries[: entries.index(started)]


def _last_start(letter: Letter, entries: Sequence[Entry]) -> Entry | None:
    starts = [
        entry
        for entry in entries
        if isinstance(entry.event, Mailed) and entry.event.letter == letter.id and entry.event.state == "started"
    ]
    return starts[-1] if starts else None


def _names(connection: Connection, people: set[Any]) -> dict[str, str]:
    rows = connection.execute(
        select(person.c.id, person.c.name).where(person.c.id.in_([each for each in people if each]))
    )
    return {row.id: row.name for row in rows}
