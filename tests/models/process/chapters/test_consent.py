"""Opt-ins of both parties. Each order, undone yeses, two lines, and leaving at any time."""

from datetime import timedelta

import pytest

from models.asks import AskKind
from models.effects import RecordConsent, StopAddress
from models.letters import LetterKind, Role
from models.news import Blocked, Erased, OptedOut, Stopped, TookBack, Withdrew
from models.outcomes import Ending
from models.policy.policy import Order
from models.process.state.stages import Closed, Delivering, FollowingUp, PassingOn, Resting, WithConnector, WithParties
from models.process.verdict import Reason
from tests.cast import CARL, CLEO, OLIVE, ROSA, STAN, TOMOKO, Person, after, opening, play, policy
from tests.models.exploration.queries import asks_of, ending, open_asks, refusals
from tests.models.record.requesters_view import letters_to
from tests.support.news_phrases import answers_in_two_lines, approves, declines, is_not_them, opts_in, undoes

MINUTE = timedelta(minutes=1)
TARGET_FIRST = opening(policy("demo", {"order": Order.TARGET_FIRST}))
AT_REQUEST = opening(policy("demo", {"order": Order.REQUESTER_AT_REQUEST}))
UNBATCHED = opening(policy("demo", {"requester.closings_every": None}))


# Both parties


def test_together_both_are_asked_at_once_in_letters_that_wait_for_an_undo() -> None:
    playing = play(approves(CARL))
    assert open_asks(playing.introduction) == [(TOMOKO.id, AskKind.OPT_IN), (ROSA.id, AskKind.OPT_IN)]
    letters = [*letters_to(TOMOKO.id, playing), *letters_to(ROSA.id, playing)]
    assert [letter.not_before - playing.now for letter in letters] == [timedelta(seconds=5)] * 2


def test_target_first_asks_her_only_after_a_yes() -> None:
    assert open_asks(after(approves(CARL), begun=TARGET_FIRST)) == [(TOMOKO.id, AskKind.OPT_IN)]
    agreed = after(approves(CARL), opts_in(TOMOKO), begun=TARGET_FIRST)
    assert open_asks(agreed) == [(ROSA.id, AskKind.OPT_IN)]


def test_who_agreed_with_the_request_is_not_asked_again() -> None:
    begun = AT_REQUEST
    playing = play(begun=begun)
    (consent,) = [effect for effect in playing.effects() if isinstance(effect, RecordConsent)]
    assert (consent.role, consent.channels) == (Role.REQUESTER, begun.channels)
    playing.hear(approves(CARL), opts_in(TOMOKO))
    assert isinstance(playing.introduction.stage, Delivering)


def test_two_yeses_introduce_them_once_no_undo_is_left() -> None:
    playing = play(approves(CARL), opts_in(ROSA), opts_in(TOMOKO))
    assert isinstance(playing.introduction.stage, Delivering)
    assert playing.introduction.stage.due_at - playing.now == timedelta(seconds=5)
    playing.time_passes()
    assert isinstance(playing.introduction.stage, FollowingUp)


def test_a_targets_yes_undone_leaves_her_own_question_alone_where_both_were_asked_at_once() -> None:
    playing = play(approves(CARL), opts_in(TOMOKO), undoes(TOMOKO))
    assert open_asks(playing.introduction) == [(TOMOKO.id, AskKind.OPT_IN), (ROSA.id, AskKind.OPT_IN)]
    assert len(asks_of(playing.introduction, Role.REQUESTER)) == 1


def test_a_targets_yes_undone_takes_back_the_question_it_brought_her() -> None:
    introduction = after(approves(CARL), opts_in(TOMOKO), undoes(TOMOKO), begun=TARGET_FIRST)
    assert open_asks(introduction) == [(TOMOKO.id, AskKind.OPT_IN)]


def test_an_undone_yes_keeps_the_other_one() -> None:
    introduction = after(approves(CARL), opts_in(ROSA), opts_in(TOMOKO), undoes(TOMOKO))
    assert isinstance(introduction.stage, WithParties)
    assert introduction.has_opted_in(Role.REQUESTER)
    assert isinstance(
        after(approves(CARL), opts_in(ROSA), opts_in(TOMOKO), undoes(TOMOKO), opts_in(TOMOKO)).stage, Delivering
    )


@pytest.mark.parametrize("who", [ROSA, TOMOKO])
def test_one_no_is_enough(who: object) -> None:
    assert who in (ROSA, TOMOKO)
    introduction = after(approves(CARL), declines(ROSA if who == ROSA else TOMOKO), begun=UNBATCHED)
    assert isinstance(introduction.stage, Resting)
    assert introduction.stage.ending == Ending.DECLINED


