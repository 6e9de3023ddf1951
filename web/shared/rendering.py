"""Rendering of pages. One environment for all templates: everything is escaped, nothing may be missing."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from models.request.guidance.readers import READERS, UNNAMED
from models.request.wish import MOST_OF_RESULT
from store.people.looks import ProgrammeLook
from telling import dates, languages, wishes
from telling.languages import Reader
from telling.stage_words import FORGOTTEN
from web.shared.looks import sheet_address, worn_by

HERE = Path(__file__).parents[1]


@cache
def environment() -> Environment:
    """Every template of web/templates, in every language: `reader` and `now` in the context decide how it speaks.

    Each template is compiled once for the whole process, however many houses it serves.
    """
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(
        gettext=_gettext_of_facts,
        static=static,
        sheet_address=sheet_address,
        languages=languages.NAMES,
        wanted_kinds=wishes.WANTED,
        is_talk=wishes.is_talk,
        most_of_result=MOST_OF_RESULT,
        readers_of=READERS,
        read_unnamed=UNNAMED,
    )
    for name, told in _TOLD.items():
        made.filters[name] = told
    return made


def page(
    request: Request, template: str, reader: Reader, status: int = 200, look: ProgrammeLook | None = None, **facts: Any
) -> HTMLResponse:
    """The answer to a request: one template, for one reader, now, in the look of a programme where it is about one."""
    house = request.app.state.house
    here = house.templates.get_template(template)
    shown = facts | {"reader": reader, "now": house.clock(), "look": look or worn_by(request)}
    return HTMLResponse(here.render(shown), status_code=status)


def reader_of(request: Request, language: str | None = None, zone: str | None = None) -> Reader:
    """How to speak to whoever sent this: as the person would have it where we know them, else as the browser asks."""
    asked = request.headers.get("accept-language")
    return Reader(language=languages.chosen_language(language, asked), zone=zone or "UTC")


@cache
def static(name: str) -> str:
    """Where a file of web/static is served: its address changes with its content, so it may be kept for long."""
    content = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={content[:12]}"


@pass_context
def _gettext(context: Context, text: str) -> str:
    return str(languages.translations(context["reader"].language).ugettext(text))


@pass_context
def _gettext_of_facts(context: Context, text: str, /, **facts: Any) -> str:
    """A text with its facts in it, escaped where they are not: as the newer style of gettext has it."""
    language = context["reader"].language
    return Markup(languages.and_before(_gettext(context, text), language, facts)) % facts


@pass_context
def _ngettext(context: Context, one: str, many: str, count: int) -> str:
    return str(languages.translations(context["reader"].language).ungettext(one, many, count))


@pass_context
def _moment(context: Context, at: datetime) -> str:
    return dates.long_moment(at, context["reader"])


@pass_context
def _day(context: Context, at: datetime) -> str:
    return dates.long_day(at, context["reader"])


def _whole_minute(at: datetime, *, after: bool = False) -> datetime:
    """The first whole minute not before this instant, or after it: a field knows no seconds."""
    minute = at.replace(second=0, microsecond=0)
    return minute + timedelta(minutes=1) if after or minute < at else minute


@pass_context
def _on_the_clock(context: Context, at: datetime) -> str:
    """As a field for a day and time takes it."""
    return at.astimezone(ZoneInfo(context["reader"].zone)).strftime("%Y-%m-%dT%H:%M")


@pass_context
def _how_far(context: Context, at: datetime) -> str:
    return dates.how_far(at, context["now"], context["reader"])


@pass_context
def _named_to_staff(context: Context, name: str | None) -> str:
    """As staff know people; whoever is forgotten has no name, and is somebody all the same."""
    return name or _gettext(context, FORGOTTEN)


@pass_context
def _facts_to_staff(context: Context, facts: dict[str, str]) -> dict[str, str]:
    """The names in a line of the story."""
    return {name: _named_to_staff(context, fact) for name, fact in facts.items()}


@pass_context
def _how_long(context: Context, seconds: float) -> str:
    return dates.how_long(seconds, context["reader"])


@pass_context
def _listed(context: Context, things: list[str]) -> str:
    return languages.one_of(things, context["reader"])


@pass_context
def _said(context: Context, text: str, **facts: object) -> str:
    named = {name: _gettext(context, SOMEBODY) if fact == "" else fact for name, fact in facts.items()}
    return languages.said(text, context["reader"].language, **named)


@pass_context
def _wanted(context: Context, wish: str) -> str:
    return wishes.wanted_line(wish, context["reader"].language)


@pass_context
def _came_about(context: Context, wish: str, role: str, other: str) -> str:
    return _gettext_of_facts(context, wishes.came_about(wish, role), other=other)


@pass_context
def _zone(context: Context, _: object = None) -> str:
    return dates.zone_name(context["reader"])


SOMEBODY = languages.phrase("somebody")


@pass_context
def _named(context: Context, name: str | None) -> str:
    """Somebody's name, kept apart from the direction of the text around it; whoever is forgotten has none."""
    return Markup("<bdi>{}</bdi>").format(name) if name else _gettext(context, SOMEBODY)


def _capital(text: str) -> str:
    """As a sentence begins."""
    return text[:1].upper() + text[1:]


# Filters of templates: {{ due_at | moment }}, {{ due_at | how_far }}, {{ 600 | how_long }}, {{ names | listed }}.
_TOLD: dict[str, Callable[..., Any]] = {
    "moment": _moment,
    "wanted": _wanted,
    "came_about": _came_about,
    "day": _day,
    "on_the_clock": _on_the_clock,
    "whole_minute": _whole_minute,
    "how_far": _how_far,
    "named_to_staff": _named_to_staff,
    "facts_to_staff": _facts_to_staff,
    "how_long": _how_long,
    "listed": _listed,
    "said": _said,
    "named": _named,
    "capital": _capital,
    "zone_name": _zone,
}
