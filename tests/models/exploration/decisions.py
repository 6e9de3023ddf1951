"""Decisions of the core. A few lives told step by step, and beside each step all else that could be said then."""

from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import Any

from pydantic import BaseModel

from models.asks import Ask
from models.effects import OpenAsk
from models.ids import AskNumber
from models.news import News
from models.process.state.introduction import Introduction
from models.process.state.stages import Delivering
from models.process.story import decide
from models.process.timetable import next_wake
from models.process.verdict import Refused, Step
from models.record.play import Moment
from tests.models.exploration.all_news import ABOUT_THE_WHOLE, about_asks, out_of_turn, steering
from tests.models.exploration.golden_pages import of_each_life
from tests.support.play import SECOND, Play

LATE = "late, "
Tried = set[object]  # where it stood and what was said: once is enough


def decisions() -> Iterator[str]:
    """The whole page, life by life."""
    tried: Tried = set()
    return of_each_life(lambda play: told(play, tried))


def told(play: Play, tried: Tried) -> Iterator[str]:
    """One life: at each step what was heard, what follows from it, and what else could have been."""
    before: Introduction | None = None
    for moment in play.moments:
        yield heard(before, moment)
        before = moment.step.after
        yield from otherwise(before, moment.at, tried)


def heard(before: Introduction | None, moment: Moment) -> str:
    return f"{_at(moment.at)} {_line(before, moment.step)}"


def otherwise(introduction: Introduction, now: datetime, tried: Tried) -> Iterator[str]:
    """What else could be said here, as far as it has not been tried where as much is known."""
    return (f"    {line}" for line in _else(introduction, now, tried))


def _else(introduction: Introduction, now: datetime, tried: Tried) -> Iterator[str]:
    standing = _so_far(introduction)
    whole = (standing, frozenset(_about(ask) for ask in introduction.asks))
    if whole in tried:
        return
    tried.add(whole)
    refused: dict[str, list[str]] = {}
    for late, at, news in _said(introduction, now):
        key = (late, standing, _said_by(introduction, news))
        if key in tried:
            continue
        tried.add(key)
        verdict = decide(introduction, news, at)
        if isinstance(verdict, Refused):
            refused.setdefault(verdict.reason, []).append(_in_short(news, late))
        else:
            yield f"{LATE if late else ''}{_line(introduction, verdict)}"
    for reason, said in refused.items():
        yield f"{reason}: {', '.join(dict.fromkeys(said))}"


def _said(introduction: Introduction, now: datetime) -> Iterator[tuple[bool, datetime, News]]:
    for news in (*about_asks(introduction, now), *ABOUT_THE_WHOLE, *steering(introduction)):
        yield False, now, news
    for news in out_of_turn(introduction, ()):
        yield False, now, news
    wake = next_wake(introduction)
    if wake:
        late = max(now, wake.at) + SECOND
        yield from ((True, late, news) for news in about_asks(introduction, late))


def _so_far(introduction: Introduction) -> tuple[object, ...]:
    """What mostly decides whether somebody may speak, and what follows."""
    stage, agreed = introduction.stage, frozenset(yes.role for yes in introduction.opt_ins)
    handing_over = isinstance(stage, Delivering) and stage.handing_over
    return (stage.kind, handing_over, introduction.told, introduction.held_at is not None, agreed)


def _about(ask: Ask | None) -> tuple[object, ...]:
    return (ask.kind, ask.role, ask.state, ask.checking, ask.by_hand, ask.renews) if ask else ()


def _said_by(introduction: Introduction, news: News) -> tuple[object, ...]:
    says = vars(news)
    by, ask = says.get("by"), introduction.ask(says.get("ask") or AskNumber(0))
    how = tuple(says.get(name) for name in ("letter", "approved", "address_is_dead", "made_by"))
    outcome = says.get("outcome")
    others = frozenset() if ask else frozenset((each.kind, each.role) for each in introduction.open_asks())
    return (news.kind, _about(ask), others, by and introduction.role_of(by), how, outcome and outcome.kind)


def _in_short(news: News, late: bool) -> str:
    says = vars(news)
    ask, by = (f" #{says['ask']}" if says.get("ask") else ""), (f" {_value(says['by'])}" if "by" in says else "")
    return f"{LATE if late else ''}{news.kind}{ask}{by}"


# How a step is written: what was heard, where it then stands, what is done, what has changed.


def _line(before: Introduction | None, step: Step) -> str:
    assert step.after.step == (before.step + 1 if before else 1)
    heard = _fact(step.news) if step.news else "begins"
    done = "; ".join(_fact(effect) for effect in step.effects)
    changed = "; ".join(_changes(before, step)) if before else ""
    return " | ".join(part for part in (f"{heard} -> {_fact(step.after.stage)}", done, changed) if part)


def _changes(before: Introduction, step: Step) -> Iterator[str]:
    after, opened = step.after, [effect.ask for effect in step.effects if isinstance(effect, OpenAsk)]
    for name in Introduction.model_fields:
        was, now = getattr(before, name), getattr(after, name)
        if name in ("stage", "step") or was == now:
            continue
        if name == "asks":
            yield from _asks(before.asks, after.asks, opened)
        else:
            yield f"{name}={_value(now)}"


def _asks(before: tuple[Ask, ...], after: tuple[Ask, ...], opened: list[Ask]) -> Iterator[str]:
    yield from (f"also {_value(ask)}" for ask in after[len(before) :] if ask not in opened)
    for was, now in zip(before, after, strict=False):
        changed = [name for name in Ask.model_fields if getattr(was, name) != getattr(now, name)]
        if changed:
            yield f"#{now.number} " + " ".join(f"{name}={_value(getattr(now, name))}" for name in changed)


def _fact(fact: Any) -> str:
    """Its kind, and whatever in it is not as usual."""
    return " ".join((fact.kind, *_unusual(fact)))


def _unusual(fact: BaseModel) -> Iterator[str]:
    for name, field in type(fact).model_fields.items():
        value = getattr(fact, name)
        if name != "kind" and value != field.default:
            yield f"{name}={_value(value)}"


def _value(value: Any) -> str:
    match value:
        case datetime():
            return _at(value)
        case Ask():
            return f"#{value.number} {value.kind} " + " ".join(list(_unusual(value))[2:])
        case BaseModel() if hasattr(value, "kind"):
            return f"({_fact(value)})"
        case BaseModel():
            return f"({' '.join(_unusual(value))})"
        case tuple():
            return f"[{', '.join(map(_value, value))}]"
        case Enum():
            return str(value.value)
        case _:
            return str(value).removeprefix("per_")


def _at(instant: datetime) -> str:
    return f"{instant:%d%b}{instant.timetz():%H:%M:%S}".removesuffix(":00")
