"""Catalogues: every text of the pages, and its translations.

`python -m telling.catalogues` brings the files up to date.

One file per area and language. What is new is added empty, what is gone is dropped; a test holds `gaps` empty.
"""

import io
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from models.letters import LANGUAGES
from telling.languages import ENGLISH, HERE

HOUSE = Path(__file__).parents[1]
WORDED = ("web", "telling")  # the folders whose texts people read on pages
# Areas are named for what they say, rooms for who is in them; most are the same.
ROOMS = {"ask": "request", "me": "own", "unsubscribe": "leaving"}
PLACES = {
    "telling/answer_terms.py": "answers",
    "telling/refusals.py": "refusals",
    "telling/story.py": "console",
    "telling/stage_words.py": "console",
    "telling/image_faults.py": "console",
    "telling/request_faults.py": "request",
    "web/shared/forms.py": "answers",
}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "phrase": None}
OPTIONS = {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}
AREAS = ("answers", "request", "own", "console", "mailboxes", "promises", "refusals", "api", "leaving")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")

Messages = dict[str, str | tuple[str, str]]  # by singular: the text, or both its numbers


def main() -> None:
    """Every catalogue holds exactly the texts its area shows, in their order."""
    for language in LANGUAGES:
        for area, texts in in_use().items():
            if language != ENGLISH:
                _renew(HERE / language / f"{area}.po", language, texts)


@cache
def in_use() -> dict[str, Messages]:
    """Every text that pages show, by area. What two areas show stands in both, and has to be said alike."""
    found: dict[str, Messages] = {}
    for file in sorted(each for folder in WORDED for end in ("*.py", "*.html") for each in (HOUSE / folder).rglob(end)):
        found.setdefault(_area(file), {}).update(dict(_texts(file)))
    return {area: texts for area, texts in found.items() if texts}


def gaps() -> list[str]:
    """What is missing, left over, unsure, or loses a placeholder: one line each, empty when all is said."""
    found = []
    for language in LANGUAGES:
        if language != ENGLISH:
            found += [f"{language}: {gap}" for gap in _said_differently(language)]
            for area, texts in in_use().items():
                found += [f"{language}/{area}: {gap}" for gap in _gaps(HERE / language / f"{area}.po", language, texts)]
    return found


def _said_differently(language: str) -> Iterator[str]:
    told: dict[str, object] = {}
    for file in sorted((HERE / language).glob("*.po")):
        for message in _read(file, language):
            if told.setdefault(_key(message), message.string) != message.string:
                yield f"said in two ways: {_key(message)}"


def _gaps(file: Path, language: str, texts: Messages) -> Iterator[str]:
    told = {_key(message): message for message in _read(file, language)}
    yield from (f"not there: {text}" for text in texts if text not in told)
    yield from (f"left over: {text}" for text in told if text not in texts)
    for text, message in told.items():
        said = [each or "" for each in _all(message.string)]
        if message.fuzzy or not all(said):
            yield f"not said: {text}"
        elif set(_PLACEHOLDER.findall(" ".join(said))) != _placeholders(message):
            yield f"placeholders differ: {text}"


def _area(file: Path) -> str:
    place = file.relative_to(HOUSE)
    parts = place.parts[1:]
    room = parts[1] if parts[0] == "templates" and len(parts) > 2 else parts[0].removesuffix(".py")
    area = PLACES.get(place.as_posix()) or ROOMS.get(room, room)
    return area if area in AREAS else "common"


def _texts(file: Path) -> Iterator[tuple[str, str | tuple[str, str]]]:
    how = "jinja2.ext:babel_extract" if file.suffix == ".html" else "python"
    for _, text, _, _ in extract(how, io.BytesIO(file.read_bytes()), KEYWORDS, options=OPTIONS):
        both = text if isinstance(text, tuple) else (text,)
        if both[0]:
            yield both[0], (both[0], both[1]) if len(both) > 1 else both[0]


def _renew(file: Path, language: str, texts: Messages) -> None:
    files = [*file.parent.glob("*.po"), file]
    known = {_key(message): message.string for each in files for message in _read(each, language) if message.string}
    renewed = Catalog(locale=language, project="introbroker", fuzzy=False)
    for key, text in texts.items():
        renewed.add(text, known.get(key, ""))
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        write_po(out, renewed, width=0, omit_header=True, sort_output=True)


def _read(file: Path, language: str) -> Iterator[Message]:
    if file.exists():
        with file.open("rb") as text:
            yield from (message for message in read_po(text, locale=language) if message.id)


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else str(message.id)


def _placeholders(message: Message) -> set[str]:
    return set(_PLACEHOLDER.findall(_all(message.id)[-1] or ""))


def _all(text: str | Sequence[str | None] | None) -> Sequence[str | None]:
    """Both numbers of a text that counts, else the one."""
    return (text,) if isinstance(text, str) or text is None else text


if __name__ == "__main__":
    main()
