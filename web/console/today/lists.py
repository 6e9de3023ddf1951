"""Lists of what needs an operator now. Introductions by due time: first what only an operator can move."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from store.boundaries import resting_asks
from store.boundaries.resting_asks import Pause
from store.views import introductions
from store.views.installation.alarms import Alarm, raised
from store.views.installation.notices import Notices, of_installation
from store.views.introductions import PAGE, IntroductionFilter, ListedIntroduction
from store.views.own import questions
from store.views.own.questions import WaitingAsk
from telling.stage_words import ALARMS, QUESTIONS, STAGES, TROUBLES, stands_at, waits_for
from web.console.operators import Operator, Working
from web.console.page_frame import frame, page_of
from web.shared.house import house_of
from web.shared.http.security import new_nonce
from web.shared.rendering import page
from web.shared.sessions import bound_to, reader_like

router = APIRouter()


class Today(NamedTuple):
    """What an operator finds, read in one go. `asked`: what is asked of them as a person, and nobody else's to see."""

    found: tuple[ListedIntroduction, ...]
    many: Mapping[str, int]  # introductions, by stage
    resting: tuple[Pause, ...]
    asked: tuple[WaitingAsk, ...]
    notices: Notices
    alarms: Sequence[tuple[Alarm, datetime]]


@router.get("/console")
async def introductions_by_due_time(request: Request, working: Working, stage: str = "") -> Response:
    number = page_of(request)
    wanted = IntroductionFilter(
        programmes=working.programme_ids,
        stage=stage if stage in STAGES else None,
        page=number,
        apart_from=working.records,
    )
    house = house_of(request)
    now = house.clock()
    here = await house.database.read(lambda connection: _today(connection, working, wanted, now))
    found, is_first = here.found, number == 1 and wanted.stage is None
    return page(
        request,
        "console/list.html",
        reader_like(request, working.profile),
        **frame(request, working),
        found=found[:PAGE],
        resting=here.resting if is_first else (),
        asked=here.asked if is_first else (),
        questions=QUESTIONS,
        mine=[each for each in found[:PAGE] if each.needs_operator],
        stage=wanted.stage,
        stages=STAGES,
        many=here.many,
        number=number,
        more=len(found) > PAGE,
        stands_at=stands_at,
        waits_for=waits_for,
        troubles=TROUBLES,
        notices=here.notices,
        alarms=here.alarms,
        alarm_words=ALARMS,
        nonce=new_nonce(house.keys, bound_to(working.profile)),
    )


def _today(connection: Connection, working: Operator, wanted: IntroductionFilter, now: datetime) -> Today:
    asked = questions.open_asks(connection, working.id, now)
    return Today(
        found=introductions.listed(connection, wanted, now),
        many=introductions.stages(connection, wanted, now),
        resting=resting_asks.of_programmes(connection, working.programme_ids, now),
        asked=tuple(each for each in asked if each.undo_until is None),
        notices=of_installation(connection, now),
        alarms=raised(connection),
    )
