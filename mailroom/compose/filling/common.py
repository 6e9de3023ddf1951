"""Facts that several letters share: those without which none is written, and the connector's own words."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar, cast

from mailroom.compose.names import whom
from models.asks import AskKind
from models.letters import LANGUAGES, Language, Role
from models.request.links import is_reachable
from store.letters.approved_texts import answers_read, how_known_of, sentence_of
from store.letters.letter_facts import AskWithAnswer, LetterFacts
from store.letters.start_letter import Started
from store.people.presentation import Face

T = TypeVar("T")
NUMBERS = 10_000  # somebody is asked by one connector a few times; two alike among these are hardly ever met
Filled = tuple[Callable[..., Any], dict[str, Any]]


class CannotBeWritten(Exception):
    """The facts lack something this letter must say. Nothing was sent."""


def told(fact: T | None) -> T:
    """What this letter cannot do without."""
    if fact is None:
        raise CannotBeWritten
    return fact


def approval(facts: LetterFacts) -> AskWithAnswer:
    return told(facts.answered(AskKind.APPROVE, Role.CONNECTOR))


def what_they_are(face: Face) -> str:
    """In the programme's voice: a headline that leads somewhere, as a file may have brought it, is left out."""
    headline = "" if is_reachable(face.headline) else face.headline
    return ", ".join(each for each in (headline, face.organisation) if each)


def body(facts: LetterFacts, name: str) -> str | None:
    return facts.texts[name].body if name in facts.texts else None


def wanted(facts: LetterFacts) -> str:
    """What is wanted of whom the request asks for; empty where nobody said."""
    return body(facts, "wanted") or ""


def request_of(facts: LetterFacts, started: Started) -> dict[str, Any]:
    """What the reader of a letter about a request reads of it, apart from its note."""
    language = language_of(started)
    read = answers_read(started.letter.kind, facts)
    answers = tuple({"asked": each.called(language), "said": facts.texts[name].body} for name, each in read)
    return {"wanted": wanted(facts), "goal": body(facts, "goal"), "answers": answers}


def language_of(started: Started) -> Language:
    """The receiver's, else the programme's, as far as we speak it."""
    known = (started.receiver.language, started.programme.language)
    return cast(Language, next((each for each in known if each in LANGUAGES), "en"))


def via_connector(facts: LetterFacts, started: Started) -> dict[str, Any]:
    sentence, known = sentence_of(facts), how_known_of(facts)
    return {
        "connector": whom(told(facts.connector), started),
        "vouch": approval(facts).answer.get("vouch", "introduce"),
        "sentence": sentence.body if sentence else None,
        "how_known": known.body if known else "",
        "since": facts.since,
    }


def number_of(facts: LetterFacts, started: Started) -> str:
    """A short number that tells one introduction from another in Subjects without a name; each reader has their own."""
    about = f"{facts.id} {started.letter.person}".encode()
    return f"{int.from_bytes(hashlib.sha256(about).digest()[:8], 'big') % NUMBERS:04}"


def requests(facts: LetterFacts, public_url: str) -> str:
    return f"{public_url}/ask/{facts.programme.id}"
