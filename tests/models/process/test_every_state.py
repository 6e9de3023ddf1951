"""The core keeps its promises in every state that one introduction can reach, whatever is said to it."""

from typing import get_args

import pytest

from models.news import News, OptedIn
from models.outcomes import Ending
from models.process.state.stages import Stage
from models.process.story import decide
from models.process.timetable import next_wake
from models.process.verdict import Reason, Refused
from models.record.invariants import INVARIANTS
from tests.cast import ROSAS_MAIL
from tests.models.exploration.move_checks import OPENINGS, WHOLE, Seen, seen
from tests.models.exploration.state_space import State, shape

# The first of them explores every opening, which takes minutes beside other work.
pytestmark = pytest.mark.timeout(900)

STAGES = {kind.model_fields["kind"].default for kind in get_args(get_args(Stage)[0])}
NEWS = {kind.model_fields["kind"].default for kind in get_args(get_args(News)[0])}


FEW_STATES = ("a need, screened", "in batches")  # explored in a second, so by `make quick` as well
EXPLORATIONS = [
    *(pytest.param((name, False), id=name, marks=[pytest.mark.quick] * (name in FEW_STATES)) for name in OPENINGS),
    *(pytest.param((name, True), id=f"{name}, whole", marks=pytest.mark.soak) for name in OPENINGS if name != WHOLE),
]


@pytest.fixture(params=EXPLORATIONS)
def exploration(request: pytest.FixtureRequest) -> Seen:
    name, whole = request.param
    return seen(name, whole)


@pytest.mark.parametrize("rule", INVARIANTS)
def test_no_move_breaks(rule: str, exploration: Seen) -> None:
    assert not exploration.faults[rule], _worst(exploration, rule)


def test_nobody_gets_more_letters_than_their_policy_allows(exploration: Seen) -> None:
    assert not exploration.faults["budget"], _worst(exploration, "budget")


def test_the_same_news_twice_equals_once(exploration: Seen) -> None:
    assert not exploration.faults["repetition"], _worst(exploration, "repetition")


def test_a_stranger_is_never_heard(exploration: Seen) -> None:
    assert not exploration.faults["strangers"], _worst(exploration, "strangers")


def test_the_store_is_heard_only_when_it_was_asked(exploration: Seen) -> None:
    assert not exploration.faults["replies"], _worst(exploration, "replies")


def test_the_effects_alone_tell_how_each_ask_stands(exploration: Seen) -> None:
    assert not exploration.faults["record"], _worst(exploration, "record")


def test_there_is_no_dead_end(exploration: Seen) -> None:
    for state in exploration.explored.states:
        waits = state.introduction.closed or state.owed or next_wake(state.introduction)
        assert waits, f"nothing will ever happen again\n{state.path()}"


def test_time_alone_ends_every_state(exploration: Seen) -> None:
    explored = exploration.explored
    over = {shape(state) for state in explored.states if _is_over(state, exploration.as_far_as)}
    for state in explored.states:
        where, steps = shape(state), 0
        while where not in over:
            where, steps = explored.alone[where], steps + 1  # type: ignore[assignment]
            assert steps < 100, f"time alone does not end this\n{state.path()}"


def test_an_answer_to_an_older_version_counts_for_nothing(exploration: Seen) -> None:
    for state in exploration.explored.states:
        newer = state.introduction.model_copy(update={"version": state.introduction.version + 1})
        if newer.closed or getattr(newer.stage, "handing_over", False):
            continue
        for ask in newer.open_asks():
            news = OptedIn(ask=ask.number, by=ask.person, channels=(ROSAS_MAIL,))
            assert decide(newer, news, state.now) == Refused(reason=Reason.OLD_VERSION)


def test_each_ending_is_reached() -> None:
    reached = {ending for name in OPENINGS for ending in seen(name).endings}
    assert reached == set(Ending)


def test_every_news_is_decided_or_refused_at_every_stage() -> None:
    tried = {pair for name in OPENINGS for pair in _pairs(seen(name))}
    silent = {(stage, news) for stage in STAGES for news in NEWS} - tried
    assert not silent, "nobody has tried these"


def _is_over(state: State, stages: tuple[str, ...]) -> bool:
    return state.introduction.closed or state.introduction.stage.kind in stages


def _pairs(found: Seen) -> set[tuple[str, str]]:
    return {*found.followed, *found.refused, *found.beside}


def _worst(found: Seen, rule: str) -> str:
    faults = sorted(found.faults[rule], key=len)
    return f"{len(faults)} times, first: {faults[0]}" if faults else ""
