"""Later: when somebody is asked again, as the process will count it. What the page says is what happens."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.time.open_hours import open_at
from store.asks.views import AskView
from web.shared.forms import morning_of

_DAY = timedelta(days=1)


def asked_again_on(view: AskView, day: date) -> datetime:
    """The morning of that day, or of the next on which this programme writes to them."""
    return open_at(morning_of(day, view.zone), view.calendar)


def asked_again_at(view: AskView) -> datetime | None:
    """When they are asked again who have answered "later"."""
    until = view.put_off_until or getattr(view.answer.news, "until", None)
    return open_at(until, view.calendar) if until else None


def most_minutes(view: AskView, now: datetime) -> int | None:
    """The most minutes from now that may be named; None where this question cannot be put off."""
    latest = view.may.later.get(view.number)
    return max(1, int((latest - now) / timedelta(minutes=1))) if latest else None


def latest_day(view: AskView) -> date | None:
    """The last day that may be named; None where this question cannot be put off."""
    latest = view.may.later.get(view.number)
    if latest is None:
        return None
    day = latest.astimezone(ZoneInfo(view.zone)).date()
    while asked_again_on(view, day) > latest:
        day -= _DAY
    return day
