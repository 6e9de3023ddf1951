"""The letters' markup, read as both text and HTML. Blocks of a tiny markup, with people's words held outside of it.

A template is rendered with a slot in the place of each value; only then is the markup read, and the values are put in
last. So nothing anybody wrote is ever markup: no note can draw a button, no name can begin a quotation.

    Subject: May I, {{ name }}?          the first line

    A paragraph, over as
    many lines as you like, with [a link]({{ url }}).

    > {{ note }}                         somebody's own words, as they wrote them

    [[Answer]]({{ url }})                the button

    - one thing                          a list
"""

import re
from collections.abc import Callable, Sequence
from typing import Literal

from markupsafe import Markup, escape

from mailroom.compose.direction import isolated
from models.base import Frozen

OPEN, SHUT = "\ue000", "\ue001"  # private use: `mailroom.compose.quoted_words` lets no such character in
_SLOT = re.compile(f"{OPEN}(\\d+){SHUT}")
_BUTTON = re.compile(r"^\[\[(.+)\]\]\((.+)\)$")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_QUOTE, _ITEM, _SUBJECT = "> ", "- ", "Subject: "


class Block(Frozen):
    """One thing under another. `texts` and `link` still have slots where values go."""

    kind: Literal["paragraph", "quote", "button", "list", "opening", "signature"]
    texts: tuple[str, ...]
    link: str = ""


class Slots:
    """The values of one letter, held in the order in which the template names them."""

    def __init__(self) -> None:
        self._values: list[str] = []

    def hold(self, value: str) -> str:
        self._values.append(value)
        return f"{OPEN}{len(self._values) - 1}{SHUT}"

    def fill(self, skeleton: str, write: Callable[[str], str] = str) -> str:
        """The skeleton with each value in its place; values are not looked at again."""
        return _SLOT.sub(lambda slot: write(self._values[int(slot[1])]), skeleton)


def read(skeleton: str) -> tuple[str, list[Block]]:
    """The subject, and the blocks below it."""
    first, _, rest = skeleton.strip().partition("\n")
    if not first.startswith(_SUBJECT):
        raise ValueError("a letter begins with its subject")
    return first.removeprefix(_SUBJECT).strip(), blocks(rest)


def blocks(skeleton: str) -> list[Block]:
    return [_block(lines) for part in re.split(r"\n\s*\n", skeleton) if (lines := part.strip().splitlines())]


def as_text(blocks: Sequence[Block], slots: Slots) -> str:
    return "\n\n".join(_TEXT[block.kind](block, slots) for block in blocks)


def as_html(blocks: Sequence[Block], slots: Slots) -> Markup:
    return Markup("\n").join(Markup(_HTML[block.kind](block, slots)) for block in blocks)


def _block(lines: list[str]) -> Block:
    button = _BUTTON.match(lines[0])
    if button:
        return Block(kind="button", texts=(button[1],), link=button[2])
    if lines[0].startswith(_QUOTE):
        return Block(kind="quote", texts=tuple(line.removeprefix(_QUOTE) for line in lines))
    if lines[0].startswith(_ITEM):
        return Block(kind="list", texts=tuple(line.removeprefix(_ITEM) for line in lines))
    return Block(kind="paragraph", texts=(" ".join(line.strip() for line in lines),))


# As text


def _text(skeleton: str, slots: Slots) -> str:
    def plain(text: str) -> str:
        return slots.fill(text, isolated)

    def link(label: str, where: str) -> str:
        said, to = plain(label), slots.fill(where)
        if to.startswith("mailto:"):
            return said
        colon = "" if said.endswith("?") else ":"
        return to if said in to else f"{said}{colon} {to}"

    return _with_links(skeleton, plain, link)


def _text_quote(block: Block, slots: Slots) -> str:
    lines = slots.fill("\n".join(block.texts)).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


_TEXT: dict[str, Callable[[Block, Slots], str]] = {
    "paragraph": lambda block, slots: _text(block.texts[0], slots),
    "quote": _text_quote,
    "button": lambda block, slots: f"{slots.fill(block.texts[0], isolated)}:\n{slots.fill(block.link)}",
    "list": lambda block, slots: "\n".join(f"- {_text(each, slots)}" for each in block.texts),
    "opening": lambda block, slots: slots.fill(block.texts[0]),
    "signature": lambda block, slots: slots.fill(block.texts[0]),
}


# As HTML


def _html(skeleton: str, slots: Slots) -> str:
    def plain(text: str) -> str:
        return slots.fill(str(escape(text)), _isolated)

    return _with_links(skeleton, plain, lambda label, where: f'<a href="{_address(where, slots)}">{plain(label)}</a>')


def _isolated(value: str) -> str:
    # A name may run from right to left: whatever it is, it stays between its own two ends.
    return f"<bdi>{escape(value)}</bdi>"


def _address(where: str, slots: Slots) -> str:
    return str(escape(slots.fill(where)))


def _html_quote(block: Block, slots: Slots) -> str:
    paragraphs = re.split(r"\n{2,}", slots.fill("\n".join(block.texts)))
    inside = "".join(f'<p dir="auto">{Markup("<br>").join(each.splitlines())}</p>' for each in paragraphs)
    return f"<blockquote>{inside}</blockquote>"


def _html_button(block: Block, slots: Slots) -> str:
    # A cell with a background is the one shape of a button that every mail program draws.
    link = f'<a href="{_address(block.link, slots)}">{_html(block.texts[0], slots)}</a>'
    return f'<table role="presentation" cellspacing="0" cellpadding="0"><tr><td class="button">{link}</td></tr></table>'


def _html_list(block: Block, slots: Slots) -> str:
    return "<ul>" + "".join(f"<li>{_html(each, slots)}</li>" for each in block.texts) + "</ul>"


def _html_signature(block: Block, slots: Slots) -> str:
    lines = slots.fill(block.texts[0]).splitlines()
    return f'<p class="signature">{Markup("<br>").join(Markup(_isolated(each)) for each in lines)}</p>'


_HTML: dict[str, Callable[[Block, Slots], str]] = {
    "paragraph": lambda block, slots: f"<p>{_html(block.texts[0], slots)}</p>",
    "quote": _html_quote,
    "button": _html_button,
    "list": _html_list,
    "opening": lambda block, slots: f'<p class="opening">{slots.fill(block.texts[0], _isolated)}</p>',
    "signature": _html_signature,
}


def _with_links(skeleton: str, plain: Callable[[str], str], link: Callable[[str, str], str]) -> str:
    first, *rest = _LINK.split(skeleton)  # text, then label, address, text, as often as there are links
    said = [plain(first)]
    for label, where, after in zip(rest[0::3], rest[1::3], rest[2::3], strict=True):
        said += [link(label, where), plain(after)]
    return "".join(said)
