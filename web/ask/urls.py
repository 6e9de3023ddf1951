"""Addresses of the request pages. One to choose the programme, one to write on, one to check, one for afterwards."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from models.ids import IntroductionId, ProgrammeId
from store.people.directory import member
from store.people.person import Belonging, Profile
from store.programmes.faces import face_of
from store.requests.drafts import draft_of, drop_draft, save_draft
from store.requests.new_requests import Faults, policy_of
from store.views.progress import Seen, seen
from telling.languages import phrase
from web.ask import edits, pages
from web.ask.draft import Draft
from web.ask.letter import letter
from web.ask.requester_page import RequestDesk, lay_out
from web.ask.submission import DraftChanged, Sent, send
from web.shared.acts.start_workflow import begin
from web.shared.house import house_of
from web.shared.http.rate_limits import Rate
from web.shared.http.security import read_nonce
from web.shared.sessions import reader_like, somebody, visitor

router = APIRouter()
router.include_router(edits.router)
Me = Annotated[Profile, Depends(somebody)]

A_MINUTE = 120  # pages one person may ask for in one; whoever types and looks stays far below
CHANGED = phrase("This was changed in another window since you last looked. Please read it once more.")


@router.get("/ask")
async def choose(request: Request, me: Me) -> Response:
    mine = [each for each in me.belongings if each.requests]
    return RedirectResponse(f"/ask/{mine[0].programme}", 303) if len(mine) == 1 else pages.choose_page(request, me)


@router.get("/ask/{programme}")
async def write(request: Request, me: Me, programme: str) -> Response:
    return pages.form_page(request, me, await _desk(request, me, programme))


@router.post("/ask/{programme}")
async def act(request: Request, programme: str) -> Response:
    """Whatever was pressed, what was typed is kept first."""
    me, form = await visitor(request), await request.form()
    if me is None:
        return pages.signed_out_page(request, Draft.sent(form))
    if form.get("do") == "send":
        return await _send(request, me, programme, str(form.get("looked_at", "")), str(form.get("nonce", "")))
    if form.get("do") != "discard" and not Draft.is_in(form):
        return RedirectResponse(f"/ask/{programme}", 303)  # cut off, or no form of ours: nothing typed is lost
    draft = Draft() if form.get("do") == "discard" else Draft.sent(form)
    desk = await _kept(request, me, programme, draft)
    if form.get("do") != "preview":
        return RedirectResponse(f"/ask/{programme}{'#target' if form.get('do') == 'search' else ''}", 303)
    return pages.form_page(request, me, desk, checked=True) if desk.found else pages.preview_page(request, me, desk)


@router.post("/ask/{programme}/draft")
async def keep_draft(request: Request, me: Me, programme: str) -> Response:
    """While somebody writes; the page itself stays as it is."""
    form = await request.form()
    mine, draft = _mine(me, programme), Draft.sent(form)
    if Draft.is_in(form):
        _count(request, me)
        now = house_of(request).clock()
        await house_of(request).database.write(lambda connection: _keep(connection, me, mine, draft, now))
    return Response(status_code=204)


@router.post("/ask/{programme}/people")
async def narrow(request: Request, me: Me, programme: str) -> Response:
    """A POST, because whom somebody looks for belongs into no address."""
    draft = Draft.sent(await request.form())
    return pages.people_part(request, me, await _laid_out(request, me, _mine(me, programme), draft))


@router.get("/ask/{programme}/letter")
async def letter_of_draft(request: Request, me: Me, programme: str) -> Response:
    """The kept draft as the letter it becomes."""
    desk, mine = await _desk(request, me, programme), _mine(me, programme)
    face = await house_of(request).database.read(lambda connection: face_of(connection, mine.programme))
    return letter(request, me, desk, face, pages.whom_of(desk), reader_like(request, me))


@router.get("/ask/{programme}/sent/{introduction}")
async def sent(request: Request, me: Me, programme: str, introduction: str) -> Response:
    mine, house = _mine(me, programme), house_of(request)

    def look(connection: Connection) -> tuple[RequestDesk, Seen | None]:
        found = seen(connection, mine.programme, IntroductionId(introduction))
        desk = lay_out(connection, me, mine, Draft(track=found.track if found else ""), house.clock())
        began_under = policy_of(connection, IntroductionId(introduction))
        return desk.model_copy(update={"policy": began_under}) if began_under else desk, found

    desk, found = await house.database.read(look)
    if found is None or found.requester != me.person.id:
        raise HTTPException(404)
    whom = found.named.name if found.named else await _name(request, mine.programme, found)
    return pages.sent_page(request, me, desk, found, whom)


async def _send(request: Request, me: Profile, programme: str, looked_at: str, nonce: str) -> Response:
    mine, house = _mine(me, programme), house_of(request)
    dice = read_nonce(house.keys, pages.bound_to(me, mine.programme), nonce)
    if dice is None:
        raise HTTPException(422)
    desk = await _desk(request, me, programme)
    asked = desk.draft.request(mine.programme, me.person.id, pages.agreement_shown(request, me, desk))
    now = house.clock()
    outcome = await house.database.write(lambda connection: send(connection, asked, desk.draft, looked_at, dice, now))
    match outcome:
        case Sent(introduction=introduction, opening=opening):
            if opening:
                await begin(house, opening)
            return RedirectResponse(f"/ask/{programme}/sent/{introduction}", 303)
        case DraftChanged():
            return _looked_at_again(request, me, desk)
        case Faults():
            return pages.form_page(request, me, await _desk(request, me, programme), checked=True)


def _looked_at_again(request: Request, me: Profile, desk: RequestDesk) -> Response:
    if desk.found:
        return pages.form_page(request, me, desk, checked=True, notice=CHANGED)
    return pages.preview_page(request, me, desk, notice=CHANGED)


async def _desk(request: Request, me: Profile, programme: str) -> RequestDesk:
    """With the draft as it is kept."""
    mine, now = _mine(me, programme), house_of(request).clock()

    def look(connection: Connection) -> RequestDesk:
        draft = Draft.kept(draft_of(connection, mine.programme, me.person.id, now))
        return lay_out(connection, me, mine, draft, now)

    return await house_of(request).database.read(look)


async def _laid_out(request: Request, me: Profile, mine: Belonging, draft: Draft) -> RequestDesk:
    _count(request, me)
    now = house_of(request).clock()
    return await house_of(request).database.read(lambda connection: lay_out(connection, me, mine, draft, now))


async def _kept(request: Request, me: Profile, programme: str, draft: Draft) -> RequestDesk:
    """Keep the draft, and see what the door says to it."""
    _count(request, me)
    mine, now = _mine(me, programme), house_of(request).clock()

    database = house_of(request).database
    await database.write(lambda connection: _keep(connection, me, mine, draft, now))
    return await database.read(lambda connection: lay_out(connection, me, mine, draft, now))


def _keep(connection: Connection, me: Profile, mine: Belonging, draft: Draft, now: datetime) -> None:
    if draft == Draft():
        drop_draft(connection, mine.programme, me.person.id)
    else:
        save_draft(connection, mine.programme, me.person.id, draft.model_dump(mode="json"), now)


async def _name(request: Request, programme: ProgrammeId, found: Seen) -> str:
    wanted = found.target
    if wanted is None:
        return ""
    listed = await house_of(request).database.read(lambda connection: member(connection, programme, wanted))
    return listed.name if listed else ""


def _mine(me: Profile, programme: str) -> Belonging:
    """One of the programmes they belong to; any other is not there."""
    mine = next((each for each in me.belongings if each.programme == programme), None)
    if mine is None:
        raise HTTPException(404)
    return mine


def _count(request: Request, me: Profile) -> None:
    state = request.app.state
    if not hasattr(state, "askers"):
        state.askers = Rate(A_MINUTE)
    seconds = state.askers.wait(me.person.id, house_of(request).clock())
    if seconds:
        raise HTTPException(429, headers={"retry-after": str(seconds)})
