"""Advice: a request sent back. With advice in their own words; nobody else hears of it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from models.news import SentBack
from models.request import operator_lines
from models.request.operator_lines import Unsendable
from store.asks.answer_attachments import Kept
from telling.languages import phrase
from web.console.introduction.acts import act
from web.console.introduction.button_press import Press
from web.console.introduction.page import show
from web.shared.house import house_of

router = APIRouter(prefix="/introductions/{introduction}")

TELLS = phrase("This request is read without a name, and your words would tell whose it is. Nothing has changed.")
UNSENDABLE: dict[Unsendable, str] = {
    Unsendable.EMPTY: phrase("Nothing was written. Nothing has changed."),
    Unsendable.TOO_LONG: phrase("Your words are too long. Nothing has changed."),
    Unsendable.UNREADABLE: phrase("Your words hold characters that cannot be read. Nothing has changed."),
    Unsendable.LINK: phrase("Please leave links and addresses out of your words. Nothing has changed."),
    Unsendable.PLACEHOLDER: phrase("Your words hold a slot that was left unfilled. Nothing has changed."),
}


@router.post("/advice")
async def send_back(request: Request, press: Press, advice: Annotated[str, Form()] = "") -> Response:
    words, by = operator_lines.advice(advice), press.working.id
    if isinstance(words, Unsendable):
        return await show(request, press.working, press.line.id, 422, UNSENDABLE[words], typed={"advice": advice})
    kept = Kept(press.line.id, by, house_of(request).clock())
    key = kept.words("advice", words)
    assert key, "there are words"
    return await act(request, press, SentBack(by=by, words=key), kept)