def test_the_letter_that_reached_somebody_else_stops_that_address() -> None:
    playing = play(approves(CARL), is_not_them(TOMOKO))
    assert StopAddress(person=TOMOKO.id) in playing.effects()
    assert isinstance(playing.introduction.stage, Resting)


def test_two_lines_reach_her_once_they_cannot_be_undone() -> None:
    playing = play(approves(CARL), answers_in_two_lines(TOMOKO))
    assert isinstance(playing.introduction.stage, PassingOn)
    playing.hear(undoes(TOMOKO), answers_in_two_lines(TOMOKO))
    playing.time_passes()
    assert ending(playing) == Ending.TWO_LINES
    assert letters_to(ROSA.id, playing)[-1].kind == LetterKind.TWO_LINES


def test_her_own_yes_counts_while_two_lines_are_on_their_way_and_are_undone() -> None:
    said = (approves(CARL), answers_in_two_lines(TOMOKO), opts_in(ROSA), undoes(TOMOKO), opts_in(TOMOKO))
    assert isinstance(after(*said).stage, Delivering)


# At any time


def test_a_yes_taken_back_before_delivery_counts_no_more() -> None:
    playing = play(approves(CARL), opts_in(TOMOKO), opts_in(ROSA), TookBack(by=TOMOKO.id))
    assert isinstance(playing.introduction.stage, Resting)
    playing.to_the_end()
    assert ending(playing) == Ending.DECLINED


def test_she_may_withdraw_at_any_time_and_nobody_else_may_for_her() -> None:
    playing = play(approves(CARL), Withdrew(by=TOMOKO.id), Withdrew(by=STAN.id), Withdrew(by=ROSA.id))
    assert refusals(playing) == [Reason.NOT_YOURS, Reason.NOT_YOURS]
    assert ending(playing) == Ending.WITHDRAWN


def test_a_connector_who_wants_no_more_letters_still_stands_by_their_word() -> None:
    playing = play(approves(CARL), OptedOut(by=CARL.id), opts_in(TOMOKO), opts_in(ROSA))
    assert isinstance(playing.introduction.stage, Delivering)
    playing.to_the_end()
    assert [letter.kind for letter in letters_to(CARL.id, playing)] == [LetterKind.ASK_CONNECTOR]


def test_a_connector_who_closes_the_way_takes_their_word_back() -> None:
    playing = play(approves(CARL), opts_in(TOMOKO), opts_in(ROSA), Blocked(by=CARL.id))
    assert isinstance(playing.introduction.stage, Resting)


def test_a_connector_who_leaves_before_answering_makes_room_for_the_next() -> None:
    assert open_asks(after(OptedOut(by=CARL.id))) == [(CLEO.id, AskKind.APPROVE)]


def test_a_connector_who_is_erased_before_answering_makes_room_for_the_next() -> None:
    assert open_asks(after(Erased(by=CARL.id))) == [(CLEO.id, AskKind.APPROVE)]


def test_without_the_connector_who_lent_their_name_nobody_is_introduced() -> None:
    playing = play(approves(CARL), opts_in(TOMOKO), opts_in(ROSA), Erased(by=CARL.id))
    assert isinstance(playing.introduction.stage, Resting)
    playing.to_the_end()
    assert [letter.kind for letter in letters_to(CARL.id, playing)] == [LetterKind.ASK_CONNECTOR]


def test_who_has_opted_out_may_still_be_erased() -> None:
    playing = play(OptedOut(by=TOMOKO.id), Erased(by=TOMOKO.id))
    assert refusals(playing) == []
    assert playing.introduction.left == (TOMOKO.id,)


@pytest.mark.parametrize("who", [ROSA, TOMOKO])
def test_nobody_is_asked_how_it_went_with_somebody_who_is_no_longer_there(who: Person) -> None:
    playing = play(approves(CARL), opts_in(TOMOKO), opts_in(ROSA))
    playing.time_passes(playing.now + timedelta(minutes=1))
    playing.hear(Erased(by=who.id))
    assert ending(playing) == Ending.DELIVERED
    assert letters_to(CARL.id, playing)[-1].kind == LetterKind.HOW_IT_WENT


def test_whom_she_blocks_she_no_longer_asks_for() -> None:
    assert play(Blocked(by=ROSA.id)).introduction.stage == Closed(ending=Ending.WITHDRAWN)


def test_an_operator_can_end_it_and_she_hears_at_the_usual_time() -> None:
    playing = play(approves(CARL), Stopped(by=OLIVE.id), begun=UNBATCHED)
    assert isinstance(playing.introduction.stage, Resting)
    assert playing.introduction.stage.tell_at == playing.opening.promised_at


def test_with_the_first_connector_nobody_else_is_told() -> None:
    playing = play()
    assert isinstance(playing.introduction.stage, WithConnector)
    assert not letters_to(TOMOKO.id, playing)
    assert not letters_to(ROSA.id, playing)
