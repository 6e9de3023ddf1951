"""Names of people in letters. By their name; whoever has been erased by what they were in this story."""

from mailroom.compose.views import Named
from store.letters.letter_facts import LetterFacts
from store.letters.start_letter import Started
from store.people.presentation import Face

WHOM_YOU_ASKED_FOR = {
    "en": "the person you asked for",
    "es": "la persona que pediste conocer",
    "pt": "a pessoa que você pediu para conhecer",
}
SOMEBODY = {"en": "somebody", "es": "alguien", "pt": "alguém"}


def whom(face: Face, started: Started) -> Named:
    """Nothing is said of why there is no name: to the reader it is only not told here."""
    if not face.is_erased:
        return Named(name=face.name, called=face.called)
    language = started.receiver.language
    told = WHOM_YOU_ASKED_FOR if _asked_for(face, started.facts) and _reads_own_request(started) else SOMEBODY
    words = told.get(language) or told.get(started.programme.language) or told["en"]
    return Named(name=words, called=words)


def _asked_for(face: Face, facts: LetterFacts | None) -> bool:
    return bool(facts and facts.target and facts.target.id == face.id)


def _reads_own_request(started: Started) -> bool:
    return bool(started.facts and started.facts.requester.id == started.receiver.id)
