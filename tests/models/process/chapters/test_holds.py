"""Holds: what they stop, what goes on all the same, and how far an operator may move a deadline."""

from datetime import timedelta

import pytest

from models.effects import CheckSilence, ExtendAsk, Introduce, WriteAgain, WriteLetter
from models.letters import LetterKind
from models.news import Extended, Held, Resumed, Silent
from models.outcomes import Ending
from models.process.state.opening import MadeBy
from models.process.state.stages import Closed, Delivering, FollowingUp, Screening, WithParties
from models.process.verdict import Reason, Refused
from tests.cast import CARL, CLEO, MONDAY, OLIVE, ROSA, TOMOKO, opening, play, policy
from tests.models.exploration.causes import (
    CONNECTORS,
    FROM_THE_REQUEST,
    Story,
    connectors_decline,
    target_puts_off_and_then_declines,
)
from tests.models.record.requesters_view import view, what_she_may_do
from tests.support.news_phrases import approves, confirms, opts_in, puts_off
from tests.support.play import Play, Store

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
HELD, RESUMED = Held(by=OLIVE.id), Resumed(by=OLIVE.id)
UNBATCHED = opening(policy("demo", {"requester.closings_every": None}))
SCREENED = opening("accelerator")


def moving(playing: Play) -> list[str]:
    stopped = (CheckSilence, Introduce, WriteAgain, WriteLetter)
    return [effect.kind for effect in playing.effects() if isinstance(effect, stopped)]


def test_nobody_is_reminded_or_silent_while_it_is_held() -> None:
    playing = play(HELD, begun=UNBATCHED)
    playing.time_passes(30 * MINUTE)
    assert moving(playing) == []
    assert playing.introduction.asks[0].is_open


def test_everybody_has_as_much_time_left_as_before() -> None:
    playing = play(begun=UNBATCHED)
    before = playing.introduction.asks[0]
    playing.hear(HELD)
    playing.time_passes(15 * MINUTE)
    playing.hear(RESUMED)
    after = playing.introduction.asks[0]
    lost = 15 * MINUTE + timedelta(seconds=1)
    assert before.remind_at
    assert (after.due_at, after.remind_at) == (before.due_at + lost, before.remind_at + lost)
    assert playing.effects()[-1] == ExtendAsk(ask=after.number, due_at=after.due_at)


def test_who_is_asked_while_it_is_held_loses_no_time() -> None:
    playing = play(HELD, begun=UNBATCHED)
    playing.time_passes(5 * MINUTE)
    playing.hear(approves(CARL))
    target = playing.introduction.asks[1]
    playing.time_passes(10 * MINUTE)
    playing.hear(RESUMED)
    assert playing.introduction.asks[1].due_at == target.due_at + 10 * MINUTE + timedelta(seconds=1)


def test_answers_are_heard_and_delivery_waits() -> None:
    playing = play(approves(CARL), HELD, opts_in(TOMOKO), opts_in(ROSA), begun=UNBATCHED)
    playing.time_passes(10 * MINUTE)
    assert isinstance(playing.introduction.stage, Delivering)
    playing.hear(RESUMED)
    playing.time_passes(timedelta(seconds=1))
    assert isinstance(playing.introduction.stage, FollowingUp)


def test_the_screeners_time_moves_too() -> None:
    playing = play(HELD, begun=SCREENED)
    stage = playing.introduction.stage
    playing.time_passes(3 * DAY)
    playing.hear(RESUMED)
    assert isinstance(stage, Screening)
    assert playing.introduction.stage == Screening(due_at=stage.due_at + 3 * DAY + timedelta(seconds=1))


def test_the_promise_is_kept_and_a_hold_never_lifted_ends_there() -> None:
    playing = play(approves(CARL), puts_off(TOMOKO, UNBATCHED.promised_at + MINUTE), HELD, begun=UNBATCHED)
    playing.time_passes(UNBATCHED.promised_at)
    assert playing.introduction.stage == Closed(ending=Ending.LAPSED)
    written = [effect.letter for effect in playing.effects() if isinstance(effect, WriteLetter)]
    assert written == [LetterKind.NO_INTRODUCTION, LetterKind.HOW_IT_WENT]


