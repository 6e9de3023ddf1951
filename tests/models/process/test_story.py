"""The story of an introduction, told in the words of the people in it. From the request to a connector's approval."""

from datetime import timedelta
from typing import Literal

import pytest

from models.asks import AskKind, AskState
from models.effects import DenyTie, FindConnector, KeepTie, RevokeConsent
from models.ids import AskNumber, PersonId
from models.letters import LetterKind, Role
from models.news import Edited, HandedOver, LinkRequested, OptedOut, Proposed, Screened, Undeliverable
from models.outcomes import Ending
from models.policy.policy import Order
from models.process.state.opening import MadeBy
from models.process.state.stages import Confirming, Resting, Screening, Seeking, WithConnector
from models.process.verdict import Reason
from models.record.ledger import standing
from tests.cast import CARL, CLEO, CORA, OLIVE, ROSA, TOMOKO, after, opening, play, policy
from tests.models.exploration.queries import ending, open_asks, refusals
from tests.models.record.requesters_view import letters_to
from tests.support.news_phrases import (
    approves,
    confirms,
    declines,
    forwards,
    is_not_them,
    last_ask,
    puts_off,
    redirects,
    undoes,
)
from tests.support.play import Said, Store

MINUTE = timedelta(minutes=1)
TARGET_FIRST = opening(policy("demo", {"order": Order.TARGET_FIRST}))
AT_REQUEST = opening(policy("demo", {"order": Order.REQUESTER_AT_REQUEST}))
UNBATCHED = opening(policy("demo", {"requester.closings_every": None}))
KEY = PersonId("key_spring")


# Whose request it is


def test_a_request_of_her_own_goes_straight_to_the_first_connector() -> None:
    assert open_asks(after()) == [(CARL.id, AskKind.APPROVE)]


def test_a_request_made_for_her_is_hers_only_once_she_says_so() -> None:
    begun = opening("demo", MadeBy.KEY)
    assert open_asks(after(begun=begun)) == [(ROSA.id, AskKind.CONFIRM)]
    confirmed = after(confirms(ROSA), begun=begun)
    assert open_asks(confirmed) == [(CARL.id, AskKind.APPROVE)]
    assert confirmed.has_opted_in(Role.REQUESTER)


def test_what_she_does_not_confirm_reaches_nobody() -> None:
    playing = play(declines(ROSA), begun=opening("demo", MadeBy.OPERATOR))
    assert ending(playing) == Ending.WITHDRAWN
    assert {ask.person for ask in playing.introduction.asks} == {ROSA.id}


def test_a_need_finds_its_person_and_then_she_is_asked() -> None:
    playing = play(begun=opening("demo", target=None))
    assert isinstance(playing.introduction.stage, Seeking)
    playing.hear(Proposed(by=OLIVE.id, target=ROSA.somebody))
    assert refusals(playing) == [Reason.NOT_AN_ANSWER]
    playing.hear(Proposed(by=OLIVE.id, target=TOMOKO.somebody))
    assert (playing.introduction.version, open_asks(playing.introduction)) == (2, [(ROSA.id, AskKind.CONFIRM)])


def test_a_confirmation_can_be_undone_while_nothing_has_left_the_house() -> None:
    playing = play(confirms(ROSA), undoes(ROSA), begun=opening("demo", MadeBy.KEY))
    assert isinstance(playing.introduction.stage, Confirming)
    assert any(isinstance(effect, RevokeConsent) for effect in playing.effects())
    playing.hear(confirms(ROSA))
    playing.time_passes(MINUTE)
    playing.hear(undoes(ROSA))
    assert refusals(playing) == [Reason.TOO_LATE_TO_UNDO]


# Screening


def test_an_operator_reads_it_first_then_a_backup_and_nobody_is_asked_before() -> None:
    playing = play(begun=opening("accelerator"))
    assert isinstance(playing.introduction.stage, Screening)
    playing.time_passes()
    assert playing.introduction.stage.backup
    assert not playing.introduction.asks
    playing.hear(Screened(by=OLIVE.id, approved=True))
    assert open_asks(playing.introduction) == [(CARL.id, AskKind.APPROVE)]


# The connector


@pytest.mark.parametrize("says_no", [declines, is_not_them])
def test_after_a_no_the_next_one_is_asked_and_after_the_last_nobody(says_no: object) -> None:
    assert callable(says_no)
    introduction = after(says_no(CARL))
    assert open_asks(introduction) == [(CLEO.id, AskKind.APPROVE)]
    assert isinstance(after(says_no(CARL), says_no(CLEO)).stage, Resting)


