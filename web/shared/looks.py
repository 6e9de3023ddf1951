"""Looks of programmes on pages: the sheet of a colour, and whose look a page wears that does not know its reader."""

import hashlib
from functools import lru_cache

from fastapi import Request

from models.face.colours import Shades, palette
from store.engine.database import DatabaseAway
from store.people.looks import ProgrammeLook, only_look
from web.shared.house import house_of

NAMED = {"deep": "--deep", "deeper": "--deeper", "on_deep": "--on-deep", "wash": "--wash"}


@lru_cache(maxsize=256)
def sheet(colour: str) -> str:
    """The style sheet of one colour, "#rrggbb": the properties of app.css that are drawn in it, by day and by night."""
    made = palette(colour)
    night = f"@media (prefers-color-scheme: dark) {{\n{_root(made.dark)}}}\n"
    return f"{_root(made.light)}{night}@media print {{\n{_root(made.light)}}}\n"


def sheet_address(colour: str) -> str:
    """It changes with what the sheet says, so that it may be kept for long."""
    return f"/colour/{colour.removeprefix('#')}.css?v={hashlib.sha256(sheet(colour).encode()).hexdigest()[:12]}"


def worn_by(request: Request) -> ProgrammeLook | None:
    """The look of whatever this request turned out to be about, so far."""
    found = getattr(request.state, "look", None)
    return found if isinstance(found, ProgrammeLook) else None


def wear(request: Request, look: ProgrammeLook | None) -> None:
    """From here on, pages that answer this request look so."""
    request.state.look = look


async def wear_the_only_one(request: Request) -> None:
    """Of an installation with one programme, whoever looks. Of several, and while the store is away, ours."""
    if worn_by(request) is None:
        try:
            wear(request, await house_of(request).database.read(only_look))
        except DatabaseAway:
            wear(request, None)


def _root(shades: Shades) -> str:
    said = "".join(f" {named}: {getattr(shades, field)};" for field, named in NAMED.items())
    return f":root {{{said} }}\n"
