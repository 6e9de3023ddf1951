"""A letter's HTML read back: the text it amounts to, and the pieces it is built of.

One HTML golden a kind is enough to read because of what is checked of every other letter: read back, its HTML is its
text part, line by line and link by link; it is built of no piece (an element where it stands, with its styles) that no
golden shows; and nobody's words stand in our prose without an isolation of their own.
"""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import NamedTuple

Attributes = list[tuple[str, str | None]]

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_BLOCKS = {"p", "blockquote", "ul", "table"}


class Piece(NamedTuple):
    """One element where it stands, with all it carries but its address."""

    within: tuple[str, ...]
    tag: str
    carries: tuple[tuple[str, str | None], ...]


class Page(NamedTuple):
    language: str | None
    title: str
    head: str  # without the title
    text: str  # as the text part of the letter has it
    prose: str  # what stands outside quotations and isolations
    pieces: frozenset[Piece]


def read_back(html: str) -> Page:
    reading = _Reading()
    reading.feed(html)
    reading.close()
    head = html.partition("<head>")[2].partition("</head>")[0]
    return Page(
        language=reading.language,
        title=reading.title,
        head=re.sub(r"<title>.*</title>", "", head),
        text="\n\n".join(reading.blocks).replace("\n\n———\n\n", "\n\n———\n"),
        prose="".join(reading.prose),
        pieces=frozenset(reading.pieces),
    )


def faults(
    html: str, *, text: str, subject: str, language: str, words: Iterable[str], shown: Iterable[Page]
) -> list[str]:
    """Where this HTML is not the letter of this text, or not built as those `shown`; `words` are people's own."""
    page = read_back(html)
    return [*_differences(page, text, subject, language), *_unseen(page, list(shown)), *_not_isolated(page, words)]


def _differences(page: Page, text: str, subject: str, language: str) -> Iterator[str]:
    found = (("text", page.text, text), ("title", page.title, subject), ("language", page.language, language))
    yield from (f"{what}: {says!r} instead of {meant!r}" for what, says, meant in found if says != meant)


def _unseen(page: Page, shown: list[Page]) -> Iterator[str]:
    seen = frozenset[Piece]().union(*(each.pieces for each in shown))
    yield from (f"shown by no golden: {piece}" for piece in sorted(page.pieces - seen, key=str))
    if page.head not in {each.head for each in shown}:
        yield "another head than the goldens have"


def _not_isolated(page: Page, words: Iterable[str]) -> Iterator[str]:
    yield from (f"not isolated: {each}" for each in words if each in page.prose)


class _Reading(HTMLParser):
    """Walks through the page once. Anything that stands outside a block is a block by itself, so that it is seen."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.language: str | None = None
        self.title = ""
        self.blocks: list[str] = []
        self.prose: list[str] = []
        self.pieces: set[Piece] = set()
        self._within: list[str] = []
        self._said = ""  # of the block being read
        self._linked: tuple[str, int] | None = None  # where a link leads, and where its label begins

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        carries = tuple(each for each in attrs if each[0] not in ("href", "lang"))
        self.pieces.add(Piece(tuple(self._within), tag, carries))
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang")
        elif tag == "div" and given.get("class") == "foot":
            self.blocks.append("———")
        elif tag == "a":
            self._linked = (given.get("href") or "", len(self._said))
        elif tag == "br":
            self._said += "\n"
        elif tag in ("p", "li") and self._said:
            self._said += "\n\n" if tag == "p" else "\n"
        if tag not in _VOID:
            self._within.append(tag)
        if tag == "li":
            self._said += "- "

    def handle_endtag(self, tag: str) -> None:
        assert self._within.pop() == tag, f"</{tag}> ends something else"
        if tag == "a" and self._linked:
            self._end_link(*self._linked)
        elif tag in _BLOCKS and not _BLOCKS & {*self._within}:
            self._end_block(tag)

    def handle_data(self, data: str) -> None:
        if "body" not in self._within:
            self.title += data if "title" in self._within else ""
            return
        if not {"bdi", "blockquote"} & {*self._within}:
            self.prose.append(data)
        if _BLOCKS & {*self._within}:
            self._said += data
        elif data.strip():
            self.blocks.append(data)

    def _end_link(self, leads_to: str, begins: int) -> None:
        label, self._linked = self._said[begins:], None
        if leads_to == f"mailto:{label}":
            return
        if "table" in self._within:
            self._said = f"{self._said[:begins]}{label}:\n{leads_to}"
        else:
            named = label if label.endswith("?") else f"{label}:"
            self._said = self._said[:begins] + (leads_to if label in leads_to else f"{named} {leads_to}")

    def _end_block(self, tag: str) -> None:
        said, self._said = self._said, ""
        quoted = "\n".join(f"> {line}".rstrip() for line in said.split("\n"))
        self.blocks.append(quoted if tag == "blockquote" else said)
