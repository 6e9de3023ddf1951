"""Invariants over the record of an introduction. One function per rule of docs/safety.md, over recorded events.

Each is asked of every event in turn, with the facts before and after it, and says in words what is wrong, or nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from models.record.invariants import consent, course, discretion, late_reports, tact
from models.record.invariants.facts import Facts, Happened
from models.record.ledger import Began

Invariant = Callable[[Facts, Happened, Facts], str | None]


class Violation(NamedTuple):
    rule: str
    event: int  # counted from 0
    what: str


def violations(history: Sequence[Happened]) -> Iterator[Violation]:
    """Everything in this history that must never be seen."""
    before = Facts.before(_beginning(history))
    for number, happened in enumerate(history):
        after = before.after(happened)
        yield from (Violation(rule, number, what) for rule, what in broken(before, happened, after))
        before = after


def broken(before: Facts, happened: Happened, after: Facts) -> Iterator[tuple[str, str]]:
    """The rules that this event breaks where it stands, with what is wrong."""
    for rule, invariant in (AFTER_THE_END if before.stage == "closed" else INVARIANTS).items():
        what = invariant(before, happened, after)
        if what:
            yield rule, what


def _beginning(history: Sequence[Happened]) -> Began:
    first = history[0].event
    if not isinstance(first, Began):
        raise ValueError("a history begins with its beginning")
    return first


INVARIANTS: dict[str, Invariant] = {
    "S1 the target is not asked before the approval": consent.target_unasked_before_approval,
    "S1 nobody is asked before the requester stands behind it": consent.nobody_asked_before_confirmation,
    "S2 answers count for their version": consent.answers_count_for_their_version,
    "S3 a disclosure rests on three yeses": consent.disclosure_rests_on_three_yeses,
    "S3 a disclosure rests on fresh yeses": consent.disclosure_rests_on_fresh_yeses,
    "S4 a consent is what was said": consent.consent_is_what_was_said,
    "S5 introduced once": consent.introduced_once,
    "S6 disclosed on both sides": consent.disclosed_on_both_sides,
    "S7 nothing is disclosed after a no": consent.nothing_disclosed_after_a_no,
    "S8 only time tells of an ending": discretion.only_time_tells_of_an_ending,
    "S8 closings are alike": discretion.closings_are_alike,
    "S8 others leave the requester's asks open": discretion.others_leave_the_requesters_asks_open,
    "S9 words reach whom they were written for": discretion.words_reach_whom_they_were_written_for,
    "S9 the target meets the approving connector only": discretion.target_meets_the_approving_connector_only,
    "S11 who left is left alone": discretion.who_left_is_left_alone,
    "S15 answers answer open asks": course.answers_answer_open_asks,
    "S19 steps are legal": course.steps_are_legal,
    "S19 only an outcome is heard after the end": late_reports.only_an_outcome_is_heard,
    "S19 nothing stays open": course.nothing_stays_open,
    "S31 nobody runs their own introduction": consent.nobody_runs_their_own,
    "S33 reminders are few": course.reminders_are_few,
    "S35 silence is checked": course.silence_is_checked,
    "S35 deadlines lie ahead": course.deadlines_lie_ahead,
    "nothing moves while it is held": course.nothing_moves_while_held,
    "N11 connectors are asked one at a time": course.connectors_are_asked_one_at_a_time,
    "the loop is closed": course.the_loop_is_closed,
    "N21 nothing came of it only where both say so": tact.both_say_that_nothing_came_of_it,
    "N24 only the other party tells of a no-show": tact.only_the_other_tells_of_a_no_show,
    "N24 a no-show that is denied does not count": tact.a_denied_no_show_does_not_count,
    "N18 nobody is asked twice whether they wrote": tact.first_contact_is_asked_once,
}
LAST = "S19 only an outcome is heard after the end"
AFTER_THE_END = {LAST: INVARIANTS[LAST]}  # and no other rule has anything left to look at
