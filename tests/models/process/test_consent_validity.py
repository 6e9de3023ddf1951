"""A yes grows old: past its validity nothing is disclosed on it, and its giver is asked again, or it ends quietly."""

from datetime import timedelta

import pytest

from models.asks import AskKind, AskState
from models.effects import Introduce
from models.letters import LetterKind, Role
from models.news import Held, Introduced, Resumed
from models.outcomes import Ending
from models.policy.policy import Policy
from models.process.state.introduction import Introduction
from models.process.state.opening import MadeBy
from models.process.state.stages import Closed, Delivering, FollowingUp, Resting, WithParties
from models.record.invariants import violations
from models.record.invariants.facts import Happened
from models.record.ledger import Entry, entry
from models.record.warmth import Cold, Planned, Warm, warmth
from tests.cast import CARL, INTRODUCTION, MONDAY, OLIVE, ROSA, TOMOKO, opening, play, policy
from tests.models.exploration.move_checks import Seen
from tests.models.exploration.state_space import explore
from tests.support.news_phrases import approves, confirms, declines, opts_in, puts_off, undoes
from tests.support.play import Play

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
PATIENT = {"target.answer_within": "20 d", "target.remind_after": "4 d", "requester.promised_answer": "40 bd"}
AT_REQUEST = policy("accelerator", {"screening": None, "requester.yes_valid_for": "10 d", **PATIENT})
RENEWED_SOON = policy(AT_REQUEST, {"requester.renew_within": "1 bd"})
TARGET_FIRST = policy(
    AT_REQUEST, {"order": "target_first", "target.yes_valid_for": "2 d", "requester.yes_valid_for": None}
)


def told(rules: Policy, made_by: MadeBy = MadeBy.REQUESTER) -> Play:
    """Carl has approved, and Tomoko is asked."""
    return play(approves(CARL), begun=opening(rules, made_by))


def late_yes(rules: Policy = RENEWED_SOON) -> Play:
    """Tomoko says yes on the twelfth day; Rosa's own was for ten."""
    played = told(rules)
    played.time_passes(12 * DAY)
    played.hear(opts_in(TOMOKO))
    return played


def asked_again(introduction: Introduction, role: Role) -> list[AskState]:
    return [ask.state for ask in introduction.asks if ask.renews and ask.role == role]


def test_a_yes_that_is_young_enough_is_not_asked_for_again() -> None:
    played = told(RENEWED_SOON)
    played.time_passes(8 * DAY)
    played.hear(opts_in(TOMOKO))
    assert isinstance(played.introduction.stage, Delivering)
    assert not any(ask.renews for ask in played.introduction.asks)


def test_an_old_yes_is_asked_for_again_when_the_other_comes_and_counts_afresh() -> None:
    played = late_yes()
    assert isinstance(played.introduction.stage, WithParties)
    (ask,) = [each for each in played.introduction.asks if each.renews]
    assert (ask.person, ask.kind, ask.remind_at) == (ROSA.id, AskKind.OPT_IN, None)
    assert ask.due_at - ask.opened_at <= 4 * DAY  # one business day, perhaps over a weekend
    played.hear(opts_in(ROSA))
    assert isinstance(played.introduction.stage, Delivering)
    played.time_passes(3 * DAY)
    assert isinstance(played.introduction.stage, FollowingUp)
    assert not list(violations([Happened(at, event) for at, event in played.events()]))


def test_without_a_time_of_their_own_people_have_as_long_as_the_first_time() -> None:
    played = late_yes(AT_REQUEST)
    (ask,) = [each for each in played.introduction.asks if each.renews]
    assert ask.remind_at
    assert ask.due_at - ask.opened_at >= 3 * DAY


@pytest.mark.parametrize("silent", [True, False])
def test_a_no_or_silence_then_ends_it_quietly(silent: bool) -> None:
    played = late_yes()
    if silent:
        played.time_passes(6 * DAY)
    else:
        played.hear(declines(ROSA))
    assert isinstance(played.introduction.stage, Resting)
    assert played.introduction.stage.tell_at == played.opening.promised_at
    played.to_the_end()
    assert played.introduction == played.introduction.model_copy(
        update={"stage": Closed(ending=Ending.LAPSED if silent else Ending.DECLINED)}
    )
    assert not list(violations([Happened(at, event) for at, event in played.events()]))


def test_undoing_the_late_yes_takes_the_question_back_that_it_brought() -> None:
    played = late_yes()
    played.hear(undoes(TOMOKO))
    assert asked_again(played.introduction, Role.REQUESTER) == [AskState.SETTLED]
    played.hear(opts_in(TOMOKO))
    assert asked_again(played.introduction, Role.REQUESTER) == [AskState.SETTLED, AskState.OPEN]


