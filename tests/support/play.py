"""An introduction played without a database.

The store's replies are made up, and heard as the shell hears them: a step is recorded, then its replies are decided,
in order.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.asks import AskKind
from models.effects import CheckSilence, Effect, FindConnector, HearApproval, Introduce, TakeUp
from models.ids import PersonId
from models.news import Barred, ConnectorFound, HeldBack, Introduced, News, NoConnector, Silent, Somebody
from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from models.process.verdict import Refused, Step
from models.record.ledger import Began, Moved
from models.record.play import MemoryLedger, Moment, event
from models.record.play import Play as Clockwork

Said = News | Callable[[Introduction], News]  # a piece of news, or how to make one of where the introduction stands

SECOND = timedelta(seconds=1)
ENDLESS = 200  # steps: no story comes anywhere near


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
            case FindConnector(only=True, prefer=prefer):
                known = [each for each in self.connectors if each.id == prefer and not self.barred]
                yield ConnectorFound(connector=known[0]) if known else NoConnector()
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


class Play:
    """One introduction under way: say something, or let time pass, and look where it stands."""

    def __init__(self, opening: Opening, store: Store) -> None:
        self.opening, self.store, self.ledger = opening, store, MemoryLedger(store.replies)
        self.refusals: list[tuple[News, Refused]] = []
        self._clockwork = Clockwork(opening.asked_at, self.ledger)
        self._clockwork.begin(opening)

    @property
    def introduction(self) -> Introduction:
        return self._clockwork.courses[self.opening.id].introduction

    @property
    def now(self) -> datetime:
        return self._clockwork.now

    @now.setter
    def now(self, now: datetime) -> None:
        self._clockwork.now = now

    @property
    def moments(self) -> list[Moment]:
        return self.ledger.moments

    def hear(self, *said: Said) -> Step | Refused | None:
        """Hear these one second after the other, and the store's replies to each; the verdict on the last."""
        verdict: Step | Refused | None = None
        for each in said:
            self._clockwork.now += SECOND
            verdict = self._hear(each(self.introduction) if callable(each) else each)
        return verdict

    def time_passes(self, until: datetime | timedelta | None = None) -> None:
        """Let everything happen that is due until then; without an instant, the next thing that is due."""
        if until is None:
            self._clockwork.wake()
        else:
            self._clockwork.time_passes(self.now + until if isinstance(until, timedelta) else until)

    def to_the_end(self) -> Introduction:
        """Nobody says anything any more."""
        while not self.introduction.closed:
            assert len(self.moments) < ENDLESS, "it never ends"
            self.time_passes()
        return self.introduction

    def events(self) -> list[tuple[datetime, Began | Moved]]:
        """What the ledger would hold."""
        return [(at, event(self.opening, step)) for at, step in self.moments]

    def effects(self) -> list[Effect]:
        return [effect for moment in self.moments for effect in moment.step.effects]

    def _hear(self, news: News) -> Step | Refused:
        verdict = self._clockwork.hear(self.opening.id, news)
        if isinstance(verdict, Refused):
            self.refusals.append((news, verdict))
        return verdict
