"""One introduction: where it stands, its story, its questions and letters, and what an operator may do about it now."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from models.base import Frozen
from models.policy.tracks import TrackRules
from models.process.possible import Act
from store.asks import private_notes as notes
from store.asks.private_notes import Note
from store.programmes.policies import policy_in_force
from store.views import lent_names, members
from store.views.introductions import ListedIntroduction
from store.views.members import Member
from store.views.read_marks import read_mark
from store.views.staff_story import Story, story
from telling import stage_words
from telling.story import told
from web.console.operators import Operator, Working, look
from web.console.page_frame import frame
from web.shared.acts.staff_acts import Acts, acts_at
from web.shared.house import house_of
from web.shared.http.security import new_nonce
from web.shared.rendering import page
from web.shared.sessions import bound_to, reader_like

router = APIRouter()

CANDIDATES = 12
DONE = "done"  # in the address somebody is led to who has pressed twice: the page then says so


class OpenedIntroduction(Frozen):
    """What the page shows: the story, and who could be proposed where somebody is looked for."""

    story: Story
    mark: str  # of what is read here
    acts: Acts
    candidates: tuple[Member, ...]
    may_lend: bool  # they know the target themselves
    track: TrackRules | None  # as it is called today, where it still is
    notes: tuple[Note, ...]  # that their writers meant for the staff

    def has_place_for(self, name: str) -> bool:
        """Whether this page has the field, for what was typed into it."""
        is_read = Act.SCREEN in self.acts
        if name == "advice":
            return is_read and Act.SEND_BACK in self.acts
        return is_read and self.may_lend if name == "sentence" else name in self.acts.resendable


@router.get("/introductions/{introduction}")
async def one(request: Request, working: Working, introduction: str) -> Response:
    return await show(request, working, introduction)


async def show(
    request: Request,
    working: Operator,
    introduction: str,
    status: int = 200,
    refusal: str | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    """`typed`: what an operator wrote and could not send, so that it is not lost."""
    house, sought = house_of(request), request.query_params.get("sought", "")[:100]
    now = house.clock()
    opened = await house.database.read(lambda connection: read(connection, working, introduction, sought, now))
    return page(
        request,
        "console/introduction.html",
        reader_like(request, working.profile),
        status,
        **frame(request, working),
        story=opened.story,
        one=opened.story.listed,
        lines=told(opened.story),
        words=stage_words,
        acts=opened.acts,
        candidates=opened.candidates,
        may_lend=opened.may_lend,
        track=opened.track,
        notes=opened.notes,
        sought=sought,
        refusal=refusal,
        typed=typed or {},
        given_back=[words for name, words in (typed or {}).items() if not opened.has_place_for(name)],
        done=request.query_params.get("said") == DONE,
        mark=opened.mark,
        nonce=new_nonce(house.keys, bound_to(working.profile)),
    )


def read(
    connection: Connection, working: Operator, introduction: str, sought: str, now: datetime
) -> OpenedIntroduction:
    line = look(connection, working, introduction, now)
    found = story(connection, line.id, now)
    assert found, "it has just been looked at"
    acts = acts_at(connection, found, working.id, now)
    fitting = _whom_to_name(connection, found.listed, acts, sought, now)
    return OpenedIntroduction(
        story=found,
        mark=read_mark(connection, found.listed),
        acts=acts,
        candidates=fitting[:CANDIDATES],
        may_lend=Act.LEND in acts and lent_names.may_lend(connection, line, working.id),
        track=policy_in_force(connection, line.programme).tracks.get(found.opening.track),
        notes=notes.for_staff(connection, line.id, found.kept_back),
    )


def _whom_to_name(
    connection: Connection, line: ListedIntroduction, acts: Acts, sought: str, now: datetime
) -> tuple[Member, ...]:
    """Who could be proposed as a target; or, beside those in it already, be asked as a connector."""
    if Act.PROPOSE not in acts and Act.HAND_OVER not in acts:
        return ()
    found = members.members(connection, line.programme, sought, 1, now)
    if Act.PROPOSE in acts:
        return tuple(each for each in found if each.person != line.requester and not each.operates)
    return tuple(each for each in found if each.person not in (line.requester, line.target, line.connector))
