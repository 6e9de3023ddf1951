"""Is what a letter carries the very text that was approved? Its salted hash must stand in the ledger (S24)."""

from collections.abc import Iterator, Sequence

from models.asks import AskKind
from models.ledger import Began, Entry, Moved
from models.letters import LetterKind, Role
from store.letters import Facts, Words
from store.outbox import Letter

WITH_NOTE = (LetterKind.CONFIRM_REQUEST, LetterKind.ASK_CONNECTOR, LetterKind.ASK_TARGET)
WITH_SENTENCE = (
    LetterKind.ASK_TARGET,
    LetterKind.INTRODUCTION_TO_REQUESTER,
    LetterKind.INTRODUCTION_TO_TARGET,
)
WITH_TERMS = (LetterKind.INTRODUCTION_TO_REQUESTER, LetterKind.INTRODUCTION_TO_TARGET)


def sentence_of(facts: Facts) -> Words | None:
    """What the connector wrote with their approval."""
    approval = facts.answered(AskKind.APPROVE, Role.CONNECTOR)
    return facts.wrote(approval, "sentence") if approval else None


def thanks_of(facts: Facts) -> Words | None:
    """What the requester wrote the morning after."""
    thanks = facts.answered(AskKind.THANKS, Role.REQUESTER)
    return facts.wrote(thanks, "words") if thanks else None


def note_hash(letter: Letter, facts: Facts) -> str:
    """What stands in the ledger for the note this letter carries."""
    note = facts.texts.get("note")
    return note.hash if note and letter.kind in WITH_NOTE else ""


def changed_text(letter: Letter, facts: Facts, entries: Sequence[Entry]) -> str | None:
    """The name of a text that is not what the ledger holds; None where all of them are."""
    known = _hashes(entries)
    for name, key, words in _carried(letter, facts):
        if known.get(key) != words.hash:
            return name
    return None


def _carried(letter: Letter, facts: Facts) -> Iterator[tuple[str, str, Words]]:
    """Each text: its name, and under which key the ledger holds its hash."""
    if letter.kind in WITH_NOTE:
        yield from ((name, name, facts.texts[name]) for name in ("need", "note") if name in facts.texts)
    target = facts.sides.get(facts.target.id) if facts.target else None
    answers = {
        "sentence": sentence_of(facts) if letter.kind in WITH_SENTENCE else None,
        "terms": target.terms if target and letter.kind in WITH_TERMS else None,
        "thanks": thanks_of(facts) if letter.kind == LetterKind.WAS_IT_USEFUL else None,
        "words": facts.words.get(letter.words) if letter.words else None,
    }
    yield from ((name, words.id, words) for name, words in answers.items() if words)


def _hashes(entries: Sequence[Entry]) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in entries:
        if isinstance(entry.event, Began | Moved):
            found |= dict(entry.event.texts)
    return found
