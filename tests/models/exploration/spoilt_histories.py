"""Sound histories, and how each is spoilt in one place."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from models.effects import (
    OpenAsk,
    WriteLetter,
)
from models.ids import PersonId, WordsId
from models.letters import LetterKind
from models.news import Held
from models.outcomes import Met
from models.process.state.opening import MadeBy
from models.record.invariants.facts import Happened
from tests.cast import CARL, CLEO, MONDAY, OLIVE, ROSA, TOMOKO, opening, play, policy
from tests.support.news_phrases import answers_in_two_lines, approves, confirms, declines, opts_in, reports, thanks
from tests.support.play import Play

History = list[Happened]


def history(played: Play) -> History:
    return [Happened(at, event) for at, event in played.events()]


def met() -> History:
    played = play(approves(CARL), opts_in(TOMOKO), opts_in(ROSA))
    played.time_passes(timedelta(seconds=40))
    played.hear(reports(ROSA, Met(useful=True)))
    played.time_passes(timedelta(seconds=20))
    played.hear(thanks(ROSA), reports(TOMOKO, Met(useful=True)))
    return history(played)


def lapsed() -> History:
    played = play(begun=opening(policy("demo", {"requester.closings_every": None})))
    played.to_the_end()
    return history(played)


def two_lines() -> History:
    played = play(approves(CARL), answers_in_two_lines(TOMOKO))
    played.time_passes(timedelta(seconds=10))
    return history(played)


def declined() -> History:
    """Both connectors decline; Rosa hears on the promised day."""
    played = play(declines(CARL), declines(CLEO))
    played.to_the_end()
    return history(played)


def made_by_a_key() -> History:
    played = play(confirms(ROSA), approves(CARL), begun=opening("demo", MadeBy.KEY))
    return history(played)


def held() -> History:
    """Carl is reminded, then it is held until the promised day."""
    played = play(begun=opening(policy("demo", {"requester.closings_every": None})))
    played.time_passes()
    played.hear(Held(by=OLIVE.id))
    played.to_the_end()
    return history(played)


def where(story: History, wanted: Callable[[Happened], bool]) -> int:
    return next(number for number, happened in enumerate(story) if wanted(happened))


def heard(story: History, news: type) -> int:
    return where(story, lambda happened: isinstance(happened.news, news))


def causing(story: History, effect: type, **fields: Any) -> int:
    return where(
        story,
        lambda happened: any(
            isinstance(each, effect) and all(getattr(each, name) == value for name, value in fields.items())
            for each in happened.event.effects
        ),
    )


def without(story: History, number: int) -> History:
    """One event is missing, and the numbers are made good."""
    left = [*story[:number], *story[number + 1 :]]
    return [left[0], *(_number(happened, step) for step, happened in enumerate(left[1:], 2))]


def also(story: History, number: int, *effects: Any) -> History:
    """One event causes something more."""
    return _change(story, number, effects=(*story[number].event.effects, *effects))


def instead(story: History, number: int, **fields: Any) -> History:
    return _change(story, number, **fields)


def standing(story: History, number: int, **fields: Any) -> History:
    """One event says it leaves things elsewhere."""
    return _change(story, number, standing=story[number].event.standing.model_copy(update=fields))


def _change(story: History, number: int, **fields: Any) -> History:
    at, event = story[number]
    return [*story[:number], Happened(at, event.model_copy(update=fields)), *story[number + 1 :]]


def _number(happened: Happened, step: int) -> Happened:
    return Happened(happened.at, happened.event.model_copy(update={"step": step}))


def letter(kind: LetterKind, to: PersonId, words: str | None = None) -> WriteLetter:
    return WriteLetter(letter=kind, to=to, not_before=MONDAY, words=WordsId(words) if words else None)


def opened(story: History, number: int) -> Any:
    return next(effect.ask for effect in story[number].event.effects if isinstance(effect, OpenAsk))
