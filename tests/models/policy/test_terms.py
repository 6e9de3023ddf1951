"""The end of a term. Both are asked how it was, once, and then the connector hears, with thanks."""

from datetime import UTC, datetime, timedelta

import pytest

from models.asks import AskKind
from models.effects import OpenAsk, WriteLetter
from models.letters import LetterKind
from models.outcomes import DidNotMeet, Met, NoShow, RatherNot
from models.policy.policy import Policy
from models.policy.terms import TermRules
from models.process.state.stages import Closed, FollowingUp
from models.process.verdict import Refused
from models.time.open_hours import Calendar
from tests.cast import CARL, MONDAY, ROSA, TOMOKO, opening, policy
from tests.support.news_phrases import approves, last_ask, opts_in, reports, thanks
from tests.support.play import Play, Store

DAY = timedelta(days=1)
FRIDAY = datetime(2026, 5, 29, 7, tzinfo=UTC)  # nine o'clock in Stockholm, where Rosa lives
BUDGET = {"letters.requester": 5, "letters.target": 4, "screening": None}
RULES = policy("accelerator", BUDGET | {"follow_up.term": {"ends": ["2026-05-29"], "answer_within": "7 d"}})


def introduced(rules: Policy = RULES) -> Play:
    play = Play(opening(rules), Store((CARL.somebody,)))
    play.hear(approves(CARL))
    play.time_passes(DAY)
    play.hear(opts_in(TOMOKO))
    while not isinstance(play.introduction.stage, FollowingUp):
        play.time_passes()
    return play


def asked(play: Play, since: datetime = MONDAY) -> list[tuple[datetime, str, str]]:
    return [
        (at, effect.ask.kind, effect.ask.role)
        for at, step in play.moments
        for effect in step.effects
        if isinstance(effect, OpenAsk) and at >= since
    ]


def told(play: Play) -> list[datetime]:
    """When the connector hears how it went."""
    return [
        at
        for at, step in play.moments
        for effect in step.effects
        if isinstance(effect, WriteLetter) and effect.letter == LetterKind.HOW_IT_WENT
    ]


BOTH = [(FRIDAY, AskKind.CLOSING, "requester"), (FRIDAY, AskKind.CLOSING, "target")]


def test_both_are_asked_that_morning_also_who_has_said_and_thanked_and_then_the_connector_hears() -> None:
    play = introduced()
    while not any(ask.kind == AskKind.MEET for ask in play.introduction.asks):
        play.time_passes()
    play.hear(reports(ROSA, Met(useful=True)))
    while not any(ask.kind == AskKind.THANKS for ask in play.introduction.asks):
        play.time_passes()
    play.hear(thanks(ROSA), reports(TOMOKO, Met(useful=True)))
    assert isinstance(play.introduction.stage, FollowingUp)
    play.time_passes(FRIDAY + DAY)
    assert asked(play, FRIDAY - 40 * DAY) == BOTH
    play.hear(reports(ROSA, Met(useful=True)))
    assert not told(play)
    play.hear(reports(TOMOKO, Met(useful=False)))
    assert isinstance(play.introduction.stage, Closed)
    assert told(play) == [play.now]


def test_where_nobody_says_anything_nothing_is_asked_between_and_the_connector_hears_a_week_later() -> None:
    play = introduced()
    stage = play.introduction.stage
    assert isinstance(stage, FollowingUp)
    assert stage.meet_again_at is None
    play.to_the_end()
    assert asked(play, FRIDAY - 40 * DAY) == BOTH
    assert told(play) == [FRIDAY + 7 * DAY]


def test_who_would_rather_not_say_is_not_asked_again_and_nobody_is_missed_as_a_term_ends() -> None:
    play = introduced()
    while not any(ask.kind == AskKind.MEET for ask in play.introduction.asks):
        play.time_passes()
    play.hear(reports(ROSA, RatherNot()))
    play.time_passes(FRIDAY + DAY)
    assert asked(play, FRIDAY) == BOTH[1:]
    late = last_ask(play.introduction, TOMOKO.id)
    assert isinstance(play.hear(reports(TOMOKO, NoShow())), Refused)
    play.hear(reports(TOMOKO, DidNotMeet()))
    answered = play.introduction.ask(late)
    assert answered
    assert answered.answered_at == play.now


def test_a_term_that_is_over_before_they_could_meet_is_not_theirs() -> None:
    over = policy(RULES, {"follow_up.term": {"ends": ["2026-03-09"], "answer_within": "7 d"}})
    without = policy(RULES, {"follow_up.term": None})
    assert introduced(over).introduction.stage == introduced(without).introduction.stage


@pytest.mark.parametrize(
    ("ends", "after", "found"),
    [
        (("01-31", "06-30"), "2026-03-02", "2026-06-30"),
        (("01-31", "06-30"), "2026-06-30", "2027-01-31"),
        (("2026-05-01", "06-30"), "2026-03-02", "2026-05-01"),
        (("2026-05-01",), "2026-05-01", None),
    ],
)
def test_the_first_last_day_that_comes_after(ends: tuple[str, ...], after: str, found: str | None) -> None:
    rules = TermRules.model_validate({"ends": ends, "answer_within": "7 d"})
    morning = datetime.fromisoformat(f"{found}T09:00+00:00") if found else None
    assert rules.end_after(datetime.fromisoformat(f"{after}T12:00+00:00"), Calendar()) == morning


@pytest.mark.parametrize("day", ["02-30", "02-29", "2026-13-01", "30 June", ""])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    with pytest.raises(ValueError, match='must be a day such as "06-30"'):
        TermRules.model_validate({"ends": [day], "answer_within": "7 d"})
