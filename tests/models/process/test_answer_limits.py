"""The terms of an answer are those that the policy sets for the person who gives it."""

from datetime import datetime, timedelta

import pytest

from models.ids import WordsId
from models.letters import Role
from models.news import (
    Blocked,
    Extended,
    HandedOver,
    Lending,
    News,
    OptedOut,
    Proposed,
    Screened,
    SentBack,
)
from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from models.process.story import decide
from models.process.verdict import Reason, Refused, Step
from models.time.open_hours import Days
from tests.cast import CARL, CLEO, MONDAY, OLIVE, ROSA, SOME_WORDS, TOMOKO, Person, after, opening, play, policy
from tests.models.exploration.life import SCREENED, link_for
from tests.support.news_phrases import Saying, approves, declines, forwards, opts_in, puts_off, undoes, vouches
from tests.support.play import Said

AN_HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = policy(
    "demo", {"connector.later_up_to": "2 d", "target.later_up_to": "5 d", "requester.promised_answer": "1 d"}
)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (approves(CARL), Reason.VOUCH_NEEDED),
        (forwards(CARL), Reason.VOUCH_NEEDED),
        (vouches(CARL, SOME_WORDS), None),
    ],
)
def test_where_only_vouching_counts_nothing_less_is_taken(said: Saying, reason: Reason | None) -> None:
    rules = policy("demo", {"connector.vouch": "required"})
    assert why(after(begun=opening(rules)), said, MONDAY) == reason


@pytest.mark.parametrize(
    ("said", "later", "reason"),
    [
        ((), timedelta(), Reason.BAD_DATE),
        ((), 2 * DAY, None),
        ((), 2 * DAY + timedelta(seconds=1), Reason.BAD_DATE),
        ((approves(CARL),), 5 * DAY, None),
        ((approves(CARL),), 5 * DAY + timedelta(seconds=1), Reason.BAD_DATE),
    ],
)
def test_each_may_put_off_as_long_as_they_may_and_no_longer(
    said: tuple[Saying, ...], later: timedelta, reason: Reason | None
) -> None:
    who = TOMOKO if said else CARL
    assert why(after(*said, begun=opening(LATER)), puts_off(who, MONDAY + later), MONDAY) == reason


def test_bit_by_bit_nobody_puts_off_longer_than_that_after_the_promised_day() -> None:
    asked = after(begun=opening(LATER))
    late = asked.promised_at + DAY
    assert why(asked, puts_off(CARL, late + DAY), late) is None
    assert why(asked, puts_off(CARL, late + DAY + timedelta(seconds=1)), late) == Reason.BAD_DATE


def test_the_days_are_counted_in_their_own_calendar() -> None:
    rules = policy("accelerator", {"target.later_up_to": "2 bd", "screening": None, "order": "target_first"})
    away = TOMOKO.somebody.model_copy(update={"days": Days(holidays=((MONDAY + DAY).date(),))})
    begun = opening(rules).model_copy(update={"target": away})
    asked = after(approves(CARL), begun=begun)
    assert why(asked, puts_off(TOMOKO, MONDAY + 3 * DAY), MONDAY) is None
    assert why(after(approves(CARL), begun=opening(rules)), puts_off(TOMOKO, MONDAY + 3 * DAY), MONDAY) is not None


def test_an_answer_is_undone_until_its_time_is_over_and_not_in_that_instant() -> None:
    approved = after(approves(CARL))
    (ask,) = (each for each in approved.asks if each.person == CARL.id)
    assert ask.answered_at
    over = ask.answered_at + approved.policy.undo_for.nominal
    assert why(approved, undoes(CARL), over - timedelta(microseconds=1)) is None
    assert why(approved, undoes(CARL), over) is not None
    asked = after()
    assert why(asked, undoes(CARL), asked.asked_at) is not None, "nothing has been said"


def test_a_yes_counts_and_a_question_waits_in_its_readers_own_days() -> None:
    """A holiday of Tomoko's gives her a day more, whatever she was asked and has said; and nobody else."""
    days = {"target.answer_within": "3 bd", "target.remind_after": "1 bd", "target.later_up_to": "5 d"}
    yeses_last = {"target.yes_valid_for": "3 bd", "requester.yes_valid_for": "3 bd"}
    rules = policy("accelerator", days | yeses_last | {"screening": None})
    at_home, away = opening(rules), _with_a_holiday(opening(rules), MONDAY + DAY)
    yeses = (approves(CARL), opts_in(TOMOKO))  # Rosa's came with her request
    for own, others in zip(_lived(away, *yeses).opt_ins, _lived(at_home, *yeses).opt_ins, strict=True):
        assert own.valid_until
        assert others.valid_until
        assert (own.valid_until - others.valid_until >= DAY) == (own.role == Role.TARGET)
    asked_later: tuple[tuple[Said, ...], ...] = (
        (approves(CARL), puts_off(TOMOKO, MONDAY + AN_HOUR)),
        (forwards(CARL), link_for(TOMOKO)),
    )
    for said in asked_later:
        (asked_away, *_), (asked, *_) = (
            [each for each in reversed(_lived(begun, *said).asks) if each.role == Role.TARGET]
            for begun in (away, at_home)
        )
        assert asked_away.due_at - asked.due_at >= DAY


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (lambda i: OptedOut(by=CARL.id), Reason.ALREADY_ANSWERED),
        (lambda i: Blocked(by=CARL.id), None),
    ],
)
def test_whoever_has_left_leaves_once_and_may_still_block(said: Saying, reason: Reason | None) -> None:
    left = after(approves(CARL), lambda i: OptedOut(by=CARL.id))
    assert why(left, said, MONDAY) == reason


