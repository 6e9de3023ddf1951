"""No-shows and silences: counted over introductions, until somebody's asks rest."""

from sqlalchemy import update

from calendars.clocks import clock_of
from models.effects import CountNoShow, ForgetMeeting, SetNoShowAside
from models.ids import IntroductionId, PersonId
from models.time.open_hours import Calendar
from store.boundaries import resting_asks
from store.people.locale import somebody_called
from store.steps.effects.people import MET
from store.steps.effects.routes import lock_person
from store.steps.effects.writer import Writing
from store.tables import tie


def count_no_show(writing: Writing, effect: CountNoShow) -> None:
    lock_person(writing, effect.person)
    told_of, rules = IntroductionId(writing.introduction), writing.opening.policy.pauses
    resting_asks.keep_no_show(writing.connection, told_of, effect.person, effect.by, writing.now)
    if rules:
        calendar = _calendar(writing, effect.person)
        resting_asks.rest_if_absent(
            writing.connection, writing.opening.programme, effect.person, rules, writing.now, calendar
        )


def set_no_show_aside(writing: Writing, effect: SetNoShowAside) -> None:
    resting_asks.set_aside(writing.connection, IntroductionId(writing.introduction), effect.person, writing.now)


def left_unanswered(writing: Writing, who: PersonId) -> None:
    """One more ask of theirs has lapsed."""
    rules = writing.opening.policy.pauses
    if rules and rules.unanswered:
        lock_person(writing, who)
        calendar = _calendar(writing, who)
        resting_asks.rest_if_silent(writing.connection, writing.opening.programme, who, rules, writing.now, calendar)


def forget_meeting(writing: Writing, effect: ForgetMeeting) -> None:
    """A tie that rests on this meeting alone is gone; one that was there before only loses the meeting."""
    this = (tie.c.connector == effect.connector, tie.c.person == effect.person)
    writing.run(update(tie).where(*this).values(met_at=None))
    writing.run(update(tie).where(*this, tie.c.source == MET).values(denied_at=writing.now))


def _calendar(writing: Writing, who: PersonId) -> Calendar:
    """Their days, and the hours in which this programme writes."""
    lives = somebody_called(writing.connection, who, writing.home, writing.now)
    return writing.opening.policy.calendar(clock_of(lives.zone, writing.now), lives.days)
