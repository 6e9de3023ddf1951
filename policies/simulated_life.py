"""One introduction's life under a policy. The real core is asked; only people and the store are made up."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from calendars.clocks import clock_of, clocks_of
from models.asks import Ask, AskKind
from models.effects import CheckSilence, Effect, FindConnector, Introduce
from models.ids import AskNumber, IntroductionId, PersonId, ProgrammeId, WordsId
from models.letters import Role
from models.news import (
    ConnectorApproved,
    ConnectorFound,
    Introduced,
    News,
    NoConnector,
    OptedIn,
    Reported,
    Screened,
    Silent,
    Somebody,
    Thanked,
)
from models.outcomes import Met, Wrote
from models.policy.lifetime import lifetime
from models.policy.policy import Policy
from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from models.process.state.stages import Screening
from models.process.verdict import Step
from models.record.play import MemoryLedger, Moment, Play
from models.time.open_hours import Calendar, Days, open_at
from models.time.patience import due

Pace = Literal["happy", "slowest"]

SOON, LAST_MINUTE = timedelta(hours=2), timedelta(minutes=1)
OPERATOR = PersonId("per_operator")
SOME_WORDS = WordsId("wrd_some")


class Life:
    """Asked at one instant, by people whose days pass in one calendar. `happy`: each answers within two hours.
    `slowest`: each answers in the last minute, all connectors but the last not at all, and nobody tells how it went."""

    def __init__(self, policy: Policy, asked_at: datetime, zone: str, days: Days, way: Pace) -> None:
        self.policy, self.way, self.calendar = policy, way, policy.calendar(clock_of(zone, asked_at), days)
        self.opening, ledger = _opening(policy, asked_at, zone, self.calendar), MemoryLedger(_replies)
        self.play = Play(asked_at, ledger)
        self.play.begin(self.opening)
        while not self.introduction.closed:
            self._live_on()
        self.moments: list[Moment] = ledger.moments

    @property
    def introduction(self) -> Introduction:
        return self.play.courses[self.opening.id].introduction

    def _live_on(self) -> None:
        due, spoken = self.play.next_due(), self._next_answer()
        if spoken and (due is None or spoken[0] < due.at):
            self.play.now = max(self.play.now, spoken[0])
            verdict = self.play.hear(self.opening.id, spoken[1])
            assert isinstance(verdict, Step), (spoken, verdict)
        else:
            assert due, "an open introduction always waits for something"
            self.play.wake()

    # People

    def _next_answer(self) -> tuple[datetime, News] | None:
        stage = self.introduction.stage
        if isinstance(stage, Screening):
            return self._screened(stage)
        answers = [(self._at(ask), news) for ask in self.introduction.open_asks() if (news := self._said_to(ask))]
        return min(answers, key=lambda answer: answer[0], default=None)

    def _screened(self, stage: Screening) -> tuple[datetime, News] | None:
        if self.way == "slowest" and not stage.backup:
            return None
        last = stage.due_at - LAST_MINUTE
        at = last if self.way == "slowest" else min(self.play.now + SOON, last)
        return at, Screened(by=OPERATOR, approved=True)

    def _at(self, ask: Ask) -> datetime:
        written_at = open_at(max(ask.opened_at, self.introduction.quiet_until or ask.opened_at), self.calendar)
        quick = open_at(written_at + SOON, self.calendar)
        last = ask.due_at - LAST_MINUTE
        return last if self.way == "slowest" else min(quick, last)

    def _said_to(self, ask: Ask) -> News | None:
        """What whoever was asked says, in time; None: they say nothing."""
        number, by = ask.number, ask.person
        match ask.kind:
            case AskKind.APPROVE:
                return None if self._waits_for_another(ask) else _approval(number, by)
            case AskKind.OPT_IN:
                return OptedIn(ask=number, by=by, channels=())
            case AskKind.WRITTEN if self.way == "happy":
                return Reported(ask=number, by=by, outcome=Wrote(yet=True))
            case AskKind.MEET | AskKind.CLOSING if self.way == "happy":
                return Reported(ask=number, by=by, outcome=Met(useful=True))
            case AskKind.THANKS if self.way == "happy":
                return Thanked(ask=number, by=by, words=SOME_WORDS, share_with_connector=True)
            case _:
                return None

    def _waits_for_another(self, ask: Ask) -> bool:
        return self.way == "slowest" and self.introduction.connectors_asked() < self.policy.connector.most_asked


def _approval(number: AskNumber, by: PersonId) -> News:
    return ConnectorApproved(ask=number, by=by, vouch="vouch", sentence=SOME_WORDS)


def _replies(step: Step) -> Iterator[News]:
    for effect in step.effects:
        yield from _reply(effect, step.after)


def _reply(effect: Effect, introduction: Introduction) -> Iterator[News]:
    """There is always one more who knows them, nothing stands in the way, and every letter arrives."""
    match effect:
        case FindConnector():
            number = introduction.connectors_asked() + 1
            left = number <= introduction.policy.connector.most_asked
            somebody = introduction.requester.model_copy(update={"id": PersonId(f"per_connector_{number}")})
            yield ConnectorFound(connector=somebody) if left else NoConnector()
        case CheckSilence(ask=ask):
            yield Silent(ask=ask)
        case Introduce():
            yield Introduced()


def _opening(policy: Policy, asked_at: datetime, zone: str, calendar: Calendar) -> Opening:
    def somebody(role: Role) -> Somebody:
        return Somebody(id=PersonId(f"per_{role}"), zone=zone, days=calendar.days)

    return Opening(
        id=IntroductionId("int_checked"),
        programme=ProgrammeId("prg_checked"),
        policy=policy,
        requester=somebody(Role.REQUESTER),
        target=somebody(Role.TARGET),
        asked_at=asked_at,
        promised_at=due(asked_at, policy.requester.promised_answer, calendar),
        zone=zone,
        days=calendar.days,
        clocks=clocks_of([zone], asked_at, asked_at + lifetime(policy)),
    )
