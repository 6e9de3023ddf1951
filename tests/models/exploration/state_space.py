"""Every state that one introduction can reach.

From its beginning, all that may be said is tried on every state found, at each instant that matters; each new state
is looked at once, and stands for all that are like it.
"""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from models.asks import Ask, AskKind, AskState
from models.effects import CheckSilence, Effect, FindConnector, HearApproval, Introduce, TakeUp
from models.letters import LetterKind, Role
from models.news import (
    AnswerWaiting,
    Barred,
    CapReached,
    ConnectorFound,
    HeldBack,
    Introduced,
    News,
    NoConnector,
    NotYetAccepted,
    Resent,
    Silent,
    TimeIsUp,
    Undeliverable,
)
from models.process.chapters.resent_letters import way_to_resend
from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from models.process.state.stages import FollowingUp, PassingOn, Resting, Stage
from models.process.story import begin, heard
from models.process.timetable import next_wake
from models.process.verdict import Refused, Step
from models.record.invariants.facts import Facts, Happened
from models.record.ledger import Began, Moved, standing
from models.record.play import event
from tests.cast import CARL, CLEO, OLIVE
from tests.models.exploration.all_news import ABOUT_THE_WHOLE, STEERING, about_asks, out_of_turn, steering
from tests.support.play import not_asked_yet

SECOND = timedelta(seconds=1)
QUESTIONS = (TakeUp, FindConnector, HearApproval, CheckSilence, Introduce)
DECIDING = ("met", "did_not_meet", "no_show", "rather_not")  # the reports on which something depends
OWED_AT_MOST = 2  # questions the store may leave open while people go on speaking


class State(NamedTuple):
    """Where an introduction stands, what has happened, and which questions the store has not yet answered."""

    introduction: Introduction
    facts: Facts
    now: datetime
    owed: tuple[Effect, ...]
    before: "State | None" = None
    news: News | None = None

    def path(self) -> str:
        """The way here, for the message of a failing test."""
        told = f"{self.now:%d %b %H:%M:%S} {self.news!r} -> {self.introduction.stage.kind}" if self.news else "begun"
        return f"{self.before.path()}\n{told}" if self.before else told


class Move(NamedTuple):
    """One piece of news reaching a state, and what came of it."""

    state: State
    news: News
    verdict: Step | Refused
    after: State | None = None
    happened: Happened | None = None  # what the ledger would hold of it


Look = Callable[[Move], None]


class Explored(NamedTuple):
    states: list[State]
    taken: int
    refused: int
    alone: dict[object, object]  # what each shape becomes when nobody says anything


def explore(
    opening: Opening,
    look: Look,
    until: Callable[[Introduction], bool] = lambda _: False,
    *,
    steered: tuple[type[News], ...] = (),
    beside: Callable[[Move], bool] = lambda _: False,
) -> Explored:
    """Visit every state that can be reached, as far as those that satisfy `until`; `look` sees every move.

    What operators do to it is tried wherever it could matter, and followed only if it is one of `steered`; moves that
    are `beside` the point are tried everywhere, and not followed.
    """
    found = Explored([], 0, 0, {})
    first = _first(opening)
    queue, known = deque([first]), {shape(first)}
    outline: set[object] = set()
    taken = refused = 0
    while queue:
        state = queue.popleft()
        found.states.append(state)
        if until(state.introduction):
            continue
        for number, move in enumerate(_moves(state, opening, outline, steered=steered)):
            look(move)
            if move.after is None:
                refused += 1
                continue
            taken += 1
            if (isinstance(move.news, STEERING) and not isinstance(move.news, steered)) or beside(move):
                continue
            reached = shape(move.after)
            if number == 0 and not state.introduction.closed:
                found.alone[shape(state)] = reached
            if reached not in known:
                known.add(reached)
                queue.append(move.after)
    return found._replace(taken=taken, refused=refused)


def _moves(state: State, opening: Opening, outlines: set[object], *, steered: tuple[type[News], ...]) -> Iterator[Move]:
    """Everything that can happen next; first what happens when nobody says anything."""
    if state.owed:
        yield from _the_store_replies(state, opening)
    elif wake := next_wake(state.introduction):
        yield _move(state, opening, TimeIsUp(), max(state.now, wake.at), ())
    for at, news in _said(state, outlines, steered=steered):
        yield _move(state, opening, news, at, state.owed)


