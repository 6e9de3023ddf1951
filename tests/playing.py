"""An introduction played without a database.

The store's replies are made up, and heard as the shell hears them: a step is recorded, then its replies are decided,
in order.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from models.asks import AskKind
from models.effects import CheckSilence, Effect, FindConnector, HearApproval, Introduce, TakeUp
from models.ids import PersonId
from models.introduction import Introduction, Opening
from models.ledger import Began, Moved, standing
from models.news import Barred, ConnectorFound, HeldBack, Introduced, News, NoConnector, Silent, Somebody, TimeIsUp
from models.process import begin, decide
from models.verdict import Refused, Step
from models.waiting import next_wake

Said = News | Callable[[Introduction], News]  # a piece of news, or how to make one of where the introduction stands

SECOND = timedelta(seconds=1)
ENDLESS = 200  # pieces of news: no story comes anywhere near


@dataclass
class Store:
    """What the store would say: the next connector not yet asked, nothing in the way, true silence, introduced."""

    connectors: tuple[Somebody, ...]
    barred: bool = False
    hold_back: int = 0  # how often delivery is held back first
    bars_delivery: bool = False
    asked: set[str] = field(default_factory=set)

    def replies(self, step: Step) -> Iterator[News]:
        for effect in step.effects:
            yield from self._reply(effect, step.after)

    def _reply(self, effect: Effect, introduction: Introduction) -> Iterator[News]:
        match effect:
            case TakeUp() if self.barred:
                yield Barred()
            case FindConnector(prefer=prefer) if not self.barred:
                yield self._next_connector(introduction, prefer)
            case HearApproval(approval=approval):
                yield approval
            case CheckSilence(ask=ask):
                yield Silent(ask=ask)
            case Introduce() if self.hold_back:
                self.hold_back -= 1
                yield HeldBack()
            case Introduce():
                yield Barred() if self.bars_delivery else Introduced()

    def _next_connector(self, introduction: Introduction, prefer: PersonId | None) -> News:
        left = not_asked_yet(introduction, self.connectors, prefer)
        return ConnectorFound(connector=left[0]) if left else NoConnector()


def not_asked_yet(
    introduction: Introduction, connectors: Iterable[Somebody], prefer: PersonId | None
) -> list[Somebody]:
    """Whom the store would still ask, best first: nobody twice, but for who was willing before the request changed."""
    asks = [ask for ask in introduction.asks if ask.kind == AskKind.APPROVE]
    now = {ask.person for ask in asks if ask.version == introduction.version}
    before = {ask.person for ask in asks} - {prefer}
    left = [somebody for somebody in connectors if somebody.id not in now | before]
    return sorted(left, key=lambda somebody: somebody.id != prefer)


class Moment(NamedTuple):
    """One step, and when it was taken."""

    at: datetime
    step: Step


class Play:
    """One introduction under way: say something, or let time pass, and look where it stands."""

    def __init__(self, opening: Opening, store: Store) -> None:
        self.opening, self.store, self.now = opening, store, opening.asked_at
        self.moments: list[Moment] = []
        self.refusals: list[tuple[News, Refused]] = []
        first = begin(opening, self.now)
        self.introduction = first.after
        self._record(deque([first]))

    def hear(self, *said: Said) -> Step | Refused | None:
        """Hear these one second after the other, and the store's replies to each; the verdict on the last."""
        verdict: Step | Refused | None = None
        for each in said:
            self.now += SECOND
            verdict = self._hear(each(self.introduction) if callable(each) else each)
        return verdict

    def time_passes(self, until: datetime | timedelta | None = None) -> None:
        """Let everything happen that is due until then; without an instant, the next thing that is due."""
        end = self.now + until if isinstance(until, timedelta) else until
        wake = next_wake(self.introduction)
        while wake and (end is None or wake.at <= end):
            self.now = max(self.now, wake.at)
            self._hear(TimeIsUp())
            wake = next_wake(self.introduction)
            if end is None:
                return
        self.now = max(self.now, end) if end else self.now

    def to_the_end(self) -> Introduction:
        """Nobody says anything any more."""
        while not self.introduction.closed:
            self.time_passes()
        return self.introduction

    def events(self) -> list[tuple[datetime, Began | Moved]]:
        """What the ledger would hold."""
        return [(at, recorded(self.opening, step)) for at, step in self.moments]

    def effects(self) -> list[Effect]:
        return [effect for moment in self.moments for effect in moment.step.effects]

    def _hear(self, news: News) -> Step | Refused:
        assert len(self.moments) + len(self.refusals) < ENDLESS, "it never ends"
        verdict = decide(self.introduction, news, self.now)
        if isinstance(verdict, Refused):
            self.refusals.append((news, verdict))
            return verdict
        self.introduction = verdict.after
        self._record(deque([verdict]))
        return verdict

    def _record(self, steps: deque[Step]) -> None:
        while steps:
            self.moments.append(Moment(self.now, steps[0]))
            for reply in self.store.replies(steps.popleft()):
                verdict = decide(self.introduction, reply, self.now)
                if isinstance(verdict, Step):
                    self.introduction = verdict.after
                    steps.append(verdict)


def recorded(opening: Opening, step: Step) -> Began | Moved:
    """The ledger's event of this step."""
    if step.news is None:
        return Began(
            requester=opening.requester.id,
            target=opening.target.id if opening.target else None,
            made_by=opening.made_by,
            order=opening.policy.order,
            screened=opening.policy.screening is not None,
            promised_at=opening.promised_at,
            policy=f"{opening.policy.name} {opening.policy.version}",
            hear_both=opening.policy.follow_up.hear_both,
            own_left_to_others=opening.own_left_to_others,
            effects=step.effects,
            standing=standing(step.after),
        )
    return Moved(step=step.after.step, news=step.news, effects=step.effects, standing=standing(step.after))