def test_a_hold_beside_a_look_at_silence_wins() -> None:
    playing = play(begun=UNBATCHED, store=Unheard((CARL.somebody, CLEO.somebody)))
    playing.time_passes(10 * MINUTE)
    assert playing.introduction.asks[0].checking
    assert playing.hear(HELD, Silent(ask=playing.introduction.asks[0].number)) == Refused(reason=Reason.NOT_NOW)
    playing.hear(RESUMED)
    playing.time_passes(11 * MINUTE)
    assert moving(playing).count("check_silence") == 2


class Unheard(Store):
    """A store that takes its time to say whether somebody was silent."""

    def replies(self, step):  # type: ignore[no-untyped-def]
        yield from (reply for reply in super().replies(step) if not isinstance(reply, Silent))


def test_what_cannot_be_held_or_resumed() -> None:
    introduced = play(approves(CARL), opts_in(TOMOKO), opts_in(ROSA))
    introduced.time_passes(10 * timedelta(seconds=1))
    assert introduced.hear(HELD) == Refused(reason=Reason.ALREADY_INTRODUCED)
    told = play(approves(CARL), opts_in(ROSA), puts_off(TOMOKO, UNBATCHED.promised_at + MINUTE), begun=UNBATCHED)
    told.time_passes(UNBATCHED.promised_at)
    assert isinstance(told.introduction.stage, WithParties)
    assert told.hear(HELD) == Refused(reason=Reason.NOT_NOW)
    assert play(HELD).hear(HELD) == Refused(reason=Reason.NOT_NOW)
    assert play().hear(RESUMED) == Refused(reason=Reason.NOT_NOW)


# More time for one person


def test_a_deadline_moves_at_most_to_the_promised_date() -> None:
    playing = play(begun=UNBATCHED)
    ask = playing.introduction.asks[0]
    later = Extended(ask=ask.number, by=OLIVE.id, until=ask.due_at + 5 * MINUTE)
    playing.hear(later)
    assert playing.introduction.asks[0].due_at == later.until
    assert playing.effects()[-1] == ExtendAsk(ask=ask.number, due_at=later.until)
    playing.time_passes(ask.due_at + MINUTE)
    assert "check_silence" not in moving(playing)


@pytest.mark.parametrize("until", [MONDAY + MINUTE, UNBATCHED.promised_at + MINUTE])
def test_no_deadline_is_shortened_nor_moved_past_the_promise(until: object) -> None:
    playing = play(begun=UNBATCHED)
    extended = Extended.model_validate({"ask": 1, "by": OLIVE.id, "until": until})
    assert playing.hear(extended) == Refused(reason=Reason.BAD_DATE)


def test_what_was_answered_is_not_extended() -> None:
    playing = play(approves(CARL), begun=UNBATCHED)
    answered = Extended(ask=playing.introduction.asks[0].number, by=OLIVE.id, until=MONDAY + 30 * MINUTE)
    assert playing.hear(answered) == Refused(reason=Reason.ALREADY_ANSWERED)


# S8. A hold tells the requester nothing of what happened meanwhile.


# Nobody is asked again on the day they named while it is held.
WHILE_HELD = [story for story in FROM_THE_REQUEST if story is not target_puts_off_and_then_declines]


def _held_for_ten_days(story: Story) -> Play:
    playing = Play(opening("accelerator", MadeBy.KEY), Store(CONNECTORS))
    playing.hear(confirms(ROSA), HELD)
    story(playing)
    playing.time_passes(MONDAY + 10 * DAY)
    playing.hear(RESUMED)
    playing.time_passes(MONDAY + 100 * DAY)
    return playing


@pytest.mark.parametrize("story", WHILE_HELD)
def test_a_hold_tells_nothing_of_what_happened_meanwhile(story: Story) -> None:
    playing, twin = (_held_for_ten_days(each) for each in (story, connectors_decline))
    assert view(playing) == view(twin)
    assert what_she_may_do(playing, 17 * timedelta(hours=1)) == what_she_may_do(twin, 17 * timedelta(hours=1))
