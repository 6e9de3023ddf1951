"""Second thoughts: a no after a yes, an undo after others have spoken, and what must not show in either (S8, S37)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.asks import AskKind
from models.effects import Introduce, OpenAsk, RevokeConsent
from models.letters import Role
from models.news import Barred, Blocked, Erased, Stopped, TookBack, Undone
from models.outcomes import Ending
from models.policy.policy import Order
from models.process.state.introduction import Introduction
from models.process.state.opening import MadeBy, Opening
from models.process.state.stages import Closed, Confirming, Resting, WithConnector
from models.process.verdict import Reason, Refused
from tests.cast import CARL, CLEO, OLIVE, ROSA, TOMOKO, Person, after, opening, play, policy
from tests.models.exploration.life import LENDS
from tests.support.news_phrases import (
    Saying,
    answers_in_two_lines,
    approves,
    confirms,
    declines,
    forwards,
    last_ask,
    opts_in,
    puts_off,
    undoes,
)
from tests.support.play import Play, Said

LATER = timedelta(seconds=30)  # past the undo of the demo's policy, five seconds
DEMO = opening("demo")
OLDER = DEMO.model_copy(update={"hears_second_thoughts": False})  # as it began before there was the rule
FIRST = opening(policy("demo", {"order": Order.TARGET_FIRST}))
BY_A_KEY = opening(policy("demo", {"order": Order.REQUESTER_AT_REQUEST}), MadeBy.KEY)
SCREENED = {"screening": {"answer_within": "5 min", "backup_within": "5 min"}}


def heard(playing: Play, *said: Said) -> Introduction:
    refused = len(playing.refusals)
    playing.hear(*said)
    assert len(playing.refusals) == refused, playing.refusals
    return playing.introduction


def no_of(who: Person, kind: AskKind) -> Saying:
    """From the page of this very question, whatever else they have been asked."""
    return lambda i: declines(who)(i).model_copy(update={"ask": last_ask(i, who.id, kind)})


# A yes in one tab, a no in the other.


@pytest.mark.parametrize("yes", [approves(CARL), forwards(CARL)])
def test_a_connectors_no_right_after_their_yes_goes_to_the_next_connector(yes: Saying) -> None:
    playing = play(yes)
    introduction = heard(playing, declines(CARL))
    assert isinstance(introduction.stage, WithConnector)
    assert introduction.connector == CLEO.somebody
    assert not introduction.open_asks(Role.TARGET), "the letter to her has not left, and never does"


def test_a_connectors_no_after_their_letter_has_left_ends_it_quietly() -> None:
    playing = play(approves(CARL))
    playing.time_passes(LATER)
    introduction = heard(playing, declines(CARL))
    assert isinstance(introduction.stage, Resting)
    assert introduction.stage.ending == Ending.DECLINED
    assert introduction.open_asks(Role.REQUESTER), "hers goes on: anything else would tell"
    playing.hear(opts_in(ROSA))
    playing.to_the_end()
    assert not any(isinstance(effect, Introduce) for effect in playing.effects())
    assert all(getattr(effect, "to", None) != CARL.id for effect in playing.effects()), "nor is Carl written to again"


YESES: list[tuple[Opening, tuple[Saying, ...], Person, AskKind]] = [
    (DEMO, (approves(CARL), opts_in(TOMOKO)), TOMOKO, AskKind.OPT_IN),
    (DEMO, (approves(CARL), opts_in(ROSA)), ROSA, AskKind.OPT_IN),
    (DEMO, (approves(CARL), opts_in(ROSA), opts_in(TOMOKO)), TOMOKO, AskKind.OPT_IN),
    (DEMO, (approves(CARL), opts_in(TOMOKO), opts_in(ROSA)), TOMOKO, AskKind.OPT_IN),
    (DEMO, (approves(CARL), opts_in(TOMOKO), opts_in(ROSA)), ROSA, AskKind.OPT_IN),
    (DEMO, (approves(CARL), opts_in(TOMOKO), opts_in(ROSA)), CARL, AskKind.APPROVE),
    (DEMO, (approves(CARL), opts_in(ROSA), answers_in_two_lines(TOMOKO)), TOMOKO, AskKind.OPT_IN),
    (DEMO, (approves(CARL), opts_in(ROSA), answers_in_two_lines(TOMOKO)), ROSA, AskKind.OPT_IN),
    (FIRST, (approves(CARL), opts_in(TOMOKO)), TOMOKO, AskKind.OPT_IN),
    (BY_A_KEY, (confirms(ROSA),), ROSA, AskKind.CONFIRM),
    (BY_A_KEY, (confirms(ROSA), approves(CARL), opts_in(TOMOKO)), ROSA, AskKind.CONFIRM),
    (
        DEMO,
        (approves(CARL), lambda i: puts_off(TOMOKO, DEMO.asked_at + timedelta(minutes=9))(i)),
        TOMOKO,
        AskKind.OPT_IN,
    ),
]


@pytest.mark.parametrize("wait", [timedelta(0), timedelta(seconds=3)])
@pytest.mark.parametrize(("begun", "said", "who", "kind"), YESES)
def test_a_no_after_another_answer_ends_it(
    begun: Opening, said: tuple[Saying, ...], who: Person, kind: AskKind, wait: timedelta
) -> None:
    playing = play(*said, begun=begun)
    playing.now += wait
    introduction = heard(playing, no_of(who, kind))
    assert isinstance(introduction.stage, Resting | Closed)
    assert not any(yes.ask == last_ask(introduction, who.id, kind) for yes in introduction.opt_ins)
    before = len(playing.moments)
    assert playing.hear(no_of(who, kind)) in (Refused(reason=Reason.ALREADY_ANSWERED), Refused(reason=Reason.CLOSED))
    assert len(playing.moments) == before, "the same no twice is one"
    playing.to_the_end()
    assert not any(isinstance(effect, Introduce) for effect in playing.effects())


def test_a_yes_that_became_a_no_is_revoked_where_it_is_kept() -> None:
    playing = play(approves(CARL), opts_in(TOMOKO))
    heard(playing, declines(TOMOKO))
    assert RevokeConsent(person=TOMOKO.id) in playing.moments[-1].step.effects


def test_a_no_in_time_spares_the_question_that_the_yes_would_have_brought() -> None:
    playing = play(approves(CARL), opts_in(TOMOKO), begun=FIRST)
    assert playing.introduction.open_asks(Role.REQUESTER)
    assert not heard(playing, declines(TOMOKO)).open_asks(Role.REQUESTER), "she never learns that Tomoko had said yes"


def test_once_they_are_introduced_a_no_changes_nothing_and_is_told_so() -> None:
    playing = play(approves(CARL), opts_in(TOMOKO), opts_in(ROSA))
    playing.time_passes(LATER)
    for who, kind in ((TOMOKO, AskKind.OPT_IN), (ROSA, AskKind.OPT_IN), (CARL, AskKind.APPROVE)):
        assert playing.hear(no_of(who, kind)) == Refused(reason=Reason.ALREADY_INTRODUCED)


# Cases 16 and 17. Nobody's undo tells of what others did.


def test_who_confirmed_may_undo_it_though_the_target_has_blocked_them() -> None:
    playing = play(confirms(ROSA), Blocked(by=TOMOKO.id), begun=BY_A_KEY)
    assert heard(playing, undoes(ROSA)).open_asks(Role.REQUESTER)


def test_who_confirmed_may_undo_it_though_an_operator_has_lent_their_name() -> None:
    """Two things must look alike to her: that somebody agreed at once, and that nobody did."""
    begun = opening(policy("demo", {**SCREENED, "order": Order.REQUESTER_AT_REQUEST}), MadeBy.KEY)
    playing = play(confirms(ROSA), LENDS, begun=begun)
    assert playing.introduction.approved
    introduction = heard(playing, undoes(ROSA))
    assert isinstance(introduction.stage, Confirming)
    assert not introduction.approved
    assert not introduction.open_asks(Role.TARGET)


def requester_declines(playing: Play) -> None:
    playing.hear(declines(ROSA))


def connector_blocks(playing: Play) -> None:
    playing.hear(Blocked(by=CARL.id))


def connector_is_erased(playing: Play) -> None:
    playing.hear(Erased(by=CARL.id))


def store_bars(playing: Play) -> None:
    playing.hear(Barred())


def operator_stops(playing: Play) -> None:
    playing.hear(Stopped(by=OLIVE.id))


def nothing(playing: Play) -> None:
    playing.now += timedelta(seconds=1)


HIDDEN: list[Callable[[Play], None]] = [
    nothing,
    requester_declines,
    connector_blocks,
    connector_is_erased,
    store_bars,
    operator_stops,
]
AGAIN: list[tuple[Said, ...]] = [
    (undoes(TOMOKO),),
    (undoes(TOMOKO), opts_in(TOMOKO)),
    (undoes(TOMOKO), opts_in(TOMOKO), undoes(TOMOKO)),
    (undoes(TOMOKO), declines(TOMOKO)),
    (undoes(TOMOKO), answers_in_two_lines(TOMOKO)),
    (undoes(TOMOKO), lambda i: puts_off(TOMOKO, DEMO.asked_at + timedelta(minutes=9))(i), declines(TOMOKO)),
    (TookBack(by=TOMOKO.id),),
    (declines(TOMOKO),),
]


@pytest.mark.parametrize("said", AGAIN)
@pytest.mark.parametrize("cause", HIDDEN)
@pytest.mark.parametrize("yes", [opts_in(TOMOKO), answers_in_two_lines(TOMOKO)])
def test_a_target_who_said_yes_is_taken_at_every_word_whatever_ended_it(
    yes: Saying, cause: Callable[[Play], None], said: tuple[Said, ...]
) -> None:
    playing = play(approves(CARL), yes)
    cause(playing)
    playing.refusals.clear()
    heard(playing, *said)
    playing.to_the_end()
    undone = any(isinstance(moment.step.news, Undone) for moment in playing.moments)
    assert undone or not any(isinstance(effect, Introduce) for effect in playing.effects())


@pytest.mark.parametrize("cause", [nothing, store_bars, operator_stops])
@pytest.mark.parametrize("said", [(undoes(CARL),), (undoes(CARL), declines(CARL)), (undoes(CARL), approves(CARL))])
def test_a_connector_is_taken_at_their_word_whatever_ended_it(
    cause: Callable[[Play], None], said: tuple[Saying, ...]
) -> None:
    playing = play(approves(CARL))
    cause(playing)
    heard(playing, *said)
    playing.to_the_end()


def test_an_answer_in_vain_leads_to_nothing() -> None:
    playing = play(approves(CARL), opts_in(TOMOKO), declines(ROSA), undoes(TOMOKO), opts_in(TOMOKO))
    opened = sum(isinstance(effect, OpenAsk) for effect in playing.effects())
    ended = playing.to_the_end()
    assert isinstance(ended.stage, Closed)
    assert opened == sum(isinstance(effect, OpenAsk) for effect in playing.effects()), "nobody is asked anew"
    assert not any(isinstance(effect, Introduce) for effect in playing.effects())


def test_a_requester_may_undo_while_two_lines_are_on_their_way() -> None:
    introduction = after(approves(CARL), opts_in(ROSA), answers_in_two_lines(TOMOKO), undoes(ROSA))
    assert introduction.stage.kind == "passing_on", "the lines leave all the same"
    assert introduction.open_asks(Role.REQUESTER)


def test_a_stop_is_taken_whatever_ended_it_before() -> None:
    for said in ((declines(CARL), declines(CLEO)), (approves(CARL), declines(TOMOKO)), (Blocked(by=TOMOKO.id),)):
        introduction = after(*said, Stopped(by=OLIVE.id))
        assert isinstance(introduction.stage, Resting)
        assert introduction.stage.ending == Ending.STOPPED


def test_what_began_before_keeps_the_older_rule() -> None:
    playing = play(approves(CARL), opts_in(TOMOKO), begun=OLDER)
    assert playing.hear(declines(TOMOKO)) == Refused(reason=Reason.ALREADY_ANSWERED)
    playing.hear(declines(ROSA))
    assert playing.hear(undoes(TOMOKO)) == Refused(reason=Reason.TOO_LATE_TO_UNDO)
    assert playing.hear(Stopped(by=OLIVE.id)) == Refused(reason=Reason.SETTLED)
