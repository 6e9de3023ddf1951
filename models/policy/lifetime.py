"""Lifetime of an introduction under a policy: for how long ahead it is told what clocks do."""

from datetime import timedelta

from models.policy.policy import Policy
from models.policy.terms import TermRules

TO_SPARE = timedelta(days=30)  # for holds, holidays and letters that were late
_NEXT_TERM = timedelta(days=366)


def lifetime(policy: Policy) -> timedelta:
    """About how long one may live, from the request to its last question; what it waits for may come to less."""
    later = max(policy.connector.later_up_to.nominal, policy.target.later_up_to.nominal)
    asked_again = policy.target.answer_within.nominal + policy.requester.answer_within.nominal
    rules = policy.follow_up
    asks_how_it_went = rules.outcome.nominal + _term(rules.term)
    return policy.requester.promised_answer.nominal + later + asked_again + asks_how_it_went + TO_SPARE


def _term(rules: TermRules | None) -> timedelta:
    return _NEXT_TERM + rules.answer_within.nominal if rules else timedelta()
