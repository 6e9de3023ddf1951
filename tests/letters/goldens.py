"""The golden letters, as they were last read. `python -m tests.letters.goldens` writes them anew.

Each variant of each letter is kept as text (its subject first) in each language; of the HTML, the first variant of each
kind and one reminder, in English: `html_reading` finds where any other differs from these and from its own text. After
a change of words or frame: write them, read the difference, commit it with the change.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from mailroom.compose.composition import Composed, compose
from mailroom.compose.views import LetterView
from models.letters import LANGUAGES
from tests.letters.samples import samples

HERE = Path(__file__).parent / "golden"


def goldens(compose: Callable[[LetterView], Composed] = compose) -> Iterator[tuple[Path, str]]:
    """Every golden file, and what it should hold."""
    shown = shown_in_html()
    for language in LANGUAGES:
        for name, view in samples(language):
            letter = compose(view)
            yield HERE / f"{name}.{language}.txt", f"Subject: {letter.subject}\n\n{letter.text}\n"
            if f"{name}.{language}" in shown:
                yield HERE / f"{name}.{language}.html", f"{letter.html}\n"


def shown_in_html() -> set[str]:
    """The first variant of each kind, and a letter that carries a note in one piece, in English."""
    first: dict[str, str] = {"in one piece": "ask_target/reminder.en"}
    for name, view in samples("en"):
        first.setdefault(view.kind, f"{name}.en")
    return {*first.values()}


if __name__ == "__main__":
    shutil.rmtree(HERE, ignore_errors=True)
    for file, content in goldens():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
