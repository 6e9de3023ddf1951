"""What would the core take from this operator now? Asked of the core itself, so that no button is drawn for nothing.

Of the introduction as staff may know it: what a party has said no to meanwhile takes no button away before its time.
"""

from datetime import datetime

from models.asks import AskKind
from models.base import Frozen
from models.ids import AskNumber, LetterId, PersonId, WordsId
from models.introduction import Introduction
from models.letters import LetterKind
from models.news import (
    Extended,
    HandedOver,
    Held,
    Lending,
    News,
    Proposed,
    Resent,
    Resumed,
    Screened,
    SentBack,
    Somebody,
    Stopped,
    Undone,
)
from models.process import decide
from models.verdict import Step
from store.introductions import LetterLine, Story

SETTLED = ("accepted", "unknown", "failed")
_ANYBODY = Somebody(id=PersonId("per_anybody"))


class Acts(Frozen):
    """The names of what may be done, and whose deadline may be moved."""

    names: frozenset[str] = frozenset()
    extendable: tuple[AskNumber, ...] = ()
    resendable: frozenset[LetterId] = frozenset()
    undo: tuple[AskNumber, datetime] | None = None  # their own approval, and until when it can be taken back

    def __contains__(self, name: str) -> bool:
        return name in self.names


def acts_at(story: Story, by: PersonId, now: datetime) -> Acts:
    """One act is tried after the other on the introduction as its ledger tells it to staff."""
    if not story.entries:
        return Acts(names=frozenset({"stop"}))  # kept at the door, and not begun
    introduction = story.state
    if introduction is None:
        return Acts()
    names = {name for name, news in _tried(by).items() if _is_taken(introduction, news, now)}
    if story.listed.stage == "resting":
        names -= {"hold", "stop"}  # nothing is left of it but the requester's own questions
    return Acts(
        names=frozenset(names),
        extendable=_extendable(introduction, by, now),
        resendable=_resendable(story, introduction, by, now),
        undo=_undo(introduction, by, now),
    )


def resent(letter: LetterLine, by: PersonId, words: WordsId | None = None) -> Resent:
    """This letter once more: with its question, or by its kind."""
    return Resent(by=by, ask=letter.ask, letter=None if letter.ask else LetterKind(letter.kind), words=words)


def _tried(by: PersonId) -> dict[str, News]:
    return {
        "screen": Screened(by=by, approved=True),
        "lend": Screened(by=by, approved=True, lends=Lending(by=by, vouch="introduce", sentence=WordsId("wrd_any"))),
        "send_back": SentBack(by=by, words=WordsId("wrd_any")),
        "propose": Proposed(by=by, target=_ANYBODY),
        "stop": Stopped(by=by),
        "hand_over": HandedOver(by=by, to=_ANYBODY.id),
        "hold": Held(by=by),
        "resume": Resumed(by=by),
    }


def _extendable(introduction: Introduction, by: PersonId, now: datetime) -> tuple[AskNumber, ...]:
    longest = introduction.promised_at
    return tuple(
        ask.number
        for ask in introduction.open_asks()
        if _is_taken(introduction, Extended(ask=ask.number, by=by, until=longest), now)
    )


def _resendable(story: Story, introduction: Introduction, by: PersonId, now: datetime) -> frozenset[LetterId]:
    """Of each question, and of each letter without one, the newest that has left or failed."""
    newest = {(letter.ask or letter.kind): letter for letter in story.letters if letter.state in SETTLED}
    return frozenset(each.id for each in newest.values() if _is_taken(introduction, resent(each, by), now))


def _undo(introduction: Introduction, by: PersonId, now: datetime) -> tuple[AskNumber, datetime] | None:
    undone_for = introduction.policy.undo_for.nominal
    own = [ask for ask in introduction.asks if ask.person == by and ask.kind == AskKind.APPROVE and ask.answered_at]
    found = ((ask.number, ask.answered_at + undone_for) for ask in own if ask.answered_at)
    return next((each for each in found if _is_taken(introduction, Undone(ask=each[0], by=by), now)), None)


def _is_taken(introduction: Introduction, news: News, now: datetime) -> bool:
    return isinstance(decide(introduction, news, now), Step)
