"""Languages of readers: which one a person reads, the catalogue of each, and texts said in it.

The English text is the message id. A language's catalogue is every file of telling/locale/<language>/, read at start.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from models.letters import LANGUAGES

HERE = Path(__file__).parent / "locale"
ENGLISH = "en"
NAMES = {"en": "English", "es": "Español", "pt": "Português"}
_AND_A_FACT = re.compile(r"\by (?=%\((\w+)\)s)")
# Sounds like "i": not "Hielo", nor "Ian" or "Yago", where a vowel follows.
_SOUNDS_LIKE_I = re.compile(r"(?:<[^>]*>)*(?:h?[iíìîï]|y)(?![aeouáéóú])", re.IGNORECASE)
_RANGE = re.compile(r"^\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*$")


@dataclass(frozen=True, slots=True)
class Reader:
    """How whoever looks at a page reads: their language, and the zone their days pass in."""

    language: str = ENGLISH
    zone: str = "UTC"


def phrase(text: str) -> str:
    """Marks a text of the code for translation; it is translated where it is shown."""
    return text


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of one language; English is its own."""
    files = sorted((HERE / language).glob("*.po"))
    if not files:
        return NullTranslations()
    whole, *others = [_catalogue(file, language) for file in files]
    for each in others:
        whole.merge(each)
    return whole


def said(text: str, language: str, **facts: object) -> str:
    """A marked text in one language, with its facts filled in."""
    translated: str = translations(language).ugettext(text)
    return and_before(translated, language, facts) % facts if facts else translated


def and_before(translated: str, language: str, facts: Mapping[str, object]) -> str:
    """Spanish says "e Ingrid", since "y" would be swallowed; no library of ours knows."""
    if language != "es":
        return translated
    return _AND_A_FACT.sub(lambda found: f"{spanish_and(str(facts.get(found[1], '')))} ", translated)


def spanish_and(following: str) -> str:
    """The "and" that stands before this."""
    return "e" if _SOUNDS_LIKE_I.match(following) else "y"


def chosen_language(own: str | None, accept_language: str | None) -> str:
    """A person's own language where we know the person, else what their browser asks for, else English."""
    if own in LANGUAGES:
        return str(own)
    wished = [(float(found[2] or 1), -place, found[1].lower()) for place, found in _ranges(accept_language or "")]
    liked = [language for weight, _, language in sorted(wished, reverse=True) if weight and language in LANGUAGES]
    return liked[0] if liked else ENGLISH


def one_of(things: list[str], reader: Reader, *, either: bool = False) -> str:
    """ "Ana, Rui and Tomoko", or with "or"."""
    listed = format_list(things, style="or" if either else "standard", locale=reader.language)
    if reader.language != "es" or either or len(things) < 2:
        return listed
    end = f" y {things[-1]}"
    return listed.removesuffix(end) + f" {spanish_and(things[-1])} {things[-1]}" if listed.endswith(end) else listed


def _catalogue(file: Path, language: str) -> Translations:
    with file.open("rb") as text:
        catalogue = read_po(text, locale=language)
    binary = io.BytesIO()
    write_mo(binary, catalogue)
    binary.seek(0)
    return Translations(binary)


def _ranges(header: str) -> list[tuple[int, re.Match[str]]]:
    ranges = [_RANGE.match(each) for each in header[:400].split(",")]
    return [(place, found) for place, found in enumerate(ranges) if found]
