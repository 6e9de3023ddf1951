"""The usual time is told of many and of nobody: rounded, out of whole months, and not at all of a few."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from models.ids import PersonId
from models.request.guidance.usual_time import LEAST, STEPS, CameAbout, counted_span, usual_days

FAR = timedelta(days=1000)


def past(days: Sequence[float], people: int = 3) -> list[CameAbout]:
    """As many introductions, each person in two of them at most."""
    return [
        CameAbout(people=tuple(PersonId(f"per_{role}_{at // 2}") for role in range(people)), took=timedelta(days=took))
        for at, took in enumerate(days)
    ]


def test_nothing_is_said_of_a_few() -> None:
    assert usual_days(past([5.0] * (LEAST - 1)), FAR) is None
    assert usual_days(past([5.0] * LEAST), FAR) == 5


def test_nobody_counts_more_than_twice_whatever_part_they_had() -> None:
    quick = [each.model_copy(update={"people": (PersonId("per_carl"), *each.people)}) for each in past([1.0] * 100)]
    assert usual_days(quick, FAR) is None
    assert usual_days([*quick, *past([9.0] * (LEAST - 2), people=2)], FAR) is None, "the two that count are too few"
    slow = [
        each.model_copy(update={"people": (PersonId(f"per_new_{at}"),)}) for at, each in enumerate(past([9.0] * 18))
    ]
    assert usual_days([*quick, *slow], FAR) == 10


def test_days_are_rounded_up_to_a_few_steps_and_three_of_four_were_quicker() -> None:
    assert usual_days(past([3.1] * 15 + [80.0] * 5), FAR) == 4
    assert usual_days(past([3.1] * 14 + [80.0] * 6), FAR) == 90
    assert usual_days(past([0.01] * LEAST), FAR) == STEPS[0]
    assert usual_days(past([91.0] * LEAST), FAR) is None


def test_one_introduction_more_shows_in_nothing_however_long_it_took() -> None:
    assert {usual_days(past([2.8] * 30 + [other]), FAR) for other in (0.1, 2.6, 60.0)} == {3}


def test_what_is_no_sooner_than_the_promise_is_not_said() -> None:
    assert usual_days(past([13.0] * LEAST), timedelta(days=14)) is None
    assert usual_days(past([13.0] * LEAST), timedelta(days=15)) == 14


def test_only_whole_months_count() -> None:
    since, until = counted_span(datetime(2026, 3, 31, 23, 59, tzinfo=UTC))
    assert (until, since) == (datetime(2026, 3, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC))
    assert counted_span(datetime(2026, 3, 1, tzinfo=UTC)) == (since, until)