def test_undoing_a_renewed_yes_takes_the_whole_yes_back() -> None:
    played = late_yes()
    played.hear(opts_in(ROSA), undoes(ROSA))
    assert isinstance(played.introduction.stage, WithParties)
    assert not played.introduction.has_opted_in(Role.REQUESTER)
    assert asked_again(played.introduction, Role.REQUESTER) == [AskState.OPEN]


def test_the_targets_yes_grows_old_as_well() -> None:
    played = told(TARGET_FIRST)
    played.hear(opts_in(TOMOKO))
    played.time_passes(2 * DAY + timedelta(hours=1))
    played.hear(opts_in(ROSA))
    assert asked_again(played.introduction, Role.TARGET) == [AskState.OPEN]
    played.hear(opts_in(TOMOKO))
    assert isinstance(played.introduction.stage, Delivering)


def test_after_later_an_old_yes_is_asked_for_again() -> None:
    played = told(RENEWED_SOON)
    played.hear(puts_off(TOMOKO, MONDAY + 15 * DAY))
    played.time_passes(16 * DAY)
    played.hear(opts_in(TOMOKO))
    assert asked_again(played.introduction, Role.REQUESTER) == [AskState.OPEN]


def test_a_confirmation_grows_old_too() -> None:
    played = play(confirms(ROSA), approves(CARL), begun=opening(RENEWED_SOON, MadeBy.KEY))
    played.time_passes(12 * DAY)
    played.hear(opts_in(TOMOKO))
    assert asked_again(played.introduction, Role.REQUESTER) == [AskState.OPEN]


def test_a_yes_that_grows_old_while_the_letters_wait_is_asked_for_again() -> None:
    played = told(RENEWED_SOON)
    played.time_passes(9 * DAY)
    played.hear(opts_in(TOMOKO), Held(by=OLIVE.id))
    played.time_passes(2 * DAY)
    played.hear(Resumed(by=OLIVE.id))
    played.time_passes(MINUTE)
    assert isinstance(played.introduction.stage, WithParties)
    assert asked_again(played.introduction, Role.REQUESTER) == [AskState.OPEN]


def test_where_no_letter_is_left_to_ask_with_an_old_yes_has_lapsed() -> None:
    rules = policy("demo", {"order": "together", "requester.yes_valid_for": "30 s", "letters.requester": 2})
    played = play(approves(CARL), opts_in(ROSA), begun=opening(rules))
    played.time_passes(5 * MINUTE)
    played.hear(opts_in(TOMOKO))
    assert not any(ask.renews for ask in played.introduction.asks)
    assert isinstance(played.introduction.stage, Resting)


def test_without_a_validity_a_yes_counts_for_ever() -> None:
    played = told(policy(AT_REQUEST, {"requester.yes_valid_for": None}))
    played.time_passes(18 * DAY)
    played.hear(opts_in(TOMOKO))
    assert isinstance(played.introduction.stage, Delivering)


def test_the_gate_lets_no_introduction_out_on_an_old_yes() -> None:
    """Whatever the workflow said: the letter rests on the ledger, and the ledger holds until when each yes counted."""
    played = told(RENEWED_SOON)
    played.hear(opts_in(TOMOKO))
    played.time_passes(3 * DAY)
    assert isinstance(played.introduction.stage, FollowingUp)
    letter = Planned(kind=LetterKind.INTRODUCTION_TO_TARGET, to=TOMOKO.id, version=1)
    assert isinstance(warmth(letter, _ledger(played, timedelta())), Warm)
    assert warmth(letter, _ledger(played, 30 * DAY)) == Cold(missing="opt_in")


@pytest.mark.soak
def test_every_state_in_which_both_yeses_grow_old() -> None:
    fields = {f"{role}.yes_valid_for": "8 min" for role in ("requester", "target")}
    unbatched = {"requester.closings_every": None, "requester.promised_answer": "60 min", "connector.candidates": 1}
    seen = Seen()
    explored = explore(opening(policy("demo", fields | unbatched)), seen.look, _is_delivered)
    assert not {rule: faults[0] for rule, faults in seen.faults.items() if faults}
    renewed = {ask.role for state in explored.states for ask in state.introduction.asks if ask.renews}
    assert renewed == {Role.REQUESTER, Role.TARGET}


def _is_delivered(introduction: Introduction) -> bool:
    return introduction.stage.kind in ("following_up", "passing_on")


def _ledger(played: Play, later: timedelta) -> list[Entry]:
    """What this play left in the ledger, had the disclosure come so much later."""
    rows: list[Entry] = []
    disclosed = False
    for at, event in played.events():
        if any(isinstance(effect, Introduce) for effect in event.effects):
            disclosed, event = True, event.model_copy(update={"replies": (Introduced(),)})
        rows.append(entry(INTRODUCTION, rows[-1] if rows else None, at + later * disclosed, event))
    return rows