def test_silence_of_one_connector_brings_the_next() -> None:
    playing = play()
    playing.time_passes(12 * MINUTE)
    assert [ask.state for ask in playing.introduction.asks] == [AskState.LAPSED, AskState.OPEN]


def test_who_does_not_know_them_is_not_taken_for_a_connector_again() -> None:
    playing = play(is_not_them(CARL))
    assert DenyTie(connector=CARL.id, person=TOMOKO.id) in playing.effects()


def test_a_connector_names_somebody_better_placed() -> None:
    playing = play(redirects(CARL, CORA))
    assert FindConnector(prefer=CORA.id) in playing.effects()


def test_no_connector_at_all_is_an_ending_like_any_other() -> None:
    playing = play(begun=UNBATCHED)
    playing.store.connectors = ()
    playing.hear(declines(CARL))
    assert isinstance(playing.introduction.stage, Resting)
    assert playing.introduction.stage.tell_at == playing.opening.promised_at


def test_later_wakes_up_on_its_day_and_asks_again() -> None:
    playing = play(begun=UNBATCHED)
    playing.hear(puts_off(CARL, playing.now + 15 * MINUTE))
    assert open_asks(playing.introduction) == []
    playing.time_passes(16 * MINUTE)
    assert open_asks(playing.introduction) == [(CARL.id, AskKind.APPROVE)]


@pytest.mark.parametrize("minutes", [-1, 0, 61])
def test_later_is_neither_past_nor_too_far(minutes: int) -> None:
    playing = play()
    playing.hear(puts_off(CARL, playing.now + timedelta(seconds=1) + minutes * MINUTE))
    assert refusals(playing) == [Reason.BAD_DATE]


def test_where_the_policy_wants_a_sentence_an_approval_without_one_is_refused() -> None:
    playing = play(approves(CARL), begun=opening(policy("demo", {"connector.sentence": "required"})))
    assert refusals(playing) == [Reason.SENTENCE_NEEDED]


def test_an_approval_keeps_how_they_know_each_other() -> None:
    assert KeepTie(connector=CARL.id, person=TOMOKO.id) in play(approves(CARL)).effects()


def test_an_approval_undone_in_time_reaches_nobody() -> None:
    playing = play(approves(CARL), undoes(CARL))
    assert open_asks(playing.introduction) == [(CARL.id, AskKind.APPROVE)]
    assert playing.introduction.letters == ((Role.REQUESTER, 0), (Role.CONNECTOR, 1), (Role.TARGET, 0))
    playing.time_passes(MINUTE)
    playing.hear(approves(CARL))
    playing.time_passes(MINUTE)
    playing.hear(undoes(CARL))
    assert refusals(playing) == [Reason.TOO_LATE_TO_UNDO]


def test_a_forwarded_link_is_answered_by_letter_only_when_asked_for() -> None:
    playing = play(forwards(CARL))
    assert not letters_to(TOMOKO.id, playing)
    playing.hear(LinkRequested(ask=last_ask(playing.introduction, TOMOKO.id), by=TOMOKO.id))
    assert [letter.kind for letter in letters_to(TOMOKO.id, playing)] == [LetterKind.ASK_TARGET]
    playing.hear(LinkRequested(ask=last_ask(playing.introduction, TOMOKO.id), by=TOMOKO.id))
    assert refusals(playing) == [Reason.NOT_NOW]


@pytest.mark.parametrize(
    ("said", "why"),
    [((), Ending.NO_ROUTE), ((declines(CARL),), Ending.DECLINED)],
)
def test_staff_can_tell_nobody_found_from_nobody_willing(said: tuple[Said, ...], why: Ending) -> None:
    store = Store(connectors=(CARL.somebody,) if said else ())
    stage = after(*said, begun=UNBATCHED, store=store).stage
    assert isinstance(stage, Resting)
    assert stage.ending == why


def test_staff_can_tell_silence_from_a_no() -> None:
    playing = play(begun=UNBATCHED, store=Store(connectors=(CARL.somebody,)))
    playing.time_passes(10 * MINUTE)
    assert isinstance(playing.introduction.stage, Resting)
    assert playing.introduction.stage.ending == Ending.LAPSED


def test_a_request_she_never_confirms_is_over_at_its_deadline() -> None:
    playing = play(begun=opening("demo", MadeBy.KEY))
    playing.time_passes(10 * MINUTE)
    assert ending(playing) == Ending.LAPSED


def test_a_request_whose_question_cannot_reach_her_is_over_at_once() -> None:
    bounced = Undeliverable(letter=LetterKind.CONFIRM_REQUEST, role=Role.REQUESTER, ask=AskNumber(1))
    assert ending(play(bounced, begun=opening("demo", MadeBy.KEY))) == Ending.UNDELIVERABLE


