"""Is each of these small faults in the story noticed? They survived when faults were put in on purpose."""

from datetime import timedelta

from models.asks import AskKind, AskState
from models.effects import RecordConsent
from models.introduction import Resting, WithConnector
from models.letters import LetterKind, Role
from models.news import Screened, Undeliverable
from models.outcomes import Ending
from models.policy import Order
from models.process import begin
from tests.cast import CARL, CLEO, MONDAY, OLIVE, TOMOKO, after, opening, policy
from tests.saying import approves, last_ask, puts_off

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
