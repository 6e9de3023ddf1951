"""Approved texts: what a letter carries is what was approved. Its salted hash must stand in the ledger (S24)."""

from collections.abc import Iterator, Sequence

from models.asks import HOW_IT_WAS, AskKind
from models.letters import DELIVERY, PARTIES, LetterKind, Role
from models.policy.questions import CONNECTOR, TARGET, Question
from models.record.closing_the_loop import PartyReport, Reports
from models.record.ledger import Began, Entry, Moved
from store.letters.letter_facts import AskWithAnswer, LetterFacts, Words
from store.letters.outbox import Letter
from store.requests.answers import PREFIX

WITH_NOTE = (LetterKind.CONFIRM_REQUEST, LetterKind.ASK_CONNECTOR, LetterKind.ASK_TARGET)
WITH_SENTENCE = (LetterKind.ASK_TARGET, *DELIVERY)
CLOSING = LetterKind.HOW_IT_WENT
_READERS: dict[LetterKind | str, str] = {LetterKind.ASK_CONNECTOR: CONNECTOR, LetterKind.ASK_TARGET: TARGET}


def sentence_of(facts: LetterFacts) -> Words | None:
    """What the connector wrote with their approval."""
    approval = facts.answered(AskKind.APPROVE, Role.CONNECTOR)
    return facts.wrote(approval, "sentence") if approval else None


def how_known_of(facts: LetterFacts) -> Words | None:
    """How they know each other, as the connector wrote it to be read: nothing that is merely on file."""
    approval = facts.answered(AskKind.APPROVE, Role.CONNECTOR)
    return facts.wrote(approval, "how_known") if approval else None


def thanks_of(facts: LetterFacts) -> Words | None:
    """What the requester wrote the morning after."""
    thanks = facts.answered(AskKind.THANKS, Role.REQUESTER)
    return facts.wrote(thanks, "words") if thanks else None


def meeting_reports(facts: LetterFacts) -> Reports:
    """What the two have reported of the meeting."""
    asked = [each for each in facts.asks if each.kind in HOW_IT_WAS and each.answer.get("outcome")]
    given = tuple(_report(each) for each in asked if each.role in PARTIES)
    return Reports(ending=facts.ending, closed_at=facts.closed_at, given=given)


def shared_report(facts: LetterFacts, role: Role) -> Words | None:
    """A party's own sentence on how it went, where they let the connector read it and the core says that it may be."""
    report = facts.answered(AskKind.CLOSING, role) or facts.answered(AskKind.MEET, role)
    if report is None or not report.answer.get("share_with_connector"):
        return None
    return facts.wrote(report, "words") if meeting_reports(facts).is_agreed(_report(report)) else None


def _report(answered: AskWithAnswer) -> PartyReport:
    outcome = answered.answer["outcome"]
    return PartyReport(role=answered.role, kind=outcome["kind"], useful=outcome.get("useful"), at=answered.answered_at)


def note_hash(letter: Letter, facts: LetterFacts) -> str:
    """What stands in the ledger for the note this letter carries."""
    note = facts.texts.get(_note(letter, facts))
    return note.hash if note and letter.kind in WITH_NOTE else ""


def _note(letter: Letter, facts: LetterFacts) -> str:
    """Which of their texts stands for the request: a target who is asked without a name reads other words."""
    return "blind" if letter.kind == LetterKind.ASK_TARGET and facts.opening.blind else "note"


def answers_read(kind: LetterKind | str, facts: LetterFacts) -> list[tuple[str, Question]]:
    """Answers to the programme's own questions that the reader of this letter may read, by the names of the texts."""
    rules, reader = facts.opening.policy.request, _READERS.get(kind)
    asked = rules.questions if kind == LetterKind.CONFIRM_REQUEST else rules.read_by(reader) if reader else ()
    hidden = kind == LetterKind.ASK_TARGET and facts.opening.blind
    return [(f"{PREFIX}{each.id}", each) for each in asked if f"{PREFIX}{each.id}" in facts.texts and not hidden]


def changed_text(letter: Letter, facts: LetterFacts, entries: Sequence[Entry]) -> str | None:
    """The name of a text that is not what the ledger holds; None where all of them are."""
    known = _hashes(entries)
    for name, key, words in _carried(letter, facts):
        if known.get(key) != words.hash:
            return name
    return None


def _carried(letter: Letter, facts: LetterFacts) -> Iterator[tuple[str, str, Words]]:
    """Each text: its name, and under which key the ledger holds its hash."""
    if letter.kind in WITH_NOTE:
        note = _note(letter, facts)
        carried = ["need", "wanted", note] if note == "blind" else ["need", "wanted", "goal", note]
        carried += [name for name, _ in answers_read(letter.kind, facts)]
        yield from ((name, name, facts.texts[name]) for name in carried if name in facts.texts)
    target = facts.sides.get(facts.target.id) if facts.target else None
    answers = {
        "sentence": sentence_of(facts) if letter.kind in WITH_SENTENCE else None,
        "how_known": how_known_of(facts) if letter.kind in WITH_SENTENCE else None,
        "terms": target.terms if target and letter.kind in DELIVERY else None,
        "thanks": thanks_of(facts) if letter.kind == LetterKind.WAS_IT_USEFUL else None,
        **{f"report of the {role}": shared_report(facts, role) for role in PARTIES if letter.kind == CLOSING},
        "words": facts.words.get(letter.words) if letter.words else None,
    }
    yield from ((name, words.id, words) for name, words in answers.items() if words)


def _hashes(entries: Sequence[Entry]) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in entries:
        if isinstance(entry.event, Began | Moved):
            found |= dict(entry.event.texts)
    return found
