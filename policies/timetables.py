"""Timetables of a policy. One introduction's life as lines that people can read."""

from collections.abc import Iterator
from datetime import datetime

from models.asks import Ask, AskKind
from models.base import Frozen
from models.effects import OpenAsk, WriteAgain, WriteLetter
from models.ids import AskNumber, PersonId
from models.letters import LetterKind, Role
from models.news import Introduced, News
from models.policy.policy import Policy
from models.process.state.introduction import Introduction
from models.process.state.stages import Screening
from models.record.play import Moment
from models.time.open_hours import Days
from policies.simulated_life import Life, Pace


class TimeTableLine(Frozen):
    """What happens at one instant, and by when somebody has to answer."""

    at: datetime
    what: str
    until: datetime | None = None


class TimeTable(Frozen):
    """One way through a policy, on one of its tracks where it has any."""

    way: Pace
    track: str
    promised_at: datetime
    lines: tuple[TimeTableLine, ...]
    letters: dict[str, int]  # most to any one person in each role; reminders apart


def timetables(policy: Policy, asked_at: datetime, zone: str, days: Days) -> tuple[TimeTable, ...]:
    """Both ways, on each track."""
    tracks = [(name, policy.on_track(name)) for name in policy.tracks] or [("", policy)]
    ways: tuple[Pace, ...] = ("happy", "slowest")
    return tuple(_drawn(Life(rules, asked_at, zone, days, way), name) for name, rules in tracks for way in ways)


def _drawn(life: Life, track: str) -> TimeTable:
    lines = [TimeTableLine(at=life.opening.asked_at, what="The request is sent.")]
    for moment in life.moments:
        lines += _lines(moment)
    letters = _letters(life)
    return TimeTable(
        way=life.way, track=track, promised_at=life.opening.promised_at, lines=tuple(lines), letters=letters
    )


def _letters(life: Life) -> dict[str, int]:
    to: list[PersonId] = []
    for moment in life.moments:
        asked = {ask.number: ask.person for ask in moment.step.after.asks}
        for effect in moment.step.effects:
            match effect:
                case OpenAsk(ask=ask, letter=LetterKind()):
                    to.append(ask.person)
                case WriteAgain(ask=number, reminder=False):
                    to.append(asked[number])
                case WriteLetter(to=reader):
                    to.append(reader)
        if isinstance(moment.step.news, Introduced):
            to += [PersonId(f"per_{Role.REQUESTER}"), PersonId(f"per_{Role.TARGET}")]
    return {
        role: max((to.count(each) for each in set(to) if each.startswith(f"per_{role}")), default=0) for role in Role
    }


def _lines(moment: Moment) -> Iterator[TimeTableLine]:
    at, step = moment
    said = _said(step.news, step.after) if step.news else None
    if said:
        yield TimeTableLine(at=at, what=said)
    for effect in step.effects:
        match effect:
            case OpenAsk(ask=ask):
                asked = f"{_name(ask.person)} is asked {_ASKED[ask.kind]}"
                yield TimeTableLine(at=max(at, effect.not_before), what=f"{asked}.", until=ask.due_at)
            case WriteAgain(ask=number, reminder=True):
                yield TimeTableLine(
                    at=max(at, effect.not_before), what=f"{_asked_name(step.after, number)} is reminded."
                )
            case WriteLetter(letter=letter, to=to):
                yield TimeTableLine(at=max(at, effect.not_before), what=f"{_name(to)} {_TOLD[letter]}.")
    stage = step.after.stage
    if isinstance(stage, Screening):
        reader = "The backup" if stage.backup else "Somebody of the staff"
        yield TimeTableLine(at=at, what=f"{reader} reads it.", until=stage.due_at)


def _said(news: News, after: Introduction) -> str | None:
    number = getattr(news, "ask", None)
    template = _SAID.get(news.kind)
    return template.format(name=_asked_name(after, number) if number else "") if template else None


def _asked_name(introduction: Introduction, number: AskNumber) -> str:
    ask: Ask | None = introduction.ask(number)
    return _name(ask.person) if ask else "Somebody"


def _name(person: PersonId) -> str:
    role, _, number = person.removeprefix("per_").partition("_")
    return f"The {role}" if not number else f"Connector {number}"


_SAID = {
    "screened": "It may go on.",
    "connector_approved": "{name} says yes.",
    "opted_in": "{name} says yes.",
    "silent": "{name} has not answered.",
    "introduced": "Both get the letter that introduces them.",
    "reported": "{name} says how it went.",
    "thanked": "{name} sends thanks.",
}

_ASKED = {
    AskKind.CONFIRM: "whether this is what they want to say",
    AskKind.APPROVE: "to introduce them",
    AskKind.OPT_IN: "whether they would like to be introduced",
    AskKind.WRITTEN: "whether they have written",
    AskKind.MEET: "whether they met",
    AskKind.THANKS: "for two lines of thanks",
    AskKind.CLOSING: "how the term was",
}

_TOLD = {
    LetterKind.NO_INTRODUCTION: "hears that there is no introduction for now",
    LetterKind.HOW_IT_WENT: "hears how it went",
    LetterKind.TWO_LINES: "gets two lines",
}