def test_once_it_rests_whoever_has_left_is_heard_no_more() -> None:
    rests = after(approves(CARL), lambda i: OptedOut(by=CARL.id), declines(TOMOKO))
    assert why(rests, lambda i: Blocked(by=CARL.id), MONDAY) == Reason.ALREADY_ANSWERED


@pytest.mark.parametrize("to", [ROSA, TOMOKO, CARL])
def test_it_is_handed_over_to_nobody_who_is_in_it(to: Person) -> None:
    assert why(after(), lambda i: HandedOver(by=OLIVE.id, to=to.id), MONDAY) == Reason.NOT_NOW
    assert why(after(), lambda i: HandedOver(by=OLIVE.id, to=CLEO.id), MONDAY) is None


@pytest.mark.parametrize(("sentence", "reason"), [(None, Reason.SENTENCE_NEEDED), (SOME_WORDS, None)])
def test_where_a_sentence_is_required_nobody_lends_their_name_without(
    sentence: WordsId | None, reason: Reason | None
) -> None:
    required = {"connector.sentence": "required"}
    lends = Lending(by=CARL.id, vouch="introduce", sentence=sentence)
    read = after(begun=opening(policy("demo", required | {"screening": SCREENED})))
    assert why(read, lambda i: Screened(by=CARL.id, approved=True, lends=lends), MONDAY) == reason
    assert why(after(begun=opening(policy("demo", required))), approves(CARL, sentence), MONDAY) == reason


def test_nobody_lends_their_name_to_what_they_decline() -> None:
    read = after(begun=opening(policy("demo", {"screening": SCREENED})))
    lends = Lending(by=CARL.id, vouch="introduce")
    assert why(read, lambda i: Screened(by=CARL.id, approved=True, lends=lends), MONDAY) is None
    assert why(read, lambda i: Screened(by=CARL.id, approved=False, lends=lends), MONDAY) == Reason.NOT_AN_ANSWER


def test_only_what_is_being_read_is_sent_back() -> None:
    begun = opening(policy("demo", {"screening": SCREENED}))
    assert why(after(begun=begun), lambda i: SentBack(by=OLIVE.id, words=SOME_WORDS), MONDAY) is None
    passed = after(Screened(by=OLIVE.id, approved=True), begun=begun)
    assert why(passed, lambda i: SentBack(by=OLIVE.id, words=SOME_WORDS), MONDAY) == Reason.NOT_NOW


def test_nobody_is_proposed_to_themselves() -> None:
    need = after(begun=opening("demo", target=None))
    assert why(need, lambda i: Proposed(by=OLIVE.id, target=ROSA.somebody), MONDAY) == Reason.NOT_AN_ANSWER
    assert why(need, lambda i: Proposed(by=OLIVE.id, target=TOMOKO.somebody), MONDAY) is None


def test_more_time_is_more_than_there_was() -> None:
    asked = after()
    due_at, second = asked.asks[0].due_at, timedelta(seconds=1)
    assert why(asked, lambda i: Extended(ask=i.asks[0].number, by=OLIVE.id, until=due_at), MONDAY) == Reason.BAD_DATE
    assert why(asked, lambda i: Extended(ask=i.asks[0].number, by=OLIVE.id, until=due_at + second), MONDAY) is None


def _with_a_holiday(begun: Opening, on: datetime) -> Opening:
    away = TOMOKO.somebody.model_copy(update={"days": Days(holidays=(on.date(),))})
    return begun.model_copy(update={"target": away})


def _lived(begun: Opening, *said: Said) -> Introduction:
    playing = play(*said, begun=begun)
    playing.time_passes(2 * AN_HOUR)
    assert not playing.refusals, playing.refusals
    return playing.introduction


def why(introduction: Introduction, said: Saying, now: datetime) -> Reason | None:
    news: News = said(introduction)
    verdict = decide(introduction, news, now)
    assert isinstance(verdict, Refused | Step)
    return verdict.reason if isinstance(verdict, Refused) else None
