"""Other people's words in a letter. On one line or on several, with nothing in them that is not seen.

The door has refused most of this already; a letter is made safe again here, because it can be the last to see a name
that came by an older import.
"""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

FIRST_LINES, SHORT, LINES = 200, 240, 4  # characters above the button; what is hardly longer stands there whole; lines
_ENDS = re.compile(r"[.!?…]+[\"”’»)]*(?=\s)|[。！？]|(?<=\S)(?=\n)")  # of a sentence, or of a line

_JOINERS = "\u200c\u200d"  # Persian and Indic words, and many emoji, are spelt with them
_BREAKS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}  # controls, bidi and zero-width marks, half characters, private use


def one_line(text: str) -> str:
    """The words on one line: a line break can neither start a header nor a paragraph."""
    return " ".join(_seen(_BREAKS.sub(" ", text).replace("\t", " ")).split())


def several_lines(text: str) -> str:
    """The words as they were written; what passed the door comes out the same, letter by letter."""
    return "\n".join(_seen(each.replace("\t", " ")) for each in _BREAKS.split(text)).strip()


def _seen(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(each for each in text if each in _JOINERS or unicodedata.category(each) not in _HIDDEN)


def opening(words: str) -> str:
    """The first lines: what stands above the button. Nothing is left out, as `rest` is what follows."""
    return words[: _cut(words)].rstrip()


def rest(words: str) -> str:
    """What follows the first lines; empty where they are all there is."""
    return words[_cut(words) :].strip()


def _cut(words: str) -> int:
    if len(words) <= SHORT and words.count("\n") < LINES:
        return len(words)
    start = min([FIRST_LINES, *(found.start() for found in list(re.finditer("\n", words))[LINES - 1 : LINES])])
    ends = [found.end() for found in _ENDS.finditer(words, 0, start + 1) if found.end() <= start]
    if ends:
        return ends[-1]
    space = words.rfind(" ", 0, start)
    return space if space > 0 else start


Line = Annotated[str, AfterValidator(one_line)]
Name = Annotated[str, AfterValidator(one_line), Field(min_length=1, max_length=200)]
Lines = Annotated[str, AfterValidator(several_lines), Field(min_length=1)]
Url = Annotated[
    str, StringConstraints(pattern=r"^https?://[!#-;=?-~]+$")
]  # ASCII, no space, no quote, no angle bracket
