"""The instant of delivery. At the first hour open to both, and never later than the bound or the promise."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.news import Held, Resumed, Somebody
from models.process.state.opening import Opening
from models.process.state.stages import Delivering, FollowingUp
from models.time.open_hours import Days
from tests.cast import CARL, OLIVE, TOMOKO, Person, opening, play, policy
from tests.support.news_phrases import approves, opts_in
from tests.support.play import Play

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RIYADH = Days(weekend=(4, 5), holidays=(date(2026, 3, 11),))


WEEKDAYS = Days()
HOURS = {"opens": "09:00", "closes": "18:00", "deliver_within": "2 bd"}
RULES = policy("accelerator", {"screening": None, "hours": HOURS, "connector.candidates": 1})
UNHURRIED = policy(
    RULES,
    {
        "requester.promised_answer": "40 bd",
        "target.answer_within": "30 bd",
        "requester.yes_valid_for": None,
        "requester.renew_within": None,
    },
)


def lives(person: Person, zone: str, days: Days = WEEKDAYS) -> Somebody:
    return Somebody(id=person.id, zone=zone, days=days)


def in_madrid(at: str) -> datetime:
    return datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("Europe/Madrid")).astimezone(UTC)


def both_agreed(at: str, theirs: Somebody) -> Play:
    """Tomoko's yes comes at this instant, on the clock in Madrid, where Rosa lives."""
    played = play(approves(CARL), begun=opening(UNHURRIED).model_copy(update={"target": theirs}))
    played.time_passes(in_madrid(at) - timedelta(seconds=1))
    played.hear(opts_in(TOMOKO))
    return played


def leaves(played: Play) -> str:
    stage = played.introduction.stage
    assert isinstance(stage, Delivering)
    return f"{stage.due_at.astimezone(ZoneInfo('Europe/Madrid')):%a %d %b %H:%M}"


@pytest.mark.parametrize(
    ("at", "zone", "days", "when"),
    [
        ("2026-03-05 10:00", "Europe/Lisbon", Days(), "Thu 05 Mar 10:10"),  # when the yes can no longer be undone
        ("2026-03-05 09:05", "Europe/Lisbon", Days(), "Thu 05 Mar 10:00"),  # Lisbon opens an hour after Madrid
        ("2026-03-05 20:00", "Europe/Lisbon", Days(), "Fri 06 Mar 10:00"),
        ("2026-03-06 17:55", "Europe/Lisbon", Days(), "Mon 09 Mar 10:00"),  # Friday evening
        ("2026-03-05 10:00", "Asia/Kolkata", Days(), "Thu 05 Mar 10:10"),
        ("2026-03-05 14:00", "Asia/Kathmandu", Days(), "Fri 06 Mar 09:00"),  # quarter to six there: open until 13:15
        ("2026-03-05 16:00", "Asia/Riyadh", RIYADH, "Mon 09 Mar 09:00"),  # Friday to Saturday there, Sunday here
        ("2026-03-10 17:00", "Asia/Riyadh", RIYADH, "Thu 12 Mar 09:00"),  # Wednesday is a holiday there
        (
            "2026-03-05 10:00",
            "America/Los_Angeles",
            Days(),
            "Mon 09 Mar 09:00",
        ),  # no common hour: two business days, one o'clock there,
        # where the clock has gone forward
        ("2026-03-27 17:55", "Europe/Lisbon", Days(), "Mon 30 Mar 10:00"),  # over the night when the clock goes forward
    ],
)
def test_the_first_hour_open_to_both(at: str, zone: str, days: Days, when: str) -> None:
    assert leaves(both_agreed(at, lives(TOMOKO, zone, days))) == when


def test_both_letters_leave_in_one_step_at_that_hour() -> None:
    played = both_agreed("2026-03-05 20:00", lives(TOMOKO, "Europe/Lisbon"))
    stage = played.introduction.stage
    assert isinstance(stage, Delivering)
    due_at = stage.due_at
    played.time_passes()
    assert isinstance(played.introduction.stage, FollowingUp)
    assert played.introduction.stage.delivered_at == due_at


def test_the_promise_is_kept_before_any_hour() -> None:
    """The requester hears by the promised day: an introduction that is ready does not wait beyond it."""
    slow = opening(policy(RULES, {"target.answer_within": "12 bd"}))
    played = play(begun=slow.model_copy(update={"target": lives(TOMOKO, "America/Los_Angeles")}))
    played.time_passes(in_madrid("2026-03-05 09:50"))
    played.hear(approves(CARL))
    played.time_passes(slow.promised_at - HOUR)
    played.hear(opts_in(TOMOKO))
    stage = played.introduction.stage
    assert isinstance(stage, Delivering)
    assert stage.due_at == played.opening.promised_at


def test_a_house_that_was_down_in_that_hour_waits_for_the_next() -> None:
    played = both_agreed("2026-03-05 10:00", lives(TOMOKO, "Europe/Lisbon"))
    played.now += 10 * HOUR
    played.time_passes(timedelta())
    assert leaves(played) == "Fri 06 Mar 10:00"


def test_an_introduction_held_over_night_leaves_in_the_morning() -> None:
    played = both_agreed("2026-03-05 10:00", lives(TOMOKO, "Europe/Lisbon"))
    played.hear(Held(by=OLIVE.id))
    played.time_passes(12 * HOUR)
    played.hear(Resumed(by=OLIVE.id))
    played.time_passes(timedelta())
    assert leaves(played) == "Fri 06 Mar 10:00"


def test_letters_and_deadlines_keep_to_each_receivers_hours() -> None:
    """Asked on a Monday at ten in Madrid, Tomoko in Tokyo hears on Tuesday morning, and has until the Tuesday after."""
    played = play(approves(CARL), begun=opening(RULES))
    (ask,) = [each for each in played.introduction.asks if each.person == TOMOKO.id]
    (planned,) = [effect for effect in played.effects() if effect.kind == "open_ask" and effect.ask == ask]
    tokyo = ZoneInfo("Asia/Tokyo")
    assert f"{planned.not_before.astimezone(tokyo):%a %H:%M}" == "Tue 09:00"
    assert ask.remind_at
    assert f"{ask.remind_at.astimezone(tokyo):%a %H:%M}" == "Fri 09:00"
    assert f"{ask.due_at.astimezone(tokyo):%a %d %H:%M}" == "Tue 10 09:00"


def test_an_opening_of_the_first_release_keeps_no_hours() -> None:
    body = opening("accelerator").model_dump(mode="json")
    for each in (body, body["requester"], body["target"]):
        del each["days"]
    del body["policy"]["hours"]
    old = Opening.model_validate(body)
    assert old.policy.hours is None
    assert old.requester.days == Days()
