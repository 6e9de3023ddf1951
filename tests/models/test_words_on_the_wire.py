"""Everything that is stored or sent comes back as what it was. An untagged word could come back as another."""

from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from models.base import Frozen
from models.effects import Effect
from models.news import News
from models.outcomes import Outcome
from models.process.state.introduction import Introduction
from models.process.state.stages import Stage
from models.record.ledger import Event
from tests.models.exploration.move_checks import OPENINGS, seen
from tests.models.exploration.state_space import State

# The first of them explores every opening, which takes minutes beside other work.
pytestmark = pytest.mark.timeout(900)


def members(union: Any) -> tuple[type[Frozen], ...]:
    kinds: tuple[type[Frozen], ...] = get_args(get_args(union)[0])
    return kinds


@pytest.mark.parametrize(
    "union", [News, Effect, Stage, Outcome, Event], ids=["news", "effect", "stage", "outcome", "event"]
)
def test_every_member_carries_a_kind_of_its_own(union: Any) -> None:
    kinds = [member.model_fields["kind"].default for member in members(union)]
    assert len(set(kinds)) == len(kinds) > 0


def _states() -> list[State]:
    return [state for name in OPENINGS for state in seen(name).explored.states[::5]]


def test_every_state_comes_back_from_the_wire_as_it_was() -> None:
    for state in _states():
        assert Introduction.model_validate_json(state.introduction.model_dump_json()) == state.introduction


def test_all_news_and_every_effect_come_back_as_they_were() -> None:
    news, effects = TypeAdapter[Any](News), TypeAdapter[Any](Effect)
    for state in _states():
        for question in state.owed:
            assert effects.validate_json(effects.dump_json(question)) == question
        if state.news:
            assert news.validate_json(news.dump_json(state.news)) == state.news


def test_unknown_fields_and_kinds_are_refused() -> None:
    news = TypeAdapter[Any](News)
    for wrong in ({"kind": "opted_in_"}, {"by": "per_rosa"}, {"kind": "withdrew", "by": "per_rosa", "consent": True}):
        with pytest.raises(ValueError, match="validation error"):
            news.validate_python(wrong)
