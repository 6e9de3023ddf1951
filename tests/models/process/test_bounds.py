"""What repeats itself waits longer each time, and is not taken for ever; at its cap nobody is offered it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from models.effects import CheckSilence, Effect, ExtendAsk
from models.letters import Role
from models.news import AnswerWaiting, Declined, Extended, Held, News, Resumed
from models.process import bounds
from models.process.possible import Act, Staff, possible
from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from models.process.state.stages import Delivering, Resting
from models.process.verdict import Reason, Refused, Step
from tests.cast import CARL, OLIVE, ROSA, TOMOKO, opening, play, policy
from tests.support.news_phrases import approves, last_ask, opts_in, puts_off, undoes
from tests.support.play import Play, Said, Store

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DEMO = opening(policy("demo", {"requester.promised_answer": "30 d"}))
OLDER = DEMO.model_copy(update={"bounded": False})
ENOUGH = Refused(reason=Reason.OFTEN_ENOUGH)
OPERATOR = Staff(by=OLIVE.id)


def test_an_answer_that_nobody_hears_is_looked_for_ever_more_seldom() -> None:
    playing = unheard()
    playing.time_passes(5 * HOUR)
    assert waits(playing)[:4] == [MINUTE / 2, MINUTE, 2 * MINUTE, 4 * MINUTE]
    assert waits(playing)[-1] == HOUR, "and no more seldom than that"


def test_what_began_before_that_is_looked_for_as_it_was() -> None:
    playing = unheard(OLDER)
    playing.time_passes(HOUR)
    assert {*waits(playing)} == {MINUTE / 2}


def test_whoever_gets_more_time_is_looked_at_soon_again() -> None:
    playing = unheard()
    playing.time_passes(HOUR)
    before, ask = len(waits(playing)), playing.introduction.asks[0]
    playing.hear(Extended(ask=ask.number, by=OLIVE.id, until=ask.due_at + MINUTE))
    playing.time_passes(2 * HOUR)
    assert waits(playing)[before] == MINUTE / 2


def test_letters_held_back_by_what_nobody_hears_are_tried_ever_more_seldom() -> None:
    playing = play(approves(CARL), opts_in(TOMOKO), begun=DEMO)
    playing.store.hold_back = 6
    playing.hear(opts_in(ROSA))
    tries = []
    while isinstance(stage := playing.introduction.stage, Delivering):
        tries.append(stage.looks)
        playing.time_passes(stage.due_at - playing.now)
    assert tries == list(range(7))


def test_a_yes_is_taken_back_three_times_and_a_no_is_heard_after_it() -> None:
    playing = play(approves(CARL), begun=DEMO)
    for _ in range(bounds.MOST_UNDONE):
        playing.hear(opts_in(TOMOKO), undoes(TOMOKO))
    playing.hear(opts_in(TOMOKO))
    ask = last_ask(playing.introduction, TOMOKO.id)
    assert playing.hear(undoes(TOMOKO)) == ENOUGH
    assert Act.UNDO not in possible(playing.introduction, Role.TARGET, playing.now).about(ask)
    assert isinstance(playing.hear(Declined(ask=ask, by=TOMOKO.id)), Step)
    assert isinstance(playing.introduction.stage, Resting)


def test_one_question_is_put_off_five_times() -> None:
    playing = play(begun=DEMO)
    for _ in range(bounds.MOST_LATER):
        assert isinstance(playing.hear(puts_off(CARL, playing.now + MINUTE)), Step)
        playing.time_passes(2 * MINUTE)
    ask = last_ask(playing.introduction, CARL.id)
    assert playing.hear(puts_off(CARL, playing.now + MINUTE)) == ENOUGH
    assert Act.LATER not in possible(playing.introduction, Role.CONNECTOR, playing.now).about(ask)
    assert isinstance(playing.hear(approves(CARL)), Step)


def test_one_question_gets_more_time_five_times() -> None:
    playing = play(begun=DEMO)
    ask = last_ask(playing.introduction, CARL.id)
    for _ in range(bounds.MOST_EXTENDED):
        until = playing.introduction.asks[0].due_at + MINUTE
        assert isinstance(playing.hear(Extended(ask=ask, by=OLIVE.id, until=until)), Step)
    until = playing.introduction.asks[0].due_at + MINUTE
    assert playing.hear(Extended(ask=ask, by=OLIVE.id, until=until)) == ENOUGH
    assert Act.EXTEND not in possible(playing.introduction, OPERATOR, playing.now).about(ask)


def test_it_is_held_ten_times_and_what_is_held_can_always_go_on() -> None:
    playing = play(begun=DEMO)
    for _ in range(bounds.MOST_HOLDS):
        assert isinstance(playing.hear(Held(by=OLIVE.id)), Step)
        assert Act.RESUME in possible(playing.introduction, OPERATOR, playing.now).acts
        assert isinstance(playing.hear(Resumed(by=OLIVE.id)), Step)
    assert playing.hear(Held(by=OLIVE.id)) == ENOUGH
    assert Act.HOLD not in possible(playing.introduction, OPERATOR, playing.now).acts


@pytest.mark.parametrize(
    "again", [(Held(by=OLIVE.id), Resumed(by=OLIVE.id)), (approves(CARL), undoes(CARL))], ids=["held", "undone"]
)
def test_what_began_before_there_were_bounds_keeps_none(again: tuple[Said, ...]) -> None:
    playing = play(begun=OLDER)
    for _ in range(2 * bounds.MOST_HOLDS):
        for said in again:
            assert isinstance(playing.hear(said), Step)


class Unheard(Store):
    """Somebody's answer lies in the inbox, and nobody takes it."""

    def _reply(self, effect: Effect, introduction: Introduction) -> Iterator[News]:
        if isinstance(effect, CheckSilence):
            yield AnswerWaiting(ask=effect.ask)
        else:
            yield from super()._reply(effect, introduction)


def unheard(begun: Opening = DEMO) -> Play:
    return play(begun=begun, store=Unheard(connectors=(CARL.somebody,)))


def waits(playing: Play) -> list[timedelta]:
    """Between one look at somebody's silence and the next."""
    return [
        effect.due_at - at
        for at, step in playing.moments
        for effect in step.effects
        if isinstance(effect, ExtendAsk) and isinstance(step.news, AnswerWaiting)
    ]
