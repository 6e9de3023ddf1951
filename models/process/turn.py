"""A turn: what one piece of news changes and causes, collected until it becomes a Step."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from models.asks import LETTER_OF, Ask, AskKind, AskState
from models.effects import Effect, OpenAsk, ReopenAsk, SettleAsk, WriteAgain, WriteLetter
from models.ids import AskNumber, PersonId, WordsId
from models.letters import LetterKind, Role
from models.news import YES, News, Somebody
from models.policy.policy import AnswerRules
from models.process.state.introduction import Introduction
from models.process.state.stages import Stage
from models.process.verdict import Step
from models.time.open_hours import Calendar, open_at
from models.time.patience import due


class Turn:
    """One introduction being taken one step further at the instant `now` (UTC)."""

    def __init__(self, introduction: Introduction, news: News | None, now: datetime) -> None:
        self.introduction, self.news, self.now = introduction, news, now
        self.effects: list[Effect] = []

    def step(self) -> Step:
        numbered = self.introduction.model_copy(update={"step": self.introduction.step + 1})
        return Step(after=numbered, news=self.news, effects=tuple(self.effects))

    def change(self, **fields: Any) -> Self:
        self.introduction = self.introduction.model_copy(update=fields)
        return self

    def stand(self, stage: Stage) -> Self:
        return self.change(stage=stage)

    def cause(self, *effects: Effect) -> Self:
        self.effects.extend(effects)
        return self

    # Asks

    def open(
        self,
        kind: AskKind,
        role: Role,
        somebody: Somebody,
        rules: AnswerRules,
        *,
        not_before: datetime | None = None,
        by_hand: bool = False,
        again: bool = False,
        renews: bool = False,
        with_letter: bool = True,
    ) -> Self:
        """Ask somebody; their time runs from when the letter may leave. `again`: they asked to be asked later."""
        calendar = self.introduction.calendar_of(somebody)
        start = open_at(max(self.now, not_before or self.now), calendar)
        due_at = due(start, rules.answer_within, calendar)
        reminders = () if by_hand else _reminders(start, rules, calendar, due_at)
        return self.open_until(
            kind,
            role,
            somebody,
            due_at,
            start=start,
            reminders=reminders,
            by_hand=by_hand,
            again=again,
            renews=renews,
            with_letter=with_letter,
        )

    def open_until(
        self,
        kind: AskKind,
        role: Role,
        somebody: Somebody,
        due_at: datetime,
        *,
        start: datetime | None = None,
        reminders: tuple[datetime, ...] = (),
        by_hand: bool = False,
        again: bool = False,
        renews: bool = False,
        with_letter: bool = True,
    ) -> Self:
        with_letter = with_letter and somebody.id not in self.introduction.left
        first, second = (*reminders, None, None)[:2] if with_letter else (None, None)
        ask = Ask(
            number=AskNumber(len(self.introduction.asks) + 1),
            kind=kind,
            role=role,
            person=somebody.id,
            zone=somebody.zone,
            version=self.introduction.version,
            opened_at=self.now,
            due_at=due_at,
            remind_at=first,
            remind_again_at=second,
            by_hand=by_hand,
            renews=renews,
            on_page=not with_letter,
        )
        letter = LETTER_OF[kind, role] if with_letter and not by_hand else None
        if letter and not again:
            self.count(role)
        self.change(asks=(*self.introduction.asks, ask))
        not_before = start or self.open_to(somebody.id)
        return self.cause(OpenAsk(ask=ask, letter=letter, not_before=not_before))

    def answer(self, ask: Ask, state: AskState = AskState.ANSWERED, until: datetime | None = None) -> Self:
        agreed = state == AskState.ANSWERED and isinstance(self.news, YES)
        self.update(ask, state=state, answered_at=self.now, until=until, checking=False, agreed=agreed)
        return self.cause(SettleAsk(ask=ask.number, state=state))

    def take_back_yeses(self, person: PersonId) -> Self:
        """Nothing this person agreed to stands any more: there is no yes left to undo."""
        for ask in (each for each in self.introduction.asks if each.person == person and each.agreed):
            self.update(ask, agreed=False)
        return self

    def settle(self, asks: Iterable[Ask], state: AskState = AskState.SETTLED) -> Self:
        for ask in asks:
            self.update(ask, state=state, checking=False)
            self.cause(SettleAsk(ask=ask.number, state=state))
        return self

    def drop(self, asks: Iterable[Ask]) -> Self:
        """Settle asks whose letters never left the house: they do not count against anybody's budget."""
        for ask in asks:
            self.settle([ask]).count(ask.role, 0 if ask.by_hand or ask.on_page else -1)
        return self

    def reopen(self, ask: Ask, rules: AnswerRules) -> Self:
        due_at = due(self.now, rules.answer_within, self.introduction.calendar(ask.person))
        quiet: dict[str, Any] = {
            "answered_at": None,
            "remind_at": None,
            "remind_again_at": None,
            "agreed": False,
            "looks": 0,
        }
        self.update(ask, state=AskState.OPEN, due_at=due_at, **quiet)
        return self.cause(ReopenAsk(ask=ask.number, due_at=due_at))

    def remind(self, ask: Ask, words: WordsId | None = None) -> Self:
        self.update(ask, remind_at=ask.remind_again_at, remind_again_at=None)
        letter, not_before = LETTER_OF[ask.kind, ask.role], self.open_to(ask.person)
        return self.cause(WriteAgain(ask=ask.number, letter=letter, not_before=not_before, words=words))

    def update(self, ask: Ask, **fields: Any) -> Self:
        changed = self.introduction.asks[ask.number - 1].model_copy(update=fields)
        asks = tuple(changed if each.number == ask.number else each for each in self.introduction.asks)
        return self.change(asks=asks)

    # Letters

    def write(self, letter: LetterKind, role: Role, to: Somebody, words: WordsId | None = None) -> Self:
        if to.id in self.introduction.left:
            return self
        self.count(role)
        return self.cause(WriteLetter(letter=letter, to=to.id, not_before=self.open_to(to.id), words=words))

    def open_to(self, person: PersonId) -> datetime:
        """From when they may be written to: now, or once their day begins."""
        return open_at(self.now, self.introduction.calendar(person))

    def has_budget(self, role: Role, letters: int = 1) -> bool:
        """Whether this many more letters stay within what the policy allows one person about one introduction."""
        allowed: int = getattr(self.introduction.policy.letters, role.value)
        return self.introduction.letters_to(role) + letters <= allowed

    def count(self, role: Role, letters: int = 1) -> Self:
        counts = dict(self.introduction.letters)
        counts[role] = counts.get(role, 0) + letters
        return self.change(letters=tuple((each, counts[each]) for each in Role if each in counts))


def _reminders(start: datetime, rules: AnswerRules, calendar: Calendar, due_at: datetime) -> tuple[datetime, ...]:
    # Weekends and holidays may carry a reminder past its deadline, or the first up to the second.
    patiences = (rules.remind_after, rules.remind_again_after)
    instants = {due(start, patience, calendar) for patience in patiences if patience}
    return tuple(sorted(at for at in instants if at < due_at))
