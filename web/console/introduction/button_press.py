"""A button pressed on the page of an introduction: over what it was drawn, and whether it was pressed before.

One page has several buttons, and a press is known by the page and by what it says: sent twice it is the same act, and
other words from the same page are another. What was typed comes back with whatever is answered.
"""

from typing import Annotated, NamedTuple

from fastapi import Depends, Form, Request
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from models.process.verdict import Reason
from store.journal import inbox
from store.journal.inbox import Inboxed
from store.views.introductions import ListedIntroduction
from store.views.read_marks import read_mark
from telling.languages import phrase
from telling.refusals import WORDS
from web.console.introduction.page import DONE, show
from web.console.operators import Operator, Working, look, own, own_nonce
from web.shared.acts.press import known_by
from web.shared.error_pages import Instead
from web.shared.house import House, house_of

MEANWHILE = phrase(
    "Something has changed since this page was opened. What you sent has not been done. Please look again, and decide."
)
WORDS_TYPED = ("advice", "sentence")


class Pressed(NamedTuple):
    working: Operator
    line: ListedIntroduction
    mark: str  # what had been read
    nonce: str
    typed: dict[str, str]


async def pressed(
    request: Request,
    working: Working,
    introduction: str,
    nonce: Annotated[str, Form()],
    step: Annotated[str, Form(pattern=r"^[0-9+]{1,20}$")],
) -> Pressed:
    """The introduction, if it still stands where the page said."""
    house, form = house_of(request), await request.form()
    line = await own(request, working, introduction)
    press = Pressed(working, line, step, known_by(own_nonce(house, working, nonce), form), _typed(request, form))
    before, mark = await house.database.read(
        lambda connection: (inbox.by_nonce(connection, line.id, press.nonce), read_mark(connection, line))
    )
    if before:
        raise Instead(await once_more(request, press, before))
    if mark != step:
        raise Instead(await stale(request, press))
    return press


Press = Annotated[Pressed, Depends(pressed)]


def still_drawn(connection: Connection, press: Pressed, house: House) -> bool:
    """The same, in the transaction that keeps the act."""
    line = look(connection, press.working, press.line.id, house.clock())
    return read_mark(connection, line) == press.mark


async def once_more(request: Request, press: Pressed, before: Inboxed) -> Response:
    """The same act: what became of it."""
    if before.state == "refused":
        return await refused(request, press, Reason(before.reason or Reason.NOT_NOW))
    return RedirectResponse(f"/console/introductions/{press.line.id}?said={DONE}", 303)


async def stale(request: Request, press: Pressed) -> Response:
    return await show(request, press.working, press.line.id, 409, MEANWHILE, press.typed)


async def refused(request: Request, press: Pressed, why: Reason) -> Response:
    return await show(request, press.working, press.line.id, 409, WORDS[why], press.typed)


def _typed(request: Request, form: FormData) -> dict[str, str]:
    found = {name: str(form[name]) for name in WORDS_TYPED if str(form.get(name, "")).strip()}
    letter = request.path_params.get("letter")
    return found | {letter: str(form["line"])} if letter and str(form.get("line", "")).strip() else found
