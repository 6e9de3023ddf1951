"""Messages between the workflow and the store: a step to record, and what the store has to say to it."""

from typing import Self

from pydantic import AwareDatetime

from models.base import Frozen
from models.effects import Effect
from models.ids import IntroductionId
from models.news import News
from models.process.verdict import Step
from models.record.ledger import Standing, standing
from models.record.staff_knowledge import due_of


class Recording(Frozen):
    """One step on its way into the store. `key` is the inbox row the news came from, if it came from one."""

    introduction: IntroductionId
    step: int
    at: AwareDatetime
    news: News | None
    effects: tuple[Effect, ...]
    standing: Standing
    key: str | None = None
    shown_due_at: AwareDatetime | None = None  # what staff read as due

    @classmethod
    def of(cls, step: Step, key: str | None, at: AwareDatetime) -> Self:
        after = step.after
        return cls(
            introduction=after.id,
            step=after.step,
            at=at,
            news=step.news,
            effects=step.effects,
            standing=standing(after),
            key=key,
            shown_due_at=due_of(after),
        )


class Heard(Frozen):
    """What the ledger heard, and when. Without news: that it began."""

    news: News | None = None
    at: AwareDatetime


class Recorded(Frozen):
    """The store's replies, in the order of the effects that asked for them: news in their own right.

    `instead`: what the ledger holds under this number already, where that is something else, or was at another
    instant. Temporal lost it, and the workflow must hear it first. `then`: where the ledger held this very step
    already, what it heard after it.
    """

    replies: tuple[News, ...] = ()
    instead: Heard | None = None
    then: Heard | None = None