def _said(state: State, outlines: set[object], *, steered: tuple[type[News], ...]) -> Iterator[tuple[datetime, News]]:
    """What anybody may say now, or late; what hardly matters is tried once in each outline."""
    if len(state.owed) <= OWED_AT_MOST:
        yield from ((at, news) for at in _instants(state) for news in about_asks(state.introduction, at))
        yield from ((state.now, news) for news in ABOUT_THE_WHOLE)
    is_new = (outline := _outline(state)) not in outlines
    outlines.add(outline)
    for news in steering(state.introduction):
        if is_new or isinstance(news, steered):
            yield state.now, news
    if is_new:
        yield from ((state.now, news) for news in out_of_turn(state.introduction, state.owed))


def _the_store_replies(state: State, opening: Opening) -> Iterator[Move]:
    question, *others = state.owed
    if isinstance(question, TakeUp):  # nothing stands between the two: it says nothing, and goes on to the next
        yield Move(state, Barred(), Step(after=state.introduction, news=None), state._replace(owed=tuple(others)))
    for reply in _replies(question, state.introduction):
        yield _move(state, opening, reply, state.now, tuple(others))


def _replies(question: Effect, introduction: Introduction) -> Iterator[News]:
    match question:
        case TakeUp(again=again, role=role):
            yield Barred()
            if again and role == Role.CONNECTOR:
                yield Undeliverable(letter=LetterKind.ASK_CONNECTOR, role=role, ask=again)
        case FindConnector(prefer=prefer):  # `only` is the store's to look after; here it may find anybody
            left = not_asked_yet(introduction, (CARL.somebody, CLEO.somebody), prefer)
            yield from (ConnectorFound(connector=connector) for connector in left[:1])
            yield NoConnector()
        case HearApproval(approval=approval):
            yield approval
        case CheckSilence(ask=ask):
            yield from (Silent(ask=ask), NotYetAccepted(ask=ask), AnswerWaiting(ask=ask))
        case Introduce():
            yield from (Introduced(), HeldBack(), Barred())
            if introduction.policy.target.introductions:
                yield from (CapReached(role=role) for role in (Role.TARGET, Role.REQUESTER))


def _move(state: State, opening: Opening, news: News, at: datetime, owed: tuple[Effect, ...]) -> Move:
    verdict = heard(state.introduction, news, at)
    if isinstance(verdict, Refused):
        dropped = owed != state.owed  # a reply that no longer fits is refused, and the story goes on without it
        return Move(state, news, verdict, state._replace(owed=owed) if dropped else None)
    happened = Happened(at, _moved(verdict))
    asked = (*owed, *_questions(verdict))
    return Move(
        state, news, verdict, State(verdict.after, state.facts.after(happened), at, asked, state, news), happened
    )


def _moved(step: Step) -> Moved:
    # Not validated again: half a million times over, it would be most of the work.
    assert step.news
    return Moved.model_construct(
        step=step.after.step, news=step.news, effects=step.effects, standing=standing(step.after)
    )


def _first(opening: Opening) -> State:
    step = begin(opening, opening.asked_at)
    began = event(opening, step)
    assert isinstance(began, Began)
    facts = Facts.before(began).after(Happened(opening.asked_at, began))
    return State(step.after, facts, opening.asked_at, _questions(step))


def _questions(step: Step) -> tuple[Effect, ...]:
    return tuple(effect for effect in step.effects if isinstance(effect, QUESTIONS))


def _instants(state: State) -> list[datetime]:
    """Now; and late, when something is due but nothing has happened yet."""
    wake = next_wake(state.introduction)
    return [state.now] if state.owed or wake is None else [state.now, max(state.now, wake.at) + SECOND]


# What makes two states alike: where it stands, what lies open, what is due first; not by how many days.


