"""Checks on every move of the exploration. Each move once, and what is wrong with it kept in words."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from models.ids import PersonId
from models.letters import Role
from models.news import (
    AnswerWaiting,
    CapReached,
    ConnectorFound,
    Edited,
    Extended,
    HandedOver,
    Held,
    HeldBack,
    Introduced,
    News,
    NoConnector,
    NotYetAccepted,
    OptedOut,
    Resent,
    Resumed,
    SentBack,
    Silent,
    TimeIsUp,
    Undone,
)
from models.outcomes import Ending
from models.policy.policy import Order
from models.process.objections import ABOUT_AN_ASK, asked
from models.process.state.introduction import Introduction
from models.process.state.opening import MadeBy, Opening
from models.process.state.stages import Resting
from models.process.story import decide
from models.process.verdict import Reason, Refused, Step
from models.record.invariants import broken
from models.record.invariants.course import letters_are_few
from tests.cast import STAN, TOMOKO, opening, policy
from tests.models.exploration.all_news import OF_STRANGERS
from tests.models.exploration.state_space import Explored, Move, State, explore

REPLIES = (ConnectorFound, NoConnector, Introduced, HeldBack, CapReached, Silent, NotYetAccepted, AnswerWaiting)

# Time is long enough for both connectors, and endings are told on the promised day alone.
UNBATCHED = {"requester.closings_every": None, "requester.promised_answer": "60 min"}
# Everybody answers within ten minutes, so a yes is old when the other's comes late.
FORGETFUL = {"requester.yes_valid_for": "8 min", "connector.candidates": 1, "order": Order.REQUESTER_AT_REQUEST}
SCREENED = {"screening": {"answer_within": "5 min", "backup_within": "5 min"}}
SENT_BACK = {"screening": {"answer_within": "5 min", "backup_within": "5 min", "send_back": True}}
ONE_AND_NO_MORE = {"target.introductions": {"cap": 1, "cap_per": "30 d"}}
AT_REQUEST = {**UNBATCHED, "connector.candidates": 1, "order": Order.REQUESTER_AT_REQUEST}

# The question at the end of a term; what is asked before it is explored elsewhere.
A_TERM = {
    "follow_up.term": {"ends": ["03-03"], "answer_within": "1 d"},
    "letters.requester": 5,
    "letters.target": 4,
    "follow_up.first_contact": None,
    "follow_up.hear_both": False,
    "pauses": None,
}
ANOTHER_ADDRESS = {"connector.another_address": True, "letters.connector": 3}

OPENINGS: dict[str, Opening] = {
    "together": opening(policy("demo", UNBATCHED)),
    "target first": opening(policy("demo", {**UNBATCHED, "order": Order.TARGET_FIRST})),
    "at the request, by a key, screened": opening(
        policy("demo", {**UNBATCHED, **SCREENED, "order": Order.REQUESTER_AT_REQUEST}), MadeBy.KEY
    ),
    "a need, screened": opening(policy("demo", {**UNBATCHED, **SCREENED}), target=None),
    "with another address": opening(
        policy("demo", {**UNBATCHED, **ANOTHER_ADDRESS, "order": Order.TARGET_FIRST, "connector.candidates": 1})
    ),
    "in batches": opening(policy("demo", {"order": Order.REQUESTER_AT_REQUEST})),
    "as a term ends": opening(policy("demo", {**AT_REQUEST, **A_TERM})),
    "held": opening(policy("demo", {**AT_REQUEST, **SCREENED})),
    "edited": opening(policy("demo", {**AT_REQUEST, "requester.edits": 1})),
    "sent back": opening(policy("demo", {**AT_REQUEST, **SENT_BACK, "requester.edits": 1})),
    "sent again": opening(policy("demo", {**AT_REQUEST})),
    "one introduction and no more": opening(policy("demo", {**AT_REQUEST, **ONE_AND_NO_MORE})),
    "a yes grows old": opening(policy("demo", {**UNBATCHED, **FORGETFUL})),
}
# What follows a delivery, or a connector's ask, does not depend on what led there: it is explored once.
AS_FAR_AS = {
    "target first": ("following_up",),
    "at the request, by a key, screened": ("following_up",),
    "a need, screened": ("with_connector", "resting"),
    "with another address": ("passing_on", "delivering"),
    "in batches": ("with_parties",),
    "held": ("following_up",),
    "edited": ("following_up",),
    "sent back": ("with_connector",),
    "sent again": ("following_up",),
    "one introduction and no more": ("following_up", "passing_on", "resting"),
    "a yes grows old": ("following_up", "passing_on", "resting"),
}
# What operators may do to it is followed here, and only tried elsewhere.
STEERED: dict[str, tuple[type[News], ...]] = {
    "held": (Held, Resumed, Extended),
    "edited": (Edited, HandedOver),
    "sent back": (SentBack, Edited),
    "sent again": (Resent,),
}
# A connector who wants no more letters once they have approved changes nothing but what they themself are sent; yet
# there is a second state for each. Here all of these are visited; elsewhere the leaving is tried in every state and
# followed under `make soak` alone.
WHOLE = "target first"
# What is undone may be said anew, which multiplies the states. Here that is tried in every state, and followed under
# `make soak` alone, unless it is one of these who undoes: it is followed elsewhere, and what these are for (a yes that
# grows old while the other's is awaited, an edit, another address, a screening) is reached without it.
UNDONE_BY: dict[str, tuple[PersonId, ...]] = {
    "a yes grows old": (TOMOKO.id,),
    "at the request, by a key, screened": (),
    "with another address": (),
    "edited": (),
}


@dataclass
class Seen:
    """What an exploration has shown: faults by what they break, endings reached, every verdict by stage and news."""

    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    endings: set[Ending] = field(default_factory=set)
    followed: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    refused: dict[tuple[str, str], set[Reason]] = field(default_factory=lambda: defaultdict(set))
    beside: dict[tuple[str, str], set[Reason]] = field(default_factory=lambda: defaultdict(set))
    explored: Explored = field(default_factory=lambda: Explored([], 0, 0, {}))
    as_far_as: tuple[str, ...] = ()  # the stages at which it stopped

    def look(self, move: Move) -> None:
        if move.happened and move.after:
            self._taken(move, move.after)
        elif isinstance(move.verdict, Refused):
            self._refused(move, move.verdict)

    def fault(self, rule: str, what: str, state: State) -> None:
        self.faults[rule].append(f"{what}\n{state.path()}")

    def _taken(self, move: Move, after: State) -> None:
        introduction, stage = after.introduction, after.introduction.stage
        before = move.state.introduction
        assert move.happened
        self.followed[before.stage.kind, move.news.kind].add(stage.kind)
        if introduction.closed or isinstance(stage, Resting):
            self.endings.add(stage.ending)  # type: ignore[union-attr]
        for rule, what in broken(move.state.facts, move.happened, after.facts):
            self.fault(rule, what, after)
        self._check_letters(after)
        self._check_record(after)
        self._check_repetition(move, after)
        if getattr(move.news, "by", None) == STAN.id:
            self.fault("strangers", "a stranger was heard", after)
        if isinstance(move.news, REPLIES) and not move.state.owed:
            self.fault("replies", "the store was heard though nobody had asked it", after)

    def _refused(self, move: Move, verdict: Refused) -> None:
        pair = (move.state.introduction.stage.kind, move.news.kind)
        ask = asked(move.state.introduction, move.news)
        theirs = ask.is_open and ask.person == getattr(move.news, "by", ask.person) if ask else _is_fit(move.news)
        rightful = theirs and verdict.reason != Reason.OWN_PART
        (self.refused if rightful else self.beside)[pair].add(verdict.reason)

    def _check_letters(self, after: State) -> None:
        what = letters_are_few(after.facts, after.introduction.policy.letters)
        if what:
            self.fault("budget", what, after)

    def _check_record(self, after: State) -> None:
        """The effects alone tell how each ask stands."""
        kept = [(ask.state, ask.due_at) for ask in after.facts.asks]
        if kept != [(ask.state, ask.due_at) for ask in after.introduction.asks]:
            self.fault("record", "the asks differ from what the effects say", after)

    def _check_repetition(self, move: Move, after: State) -> None:
        if isinstance(move.news, TimeIsUp):
            return  # what else is due follows at once, one step each
        again = decide(after.introduction, move.news, after.now)
        if isinstance(again, Step) and _unnumbered(again.after) != _unnumbered(after.introduction):
            self.fault("repetition", "the same news twice is not the same as once", after)


def seen(name: str, whole: bool = False) -> Seen:
    """The exploration of one of the openings; each is explored once."""
    return _seen(name, whole or name == WHOLE)


@cache
def _seen(name: str, whole: bool) -> Seen:
    stages = AS_FAR_AS.get(name, ())
    found = Seen(as_far_as=stages)
    found.explored = explore(
        OPENINGS[name],
        found.look,
        lambda introduction: introduction.stage.kind in stages,
        steered=STEERED.get(name, ()),
        beside=(lambda _: False) if whole else _is_beside(name),
    )
    return found


def _is_beside(name: str) -> Callable[[Move], bool]:
    followed = UNDONE_BY.get(name)

    def is_undone(news: News) -> bool:
        return followed is not None and isinstance(news, Undone) and news.by not in followed

    return lambda move: is_undone(move.news) or _a_connector_leaves_after_approving(move)


def _a_connector_leaves_after_approving(move: Move) -> bool:
    introduction, news = move.state.introduction, move.news
    if not isinstance(news, OptedOut) or not introduction.approved:
        return False
    return introduction.role_of(news.by) == Role.CONNECTOR


def _is_fit(news: News) -> bool:
    return not isinstance(news, ABOUT_AN_ASK) and id(news) not in _STRANGERS


_STRANGERS = {id(news) for news in OF_STRANGERS}


def _unnumbered(introduction: Introduction) -> Introduction:
    return introduction.model_copy(update={"step": 0})
