"""The requester cannot tell whose no it was, or that there was one.

Runs that differ only in the cause look the same.
"""

from functools import cache

import pytest

from models.letters import LetterKind
from models.news import Blocked, Erased, OptedOut, Stopped
from models.process.state.opening import MadeBy
from tests.cast import CARL, CLEO, MONDAY, OLIVE, ROSA, TOMOKO, opening
from tests.models.exploration.causes import (
    CONNECTORS,
    DAY,
    FROM_THE_REQUEST,
    HOUR,
    Story,
    connectors_decline,
    say,
    screened,
    target_declines,
)
from tests.models.record.requesters_view import letters_to, view, what_she_may_do
from tests.support.news_phrases import Saying, approves, confirms, declines, undoes
from tests.support.play import Play, Said, Store


def _accelerator(story: Story, made_by: MadeBy) -> Play:
    play = Play(opening("accelerator", made_by), Store(CONNECTORS))
    if made_by != MadeBy.REQUESTER:
        play.time_passes(HOUR)
        play.hear(confirms(ROSA), undoes(ROSA), confirms(ROSA))
    story(play)
    play.time_passes(MONDAY + 100 * DAY)
    return play


@cache
def _twin(made_by: MadeBy) -> Play:
    return _accelerator(connectors_decline, made_by)


@pytest.mark.parametrize("made_by", [MadeBy.REQUESTER, MadeBy.KEY])
@pytest.mark.parametrize("story", FROM_THE_REQUEST)
def test_from_the_request_on_nothing_tells(story: Story, made_by: MadeBy) -> None:
    play, twin = _accelerator(story, made_by), _twin(made_by)
    assert view(play) == view(twin)
    assert what_she_may_do(play, 17 * HOUR) == what_she_may_do(twin, 17 * HOUR)


# A request made for her may have ended before she confirms it: that, too, must not show.


def blocked(play: Play) -> None:
    play.hear(Blocked(by=TOMOKO.id))


def opted_out(play: Play) -> None:
    play.hear(OptedOut(by=TOMOKO.id))


def erased(play: Play) -> None:
    play.hear(Erased(by=TOMOKO.id))


def stopped(play: Play) -> None:
    play.hear(Stopped(by=OLIVE.id))


def nothing(play: Play) -> None:
    """It is still alive when she answers, and nobody is found afterwards."""


ANSWERS: list[tuple[Saying, ...]] = [(confirms(ROSA), undoes(ROSA), confirms(ROSA)), (declines(ROSA),), ()]


def _before_she_confirms(cause: Story, *answer: Saying) -> Play:
    play = Play(opening("accelerator", MadeBy.KEY), Store(()))
    play.time_passes(HOUR)
    cause(play)
    play.now = MONDAY + 2 * HOUR
    play.hear(*answer)
    assert not play.refusals
    play.time_passes(MONDAY + 100 * DAY)
    return play


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("cause", [blocked, opted_out, erased, stopped])
def test_before_she_confirms_nothing_tells_either(cause: Story, answer: tuple[Saying, ...]) -> None:
    play, twin = _before_she_confirms(cause, *answer), _before_she_confirms(nothing, *answer)
    assert view(play) == view(twin)
    assert what_she_may_do(play, 7 * HOUR) == what_she_may_do(twin, 7 * HOUR)


def test_she_hears_once_at_the_promised_time_in_the_words_of_every_ending() -> None:
    play = _accelerator(target_declines, MadeBy.REQUESTER)
    (letter,) = view(play).letters
    assert (letter.kind, letter.with_words) == (LetterKind.NO_INTRODUCTION, False)
    assert letter.not_before == play.opening.promised_at


# S9. The target cannot tell how many connectors were asked before one agreed.


def _targets_letters(*before: Said, connectors: tuple[object, ...] = CONNECTORS) -> Play:
    play = Play(opening("accelerator"), Store(CONNECTORS))
    say(play, screened)
    if before:
        say(play, *before)
    play.time_passes(MONDAY + 3 * DAY)
    play.hear(approves(CLEO if before else CARL))
    play.time_passes(MONDAY + 60 * DAY)
    return play


def test_the_target_cannot_tell_how_many_connectors_were_tried() -> None:
    first, second = _targets_letters(), _targets_letters(declines(CARL))
    assert letters_to(TOMOKO.id, first) == letters_to(TOMOKO.id, second)
    assert CARL.id not in repr(letters_to(TOMOKO.id, second))
