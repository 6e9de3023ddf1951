"""Once the requester has been asked herself, she cannot tell what became of the others.

Not where the approval is known to her already, nor when a late yes brings the question back.
"""

from datetime import datetime
from functools import cache

import pytest

from models.letters import LetterKind, Role
from models.news import Barred, Blocked, Erased, OptedOut, Stopped, TookBack
from models.policy.policy import Order, Policy
from tests.cast import CARL, MONDAY, OLIVE, ROSA, TOMOKO, opening, policy
from tests.models.exploration.causes import CONNECTORS, DAY, HOUR, Story, bounces, say, up_to_the_target
from tests.models.record.requesters_view import View, view, what_she_may_do
from tests.support.news_phrases import approves, declines, is_not_them, opts_in, puts_off, undoes
from tests.support.play import Play, Store

# Where both are asked at once, or the target first, nothing may tell once the requester has been asked.


def silent(play: Play) -> None:
    """Tomoko says nothing."""


def declined(play: Play) -> None:
    play.hear(declines(TOMOKO))


def blocked(play: Play) -> None:
    play.hear(Blocked(by=TOMOKO.id))


def opted_out(play: Play) -> None:
    play.hear(OptedOut(by=TOMOKO.id))


def erased(play: Play) -> None:
    play.hear(Erased(by=TOMOKO.id))


def connector_erased(play: Play) -> None:
    play.hear(Erased(by=CARL.id))


def blocked_by_the_connector(play: Play) -> None:
    play.hear(Blocked(by=CARL.id))


def barred(play: Play) -> None:
    play.hear(Barred())


def barred_at_delivery(play: Play) -> None:
    play.store.bars_delivery = True
    if play.opening.policy.order == Order.TOGETHER:
        play.hear(opts_in(TOMOKO))


def dead_address(play: Play) -> None:
    play.hear(bounces(TOMOKO.id, LetterKind.ASK_TARGET, Role.TARGET))


def not_them(play: Play) -> None:
    play.hear(is_not_them(TOMOKO))


def stopped(play: Play) -> None:
    play.hear(Stopped(by=OLIVE.id))


def taken_back(play: Play) -> None:
    if play.opening.policy.order == Order.TOGETHER:
        play.hear(opts_in(TOMOKO))
    play.hear(TookBack(by=TOMOKO.id))


TOGETHER = [
    silent,
    declined,
    blocked,
    opted_out,
    erased,
    connector_erased,
    blocked_by_the_connector,
    barred,
    barred_at_delivery,
    dead_address,
    not_them,
    stopped,
    taken_back,
]
TARGET_FIRST = [
    blocked,
    opted_out,
    erased,
    connector_erased,
    blocked_by_the_connector,
    barred,
    barred_at_delivery,
    stopped,
    taken_back,
]


def says_yes(play: Play) -> None:
    play.hear(opts_in(ROSA))


def says_yes_undoes_it_and_says_it_again(play: Play) -> None:
    play.hear(opts_in(ROSA), undoes(ROSA), opts_in(ROSA))


def says_no(play: Play) -> None:
    play.hear(declines(ROSA))


def says_nothing(play: Play) -> None:
    """Not even after the reminder."""


ROSA_DOES: list[Story] = [says_yes, says_yes_undoes_it_and_says_it_again, says_no, says_nothing]


def _asked_herself(order: Order, cause: Story, rosa: Story) -> tuple[Play, datetime]:
    """Rosa has been asked; something ends it; two hours after she was asked she answers, or does not."""
    play = Play(opening(_without_batches(order)), Store(CONNECTORS))
    play.hear(approves(CARL))
    if order == Order.TARGET_FIRST:
        play.hear(opts_in(TOMOKO))
    asked_at = play.now
    play.time_passes(asked_at + HOUR)
    cause(play)
    play.now = asked_at + 2 * HOUR
    rosa(play)
    play.time_passes(MONDAY + 50 * DAY)
    return play, asked_at


def _without_batches(order: Order) -> Policy:
    return policy("accelerator", {"order": order, "screening": None, "requester.promised_answer": "25 bd"})


@cache
def _views(order: Order, cause: Story, rosa: Story) -> tuple[View, list[tuple[datetime, str, str]]]:
    play, asked_at = _asked_herself(order, cause, rosa)
    return view(play, asked_at), what_she_may_do(play, 5 * HOUR)


@pytest.mark.parametrize("rosa", ROSA_DOES)
@pytest.mark.parametrize("cause", TOGETHER)
def test_together_nothing_tells_once_she_has_been_asked(cause: Story, rosa: Story) -> None:
    assert _views(Order.TOGETHER, cause, rosa) == _views(Order.TOGETHER, declined, rosa)


@pytest.mark.parametrize("rosa", ROSA_DOES)
@pytest.mark.parametrize("cause", TARGET_FIRST)
def test_target_first_nothing_tells_once_she_has_been_asked(cause: Story, rosa: Story) -> None:
    assert _views(Order.TARGET_FIRST, cause, rosa) == _views(Order.TARGET_FIRST, blocked, rosa)


# A late yes, after she has been told, comes back as a question; then nothing may tell either.


@cache
def _asked_afresh(cause: Story, rosa: Story) -> tuple[View, list[tuple[datetime, str, str]]]:
    play = Play(opening("accelerator"), Store(CONNECTORS))
    up_to_the_target(play)
    say(play, puts_off(TOMOKO, MONDAY + 60 * DAY))
    play.time_passes(MONDAY + 61 * DAY)
    play.hear(opts_in(TOMOKO))
    play.time_passes(HOUR)
    asked_at = play.now
    cause(play)
    play.now = asked_at + 2 * HOUR
    rosa(play)
    play.time_passes(MONDAY + 100 * DAY)
    return view(play), what_she_may_do(play, 17 * HOUR)


@pytest.mark.parametrize("rosa", ROSA_DOES)
@pytest.mark.parametrize("cause", TARGET_FIRST)
def test_asked_afresh_nothing_tells_either(cause: Story, rosa: Story) -> None:
    seen = _asked_afresh(cause, rosa)
    assert seen == _asked_afresh(blocked, rosa)
    closings = [letter for letter in seen[0].letters if letter.kind == LetterKind.NO_INTRODUCTION]
    assert len(closings) == 2, "she was asked again, so she hears again"