def test_where_nobody_was_found_an_operator_may_name_somebody_until_the_requester_has_heard() -> None:
    playing = play(begun=UNBATCHED, store=Store(connectors=()))
    assert playing.introduction.waits_for_a_name
    assert standing(playing.introduction).waiting_on == "operator"
    playing.store.connectors = (CARL.somebody, CLEO.somebody)
    playing.hear(HandedOver(by=OLIVE.id, to=CARL.id))
    assert isinstance(playing.introduction.stage, WithConnector)
    playing.hear(declines(CARL))
    playing.hear(declines(CLEO))
    assert isinstance(playing.introduction.stage, Resting)
    assert not playing.introduction.waits_for_a_name, "somebody has been asked: what came of it is theirs"
    playing.hear(HandedOver(by=OLIVE.id, to=CORA.id))
    assert refusals(playing)[-1] == Reason.NOT_NOW


@pytest.mark.parametrize("barred", [False, True])
def test_whoever_is_named_once_is_named_alone_and_why_not_reads_alike(barred: bool) -> None:
    """A block between the two, and a connector whose own limits do not allow it, are one to staff (S12)."""
    playing = play(begun=UNBATCHED, store=Store(connectors=(CLEO.somebody,) if barred else (), barred=barred))
    assert playing.introduction.waits_for_a_name
    playing.store.connectors = (CLEO.somebody,)
    playing.hear(HandedOver(by=OLIVE.id, to=CARL.id))
    heard = [moment.step.news.kind for moment in playing.moments[-2:] if moment.step.news]
    assert heard == ["handed_over", "no_connector"]
    assert isinstance(playing.introduction.stage, Resting)
    assert not playing.introduction.waits_for_a_name
    assert standing(playing.introduction).waiting_on == "nobody"
    playing.to_the_end()
    assert playing.introduction.told


@pytest.mark.parametrize("by", ["key", "requester"])
def test_nobody_is_named_once_the_words_have_changed(by: Literal["key", "requester"]) -> None:
    """Whoever made them, and whether or not they were confirmed: an older no may stand behind them."""
    playing = play(begun=UNBATCHED, store=Store(connectors=()))
    playing.hear(Edited(by=KEY if by == "key" else ROSA.id, made_by=by))
    playing.hear(HandedOver(by=OLIVE.id, to=CARL.id))
    assert refusals(playing) == [Reason.NOT_NOW]


def test_behind_a_no_that_was_said_to_other_words_nobody_can_be_named() -> None:
    playing = play(approves(CARL), declines(TOMOKO), begun=UNBATCHED)
    playing.hear(Edited(by=ROSA.id), HandedOver(by=OLIVE.id, to=CORA.id))
    assert not playing.introduction.waits_for_a_name
    assert not playing.introduction.open_asks(Role.TARGET)


def test_who_is_named_and_leaves_is_followed_by_others_as_anybody_is() -> None:
    playing = play(begun=UNBATCHED, store=Store(connectors=()))
    playing.store.connectors = (CORA.somebody, CARL.somebody)
    playing.hear(HandedOver(by=OLIVE.id, to=CORA.id), OptedOut(by=CORA.id))
    assert open_asks(playing.introduction) == [(CARL.id, AskKind.APPROVE)]


def test_after_somebody_has_left_nobody_is_asked_whoever_is_named() -> None:
    playing = play(begun=UNBATCHED, store=Store(connectors=()))
    playing.hear(OptedOut(by=TOMOKO.id))
    playing.store.connectors = (CARL.somebody,)
    playing.hear(HandedOver(by=OLIVE.id, to=CARL.id))
    assert not playing.introduction.asks
    assert isinstance(playing.introduction.stage, Resting)


def test_behind_a_no_nobody_can_be_named() -> None:
    """What opens to staff where nobody was found must not open behind a party's no (S41)."""
    declined = after(approves(CARL), declines(TOMOKO), begun=UNBATCHED)
    assert isinstance(declined.stage, Resting)
    assert not declined.waits_for_a_name
    assert not after(
        begun=UNBATCHED.model_copy(update={"route_may_be_named": False}), store=Store(connectors=())
    ).waits_for_a_name


def test_what_staff_have_declined_waits_for_no_name() -> None:
    read = play(begun=opening(policy("demo", {"screening": {"answer_within": "5 min", "backup_within": "5 min"}})))
    read.hear(Screened(by=OLIVE.id, approved=False))
    assert isinstance(read.introduction.stage, Resting)
    assert not read.introduction.waits_for_a_name
