"""The frame of the console's pages: what each is drawn with, and which page of a list was asked for."""

from typing import Any

from fastapi import Request

from web.console.operators import Operator
from web.shared.house import house_of


def frame(request: Request, working: Operator) -> dict[str, Any]:
    """What every page of the console is drawn with."""
    return {"me": working.profile, "working": working, "embedded": house_of(request).embedded}


def page_of(request: Request) -> int:
    """Which page of a list: a number from 1 on; whatever else was asked is the first."""
    asked = request.query_params.get("page", "1")
    return min(int(asked), 10_000) if asked.isascii() and asked.isdecimal() and len(asked) < 6 and int(asked) else 1
