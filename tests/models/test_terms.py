"""Are the terms of an answer those that the policy sets for whoever gives it?"""

from datetime import datetime, timedelta

import pytest

from models.days import Days
from models.introduction import Introduction
from models.news import News
from models.process import decide
from models.verdict import Reason, Refused, Step
from tests.cast import CARL, MONDAY, SOME_WORDS, TOMOKO, after, opening, policy
from tests.saying import Saying, approves, forwards, puts_off, undoes, vouches

DAY = timedelta(days=1)
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


def why(introduction: Introduction, said: Saying, now: datetime) -> Reason | None:
    news: News = said(introduction)
    verdict = decide(introduction, news, now)
    assert isinstance(verdict, Refused | Step)
    return verdict.reason if isinstance(verdict, Refused) else None
