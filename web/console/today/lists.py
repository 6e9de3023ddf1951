"""Lists of what needs an operator now. Introductions by due time: first what only an operator can move."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from store.boundaries import resting_asks
from store.views import introductions, participation
from store.views.alarms import raised
from store.views.introductions import PAGE, IntroductionFilter
from store.views.notices import of_installation
from telling.stage_words import ALARMS, QUESTIONS, STAGES, TROUBLES, stands_at, waits_for
from web.console.operators import Working
from web.console.page_frame import frame, page_of
from web.shared.house import house_of
from web.shared.http.security import new_nonce
from web.shared.rendering import page
from web.shared.sessions import bound_to, reader_like

router = APIRouter()


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
    found, many, resting, asked, notices, alarms = await house.database.read(
        lambda connection: (
            introductions.listed(connection, wanted, now),
            introductions.stages(connection, wanted, now),
            resting_asks.of_programmes(connection, working.programme_ids, now),
            tuple(each for each in participation.open_asks(connection, working.id, now) if each.undo_until is None),
            of_installation(connection, now),
            raised(connection),
        )
    )
    return page(
        request,
        "console/list.html",
        reader_like(request, working.profile),
        **frame(request, working),
        found=found[:PAGE],
        resting=resting if number == 1 and wanted.stage is None else (),
        asked=asked if number == 1 and wanted.stage is None else (),
        questions=QUESTIONS,
        mine=[each for each in found[:PAGE] if each.needs_operator],
        stage=wanted.stage,
        stages=STAGES,
        many=many,
        number=number,
        more=len(found) > PAGE,
        stands_at=stands_at,
        waits_for=waits_for,
        troubles=TROUBLES,
        notices=notices,
        alarms=alarms,
        alarm_words=ALARMS,
        nonce=new_nonce(house.keys, bound_to(working.profile)),
    )