def shape(state: State) -> tuple[object, ...]:
    introduction, stage = state.introduction, state.introduction.stage
    if introduction.closed:
        return (_stage(stage), _not_said(introduction))
    always = (
        _stage(stage),
        frozenset(
            (ask.kind, ask.role, ask.person, ask.state, ask.by_hand, ask.renews)
            for ask in introduction.asks
            if _waits(ask)
        ),
        tuple(_question(state, question) for question in state.owed),
        _who_left(introduction),
        (introduction.approved, introduction.told, introduction.letters_to(Role.REQUESTER)),
        introduction.held_at is not None,
        introduction.edits,
        _first_due(state),
    )
    if isinstance(stage, FollowingUp):
        return (*always, introduction.letters_to(Role.TARGET))
    if isinstance(stage, PassingOn):
        return (*always, introduction.has_opted_in(Role.REQUESTER))
    if isinstance(stage, Resting):
        undo = _can_be_undone(state, Role.REQUESTER)
        return (*always, introduction.has_opted_in(Role.REQUESTER), undo, _may_be_sent_again(introduction))
    before_approval = not introduction.approved or _can_be_undone(state, Role.CONNECTOR)
    return (
        *always,
        frozenset(role for role in Role if _can_be_undone(state, role)),
        frozenset(yes.role for yes in introduction.opt_ins),
        _grown_old(state),
        introduction.connectors_asked() if before_approval else 0,
        introduction.version,
    )


def _grown_old(state: State) -> tuple[object, ...]:
    """Whose yes no longer counts, and how many letters are left to ask for it again."""
    introduction = state.introduction
    policy = introduction.policy
    if not (policy.requester.yes_valid_for or policy.target.yes_valid_for):
        return ()
    stale = frozenset(yes.role for yes in introduction.stale_yeses(state.now))
    return (stale, introduction.letters_to(Role.TARGET))


def _question(state: State, question: Effect) -> tuple[object, ...]:
    ask = state.introduction.ask(question.ask) if isinstance(question, CheckSilence) else None
    return (question.kind, ask and ask.role)


def _who_left(introduction: Introduction) -> frozenset[Role | None]:
    roles = {introduction.role_of(person) for person in introduction.left}
    # A connector's leaving changes nothing any more but whether they hear how it went: seen before delivery.
    return frozenset(roles - {None, Role.CONNECTOR if isinstance(introduction.stage, FollowingUp) else None})


def _outline(state: State) -> tuple[object, ...]:
    """What decides whether somebody may speak at all: where it stands, and whose asks lie open."""
    introduction = state.introduction
    asks = frozenset((ask.kind, ask.role, ask.state) for ask in introduction.asks)
    handing_over = getattr(introduction.stage, "handing_over", False)
    held = introduction.held_at is not None
    return (introduction.stage.kind, handing_over, introduction.told, held, asks)


def _stage(stage: Stage) -> tuple[object, ...]:
    """The stage without its instants, except whether there are any; of reports only those that decide something."""
    if isinstance(stage, FollowingUp):
        due = (stage.meet_at, stage.meet_again_at, stage.thanks_at, stage.first_contact_at)
        reports = frozenset((role, said.kind) for role, said in stage.outcomes if said.kind in DECIDING)
        return (stage.kind, *(at is None for at in due), reports)
    if isinstance(stage, Resting):
        return (stage.kind,)
    said = ((name, type(fact) if isinstance(fact, datetime) else fact) for name, fact in stage)
    return tuple((name, fact) for name, fact in said if name != "looks")  # how often changes when, and nothing else


def _waits(ask: Ask) -> bool:
    return ask.state in (AskState.OPEN, AskState.PUT_OFF)


def _not_said(introduction: Introduction) -> frozenset[Role]:
    """Who was asked whether they met, and never said: they still may."""
    asked = [ask for ask in introduction.asks if ask.kind == AskKind.MEET and ask.state == AskState.SETTLED]
    return frozenset(ask.role for ask in asked)


def _may_be_sent_again(introduction: Introduction) -> bool:
    """Whether it ended for want of a letter alone, so that an operator could bring it back."""
    asks = (Resent(by=OLIVE.id, ask=ask.number) for ask in introduction.asks if ask.unreached)
    return any(way_to_resend(introduction, each, introduction.promised_at) for each in asks)


def _can_be_undone(state: State, role: Role) -> bool:
    since = state.now - state.introduction.policy.undo_for.nominal
    return any(
        ask.role == role and ask.state == AskState.ANSWERED and ask.answered_at and ask.answered_at > since
        for ask in state.introduction.asks
    )


def _first_due(state: State) -> tuple[object, ...]:
    wake = next_wake(state.introduction)
    if wake is None:
        return ()
    ask = state.introduction.ask(wake.ask) if wake.ask else None
    return (wake.what, ask and ask.role, wake.at <= state.now)
