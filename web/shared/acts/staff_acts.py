"""What an operator may do now, asked of the core itself, so that no button is drawn for nothing.

Of the introduction as staff may know it, once all is heard that staff and programs have sent: what a party has said no
to meanwhile takes no button away before its time, and what has been pressed already is offered to nobody again.
"""

from datetime import datetime

from sqlalchemy import Connection

from models.base import Frozen
from models.ids import AskNumber, LetterId, PersonId, WordsId
from models.letters import LetterKind
from models.news import Resent
from models.process.possible import Act, Possible, Staff, possible
from models.process.story import begin
from store.journal.state import as_staff_said
from store.views.letters.letter_lines import LetterLine
from store.views.staff_story import Story


class Acts(Frozen):
    """The names of what may be done, and whose deadline may be moved."""

    names: frozenset[str] = frozenset()
    extendable: tuple[AskNumber, ...] = ()
    resendable: frozenset[LetterId] = frozenset()
    undo: tuple[AskNumber, datetime] | None = None  # their own approval, and until when it can be taken back

    def __contains__(self, name: str) -> bool:
        return name in self.names


def acts_at(connection: Connection, story: Story, by: PersonId, now: datetime) -> Acts:
    """Asked of what the press will be held against, in the same words."""
    begun = bool(story.events)  # else kept at the door: what can be said of it already is heard as it begins
    known = as_staff_said(connection, story.state if begun else begin(story.opening, now).after)
    if known is None:
        return Acts()
    may = possible(known, Staff(by=by), now)
    if not begun:
        return Acts(names=frozenset(may.acts & {Act.STOP}))
    return Acts(
        names=frozenset(may.acts),
        extendable=tuple(number for number, acts in may.asks.items() if Act.EXTEND in acts),
        resendable=_resendable(story, may),
        undo=next(iter(may.undo.items()), None),
    )


def resent(letter: LetterLine, by: PersonId, words: WordsId | None = None) -> Resent:
    """This letter once more: with its question, or by its kind."""
    return Resent(by=by, ask=letter.ask, letter=None if letter.ask else LetterKind(letter.kind), words=words)


def _resendable(story: Story, may: Possible) -> frozenset[LetterId]:
    """Of each question, and of each letter without one, the newest that has left or failed."""
    newest = {(letter.ask or letter.kind): letter for letter in story.letters if letter.is_past}
    return frozenset(each.id for each in newest.values() if _may_go_again(each, may))


def _may_go_again(letter: LetterLine, may: Possible) -> bool:
    return Act.RESEND in may.about(letter.ask) if letter.ask else letter.kind in may.letters
