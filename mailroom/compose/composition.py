"""Composition of a letter. One source per kind and language becomes its subject, its text and its HTML."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

import letters
from mailroom.compose.direction import isolated
from mailroom.compose.markup import Block, Slots, as_html, as_text, blocks, read
from mailroom.compose.quoted_words import one_line, opening, rest
from mailroom.compose.views import LetterView, NamedPerson
from mailroom.compose.views.parts import LetterFace
from models.base import Frozen
from telling import dates
from telling.languages import spanish_and

HERE = Path(letters.__path__[0])


class Composed(Frozen):
    """A letter in both its shapes. They cannot say different things: both are made of the same blocks."""

    subject: str
    text: str
    html: str


class Ours(str):
    """Words of the house, such as a date: part of the prose, so neither held in a slot nor isolated in HTML."""

    __slots__ = ()


def compose(view: LetterView) -> Composed:
    """The letter, as its receiver reads it. The same view always gives the same letter."""
    slots = Slots()
    facts = _facts(view) | {"slots": slots}
    subject, body = read(_source(f"{view.kind}/{view.language}.txt", facts))
    if getattr(view, "changed", False) and not getattr(view, "reminder", False):
        body = [*body[:1], *blocks(_source(f"parts/changed.{view.language}.txt", facts)), *body[1:]]
    if getattr(view, "line", None):
        body = _with_line(body, blocks(_source(f"parts/line.{view.language}.txt", facts)))
    body = _with_face(body, view.face, blocks(_source(f"parts/signature.{view.language}.txt", facts)), slots)
    foot = blocks(_source(f"parts/foot.{view.language}.txt", facts))
    plain_subject = slots.fill(_sentence(subject), lambda value: isolated(one_line(value)))
    return Composed(
        subject=plain_subject,
        text=_as_text(body, foot, slots),
        html=_as_html(plain_subject, view, body, foot, slots),
    )


def _facts(view: LetterView) -> dict[str, Any]:
    """What a template may ask for. Two who are called alike are told apart by their whole names."""
    facts = {name: getattr(view, name) for name in type(view).model_fields} | {
        "staff_mailto": view.staff_mailto,
        "why": view.why,
    }
    often = Counter(each.called for each in facts.values() if isinstance(each, NamedPerson))
    alike = {name: each for name, each in facts.items() if isinstance(each, NamedPerson) and often[each.called] > 1}
    return facts | {
        name: NamedPerson(name=each.name, called=each.name) for name, each in alike.items() if name != "name"
    }


def _sentence(subject: str) -> str:
    """A Subject begins like a sentence, whatever may stand before it in a reminder."""
    return str(_capital(" ".join(subject.split())))


def _source(name: str, facts: dict[str, Any]) -> str:
    return _sources().get_template(name).render(facts)


def _with_line(body: list[Block], line: list[Block]) -> list[Block]:
    """Below the button, which stays where a phone shows it first; a letter without one has it below the greeting."""
    after = next((place for place, block in enumerate(body, 1) if block.kind == "button"), 1)
    return [*body[:after], *line, *body[after:]]


def _with_face(body: list[Block], face: LetterFace, team: list[Block], slots: Slots) -> list[Block]:
    """The programme's own words around the letter: its opening above everything; its signature below, or its team's."""
    above = [Block(kind="opening", texts=(slots.hold(face.opening),))] if face.opening else []
    signed = [Block(kind="signature", texts=(slots.hold(face.signature),))] if face.signature else team
    return [*above, *body, *signed]


def _as_text(body: list[Block], foot: list[Block], slots: Slots) -> str:
    frame = _frames().get_template("frame.txt")
    return frame.render(body=as_text(body, slots), foot=as_text(foot, slots))


def _as_html(subject: str, view: LetterView, body: list[Block], foot: list[Block], slots: Slots) -> str:
    page = (
        _frames()
        .get_template("frame.html")
        .render(
            subject=subject,
            language=view.language,
            programme=view.programme,
            has_face=view.face != LetterFace(),
            logo=view.face.logo,
            light=view.face.colours.light,
            dark=view.face.colours.dark,
            body=as_html(body, slots),
            foot=as_html(foot, slots),
        )
    )
    return _inliner().inline(page)


@pass_context
def _held(context: Context, value: object) -> str:
    if value is None:
        raise ValueError("a letter would say None")
    if isinstance(value, Ours):
        return value
    slots: Slots = context["slots"]
    return slots.hold(str(value))


@pass_context
def _by(context: Context, due: Any) -> Ours:
    return Ours(dates.by(due, context["at"], context["zone"], context["language"]))


@pass_context
def _on(context: Context, instant: Any) -> Ours:
    return Ours(dates.on(instant, context["at"], context["zone"], context["language"]))


@pass_context
def _day(context: Context, instant: Any) -> Ours:
    return Ours(dates.day(instant, context["at"], context["zone"], context["language"]))


@pass_context
def _since(context: Context, day: Any) -> Ours:
    return Ours(dates.since(day, context["language"]))


def _capital(words: str) -> Ours:
    return Ours(re.sub(r"^(¿?)(\w)", lambda found: found[1] + found[2].upper(), words))


def _y(following: object) -> Ours:
    return Ours(spanish_and(str(following)))


@cache
def _sources() -> Environment:
    # Nothing is escaped here: values wait in slots and are escaped, or not, when the blocks are written out.
    made = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=False,
        undefined=StrictUndefined,
        finalize=_held,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(by=_by, on=_on, day=_day, since=_since, capital=_capital, y=_y, opening=opening, rest=rest)
    return made


@cache
def _frames() -> Environment:
    def in_html(name: str | None) -> bool:
        return bool(name and name.endswith(".html"))

    return Environment(loader=FileSystemLoader(HERE), autoescape=in_html, undefined=StrictUndefined)


@cache
def _inliner() -> css_inline.CSSInliner:
    # Mail programs throw style sheets away; what only a sheet can say (the dark scheme) is kept as well.
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
