"""Small faults in the story, each noticed. They survived when faults were put in on purpose."""

from datetime import datetime, timedelta

from models.asks import AskKind, AskState
from models.effects import RecordConsent
from models.letters import LetterKind, Role
from models.news import News, Screened, Silent, Stopped, TimeIsUp, Undeliverable
from models.outcomes import Ending
from models.policy.policy import Order
from models.process.bounds import FIRST_LOOK
from models.process.state.introduction import Introduction
from models.process.state.opening import MadeBy
from models.process.state.stages import Closed, Resting, WithConnector
from models.process.story import begin, decide
from models.process.timetable import next_wake
from models.process.verdict import Reason, Step
from models.time.open_hours import Days
from tests.cast import CARL, CLEO, MONDAY, OLIVE, ROSA, TOMOKO, after, opening, play, policy
from tests.models.exploration.queries import open_asks, refusals
from tests.support.news_phrases import answers_in_two_lines, approves, confirms, declines, last_ask, puts_off, undoes
from tests.support.play import Store

AN_HOUR = timedelta(hours=1)


def test_a_request_an_operator_declines_rests_as_declined() -> None:
    introduction = after(Screened(by=OLIVE.id, approved=False), begun=opening(policy("accelerator")))
    assert isinstance(introduction.stage, Resting)
    assert introduction.stage.ending == Ending.DECLINED


def test_a_connector_whom_no_letter_reaches_is_passed_over() -> None:
    introduction = after(
        lambda so_far: Undeliverable(
            letter=LetterKind.ASK_CONNECTOR, role=Role.CONNECTOR, ask=last_ask(so_far, CARL.id)
        )
    )
    assert isinstance(introduction.stage, WithConnector)
    asked = [(ask.person, ask.state) for ask in introduction.asks if ask.kind == AskKind.APPROVE]
    assert asked == [(CARL.id, AskState.SETTLED), (CLEO.id, AskState.OPEN)]


def test_a_target_who_says_later_is_asked_again_on_their_day() -> None:
    introduction = after(approves(CARL), puts_off(TOMOKO, MONDAY + AN_HOUR))
    (ask,) = (each for each in introduction.asks if each.person == TOMOKO.id)
    assert ask.state == AskState.PUT_OFF
    assert introduction.stage.kind == "with_parties"


def test_a_yes_given_with_the_request_says_to_which_words_and_until_when() -> None:
    rules = policy("accelerator", {"order": Order.REQUESTER_AT_REQUEST, "requester.yes_valid_for": "20 d"})
    begun = opening(rules)
    (consent,) = (each for each in begin(begun, MONDAY).effects if isinstance(each, RecordConsent))
    assert (consent.channels, consent.wording) == (begun.channels, "wording-1")
    assert consent.valid_until == MONDAY + timedelta(days=20)


def test_nobody_counts_as_silent_while_two_lines_are_on_their_way_to_them() -> None:
    introduction, now = after(approves(CARL)), MONDAY
    hers = last_ask(introduction, ROSA.id)
    while not introduction.asks[hers - 1].checking:  # the store is being asked whether this is silence
        wake = next_wake(introduction)
        assert wake
        now = wake.at
        introduction = taken(introduction, TimeIsUp(), now)
    introduction = taken(introduction, answers_in_two_lines(TOMOKO)(introduction), now)
    introduction = taken(introduction, Silent(ask=hers), now)
    ask = introduction.asks[hers - 1]
    assert (introduction.stage.kind, ask.state, ask.checking, ask.due_at) == (
        "passing_on",
        AskState.OPEN,
        False,
        now + FIRST_LOOK,
    )


def test_a_yes_to_a_request_made_for_her_stands_once_a_connector_has_answered_where_it_began_before() -> None:
    begun = opening("demo", MadeBy.KEY).model_copy(update={"hears_second_thoughts": False})
    playing = play(confirms(ROSA), declines(CARL), undoes(ROSA), begun=begun)
    assert refusals(playing) == [Reason.TOO_LATE_TO_UNDO]


def test_what_has_ended_unheard_stays_ended_where_she_takes_back_her_yes_to_what_was_made_for_her() -> None:
    stopped = (confirms(ROSA), Stopped(by=OLIVE.id), undoes(ROSA))
    introduction = after(*stopped, begun=opening("demo", MadeBy.KEY))
    assert (introduction.stage.kind, introduction.opt_ins) == ("resting", ())
    assert open_asks(introduction) == [(ROSA.id, AskKind.CONFIRM)]


def test_the_operators_days_are_the_programmes() -> None:
    days = Days(holidays=(MONDAY.date(),))
    assert begin(opening().model_copy(update={"days": days}), MONDAY).after.days == days


def test_where_the_only_connector_was_silent_it_has_lapsed() -> None:
    playing = play(store=Store(connectors=(CARL.somebody,)))
    playing.time_passes(timedelta(minutes=11))
    stage = playing.introduction.stage
    assert isinstance(stage, Resting | Closed)
    assert stage.ending == Ending.LAPSED


def taken(introduction: Introduction, news: News, now: datetime) -> Introduction:
    step = decide(introduction, news, now)
    assert isinstance(step, Step)
    return step.after
