"""A letter sent again by an operator. With a line of their own, if they like; the core says whether it goes."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import Response

from models.ids import IntroductionId
from models.request import operator_lines
from models.request.operator_lines import Unsendable
from store.asks.answer_attachments import Kept
from store.views import staff_story
from store.views.blind_words import tells_who_asks
from store.views.letters.letter_lines import LetterLine
from web.console.introduction.acts import act
from web.console.introduction.advice import TELLS, UNSENDABLE
from web.console.introduction.button_press import Press
from web.console.introduction.page import show
from web.shared.acts.staff_acts import resent
from web.shared.house import House, house_of

router = APIRouter(prefix="/introductions/{introduction}")


@router.post("/letters/{letter}/again")
async def send_again(request: Request, press: Press, letter: str, line: Annotated[str, Form()] = "") -> Response:
    house, drawn, working = house_of(request), press.line, press.working
    found = await _letter(house, drawn.id, letter)
    words = operator_lines.line(line)
    if isinstance(words, Unsendable) and words != Unsendable.EMPTY:
        return await show(request, working, drawn.id, 422, UNSENDABLE[words], typed={letter: line})
    signed = f"{words} {working.profile.person.name}"  # whoever asks may be an operator too
    if isinstance(words, str) and await house.database.read(lambda c: tells_who_asks(c, drawn, signed)):
        return await show(request, working, drawn.id, 422, TELLS, typed={letter: line})
    kept = Kept(drawn.id, working.id, house.clock())
    key = kept.words("line", "" if isinstance(words, Unsendable) else words)
    return await act(request, press, resent(found, working.id, key), kept)


async def _letter(house: House, introduction: IntroductionId, letter: str) -> LetterLine:
    """One of this introduction's, and of no other's."""
    story = await house.database.read(lambda connection: staff_story.story(connection, introduction, house.clock()))
    found = next((each for each in story.letters if each.id == letter), None) if story else None
    if found is None or not found.is_past:
        raise HTTPException(404)
    return found
