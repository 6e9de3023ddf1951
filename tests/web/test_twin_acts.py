"""Acts in twin histories: through every door they are answered alike, and what follows looks alike (S8, S39, S41)."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from models.news import Barred, Blocked, OptedOut, Stopped
from models.process.state.opening import MadeBy
from tests import cast
from tests.cast import CARL, CLEO, MONDAY, OLIVE, ROSA, TOMOKO
from tests.support.news_phrases import approves, declines, forwards
from tests.support.run.every_pair import pairs
from tests.support.run.in_turns import in_six_turns, in_two_turns
from tests.web.test_twins import AT_REQUEST, DAY, HOUR, TOGETHER, Cause, after, rules, say
from tests.web.twin_acts import (
    Doing,
    at_the_desk,
    by_key,
    edit,
    on_answer_page,
    on_console,
    on_own_page,
    pass_on,
    patch,
)
from tests.web.twins import Twin, differences, twins

ENDS: dict[str, Cause] = {
    "the connectors declined": (declines(CARL), declines(CLEO)),
    "the target declined": (approves(CARL), declines(TOMOKO)),
    "no tie": (OptedOut(by=CARL.id), OptedOut(by=CLEO.id)),
    "the target has blocked them": (Blocked(by=TOMOKO.id),),
    "stopped by staff": (Stopped(by=OLIVE.id),),
}
WITHDRAWS = on_own_page(ROSA, "/me/requests/{}/withdrawal")
TAKES_BACK = on_own_page(ROSA, "/me/consents/{}/withdrawal")
HOLD, RESUME, STOP = by_key("hold"), by_key("resume"), by_key("stop")
DOORS: dict[str, tuple[Doing, ...]] = {
    "stop": (STOP, STOP),
    "hold": (HOLD, HOLD),
    "hold, resume": (HOLD, RESUME, RESUME),
    "hold, stop": (HOLD, STOP),
    "hold, resume, stop": (HOLD, RESUME, STOP),
    "key withdraws": (by_key("withdrawal"), by_key("withdrawal")),
    "held, key withdraws": (HOLD, RESUME, by_key("withdrawal")),
    "patch": (patch, patch),
    "edit": (edit, edit),
    "edit, patch, withdraws": (edit, patch, WITHDRAWS),
    "withdraws": (WITHDRAWS,),
    "takes back": (TAKES_BACK, STOP),
}


async def do(both: tuple[Twin, Twin], *doings: Doing) -> None:
    """Each of them in both houses, an hour apart, and answered alike."""
    for doing in doings:
        answers = [await doing(each) for each in both]
        assert answers[0] == answers[1]
        await after(both, HOUR)


@in_six_turns
@pytest.mark.parametrize(("cause", "doings"), pairs(ENDS, DOORS))
async def test_what_requester_and_key_do_is_answered_alike_and_shows_alike(
    tmp_path: Path, cause: Cause, doings: tuple[Doing, ...]
) -> None:
    opening = cast.opening(rules(AT_REQUEST))
    async with twins(tmp_path, opening.policy, opening) as both:
        await after(both, HOUR)
        await say(both[0], *cause)
        await do(both, *doings)
        assert await differences(*both, ("requester", "key"), MONDAY + 40 * DAY) == []


YES, UNDO, NO = (on_answer_page(ROSA, choice) for choice in ("yes", "undo", "no"))


@in_two_turns
@pytest.mark.parametrize("cause", [(Blocked(by=TOMOKO.id),), (OptedOut(by=TOMOKO.id),)])
async def test_the_undo_of_a_confirmation_is_taken_whatever_has_happened(tmp_path: Path, cause: Cause) -> None:
    opening = cast.opening(rules(AT_REQUEST), MadeBy.KEY)
    async with twins(tmp_path, opening.policy, opening) as both:
        await after(both, HOUR)
        await say(both[0], *cause)
        for doing in (YES, UNDO, YES, NO):
            answers = [await doing(each) for each in both]
            assert answers[0] == answers[1]
        assert await differences(*both, ("requester", "key"), MONDAY + 40 * DAY) == []


QUIET: dict[str, Cause] = {
    "no": (declines(TOMOKO),),
    "opts out": (OptedOut(by=TOMOKO.id),),
    "barred": (Barred(),),
}


async def test_a_connector_cannot_tell_by_the_link_they_pass_on(tmp_path: Path) -> None:
    opening = cast.opening(rules(AT_REQUEST))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, forwards(CARL))
        await after(both, HOUR)
        await say(both[0], OptedOut(by=TOMOKO.id))
        answers = [await pass_on(each) for each in both]
        assert answers[0] == answers[1]
        assert "/f/" in answers[0]
        for time in (DAY, 3 * DAY, 6 * DAY):
            await after(both, time)
            assert await pass_on(both[0]) == await pass_on(both[1])
        assert await differences(*both, ("connector",), MONDAY + 40 * DAY) == []


STEERING: dict[str, tuple[Doing, ...]] = {
    "stop": (on_console("stop"),),
    "hold": (on_console("hold"),),
    "hold, resume": (on_console("hold"), on_console("resume")),
    "more time, twice": (on_console("extension"), on_console("extension")),
    "again": (on_console("again"),),
    "hold, resume, again": (on_console("hold"), on_console("resume"), on_console("again")),
    "again, more time": (on_console("again"), on_console("extension")),
    "again at the desk": (at_the_desk,),
}
QUIETLY = {
    f"{cause}, {order}": (QUIET[cause], fields)
    for order, fields in (("together", TOGETHER), ("at request", AT_REQUEST))
    for cause in QUIET
}


@in_six_turns
@pytest.mark.parametrize(("doings", "quietly"), pairs(STEERING, QUIETLY))
async def test_what_staff_do_before_the_deadline_is_answered_alike_and_shows_alike(
    tmp_path: Path, doings: tuple[Doing, ...], quietly: tuple[Cause, Mapping[str, object]]
) -> None:
    cause, fields = quietly
    opening = cast.opening(rules(fields))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL))
        await after(both, HOUR)
        await say(both[0], *cause)
        await do(both, *doings)
        assert await differences(*both, ("staff", "requester", "key", "connector"), MONDAY + 40 * DAY) == []
