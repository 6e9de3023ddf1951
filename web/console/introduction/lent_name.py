"""An operator's own name, lent. With the reading, in one act, as the person they are.

For nobody else: an operator never answers for a party, nor for another connector. What is put to them as a person they
answer on the page that its letter leads to.
"""

from typing import Annotated, Literal, cast

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import Response

from models.ids import AskNumber
from models.news import Lending, Screened, Undone
from models.request.notes import tidy
from models.request.plain_text import Unfit
from store.asks.answer_attachments import Kept
from store.views.blind_words import tells_who_asks
from store.views.lent_names import may_lend
from telling.languages import phrase
from web.console.introduction.acts import act
from web.console.introduction.advice import TELLS
from web.console.introduction.button_press import Press
from web.console.introduction.page import show
from web.shared.forms import SENTENCE
from web.shared.house import house_of
from web.shared.sessions import reader_like

router = APIRouter(prefix="/introductions/{introduction}")

CHOOSE = phrase("Please choose how you stand behind it. Nothing has changed.")
UNFIT = phrase("This sentence is too long, or holds characters that cannot be read. Nothing has changed.")


@router.post("/lending")
async def approve_as_connector(
    request: Request,
    press: Press,
    vouch: Annotated[str, Form()] = "",
    sentence: Annotated[str, Form()] = "",
) -> Response:
    """Read and introduced by the same human: the reading is the operator's, the approval the person's."""
    house, line, working = house_of(request), press.line, press.working
    if not await house.database.read(lambda connection: may_lend(connection, line, working.id)):
        raise HTTPException(422)
    words, typed = tidy(sentence), {"sentence": sentence}
    if vouch not in ("introduce", "vouch"):
        return await show(request, working, line.id, 422, CHOOSE, typed)
    if len(sentence) > SENTENCE or (isinstance(words, Unfit) and words != Unfit.EMPTY):
        return await show(request, working, line.id, 422, UNFIT, typed)
    if isinstance(words, str) and await house.database.read(lambda c: tells_who_asks(c, line, words)):
        return await show(request, working, line.id, 422, TELLS, typed)
    kept = Kept(line.id, working.id, house.clock())
    lends = Lending(
        by=working.id,
        vouch=cast(Literal["introduce", "vouch"], vouch),
        sentence=kept.words("sentence", "" if isinstance(words, Unfit) else words),
        wording=f"screening-{reader_like(request, working.profile).language}",
    )
    return await act(request, press, Screened(by=working.id, approved=True, lends=lends), kept)


@router.post("/asks/{number}/undo")
async def undo(request: Request, press: Press, number: int) -> Response:
    """Their own approval, while nothing of it has left. Whose it is, the core looks at."""
    return await act(request, press, Undone(ask=AskNumber(number), by=press.working.id))
