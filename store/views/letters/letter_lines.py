"""Letters of one introduction as staff may read them, beside the questions they carry (S41)."""

from datetime import datetime

from sqlalchemy import Connection, select

from models.asks import AskKind, AskState
from models.base import Frozen
from models.ids import AskNumber, IntroductionId, LetterId, PersonId
from models.letters import Role
from models.news import AnsweredInTwoLines, OptedIn, PutOff, RequestConfirmed
from models.record.ledger import Entry
from models.record.staff_knowledge import AsStaffKnow
from models.record.staff_reading import CameOf, is_quietly_asked, never_asked
from store.letters import returned_mail
from store.letters.outbox import SETTLED
from store.letters.returned_mail import CameBack
from store.tables import letter, person

_ANSWERED = (OptedIn, RequestConfirmed, AnsweredInTwoLines, PutOff)  # what staff read of it: their letter had left
_TELLING = ("planned", "started", "accepted", "dropped")  # which of them, tells whether it was still needed


class AskLine(Frozen):
    """One question to one person, and what came of it."""

    number: AskNumber
    kind: AskKind
    role: Role
    person: PersonId
    name: str
    version: int
    opened_at: datetime
    due_at: datetime
    state: AskState
    came_of: CameOf
    by_hand: bool


class LetterLine(Frozen):
    """One letter on its way, or what became of it."""

    id: LetterId
    kind: str
    to: PersonId
    name: str
    ask: AskNumber | None
    reminder: bool
    state: str
    not_before: datetime
    settled_at: datetime | None
    said: str | None
    came_back: tuple[CameBack, ...] = ()
    step: int = 0  # that planned it

    @property
    def is_past(self) -> bool:
        """Its time has come: it has left or failed, or leaves now."""
        return self.state in (*SETTLED, "due")

    @property
    def needs_a_look(self) -> bool:
        return self.state in ("failed", "unknown") or bool(self.came_back)


def letters_as_known(
    connection: Connection, introduction: IntroductionId, asks: tuple[AskLine, ...], known: AsStaffKnow, now: datetime
) -> tuple[LetterLine, ...]:
    """Without what a no would have stopped (`is_quietly_asked`), and what nobody was asked (`never_asked`)."""
    gone = never_asked(known.entries)
    of_parties = {each.number for each in asks if is_quietly_asked(each.role, each.kind)}
    sent_again = {getattr(each.event, "step", 0) for each in known.entries if _news_kind(each) == "resent"}

    def is_shown(each: LetterLine) -> bool:
        if each.ask in gone and not each.needs_a_look:
            return False
        is_again = each.reminder or each.step in sent_again
        if known.kept_from is not None and each.step >= known.kept_from and each.step not in sent_again:
            return False
        return each.needs_a_look or not (is_again and each.ask in of_parties)

    open_still = of_parties - {ask for each in known.entries if (ask := _answered(each)) is not None}
    found = (each for each in _letters(connection, introduction) if is_shown(each))
    return tuple(_as_due(each, now) if each.ask in open_still else each for each in found)


def _as_due(line: LetterLine, now: datetime) -> LetterLine:
    """A letter that asks a party leaves in its time if it is still needed, and that it was not would tell of a no, even
    once it has ended: then silence and a no read alike."""
    if line.needs_a_look or line.state not in _TELLING:
        return line
    state = "planned" if line.not_before > now else "due"
    return line.model_copy(update={"state": state, "settled_at": None, "said": None})


def _answered(entry: Entry) -> AskNumber | None:
    """The question that a party is known to have answered, and not by a no."""
    news = getattr(entry.event, "news", None)
    return news.ask if isinstance(news, _ANSWERED) else None


def _news_kind(entry: Entry) -> str:
    return getattr(getattr(entry.event, "news", None), "kind", "")


def _letters(connection: Connection, introduction: IntroductionId) -> tuple[LetterLine, ...]:
    rows = connection.execute(
        select(letter, person.c.name)
        .join(person, person.c.id == letter.c.person)
        .where(letter.c.introduction == introduction)
        .order_by(letter.c.not_before, letter.c.step, letter.c.number)
    ).all()
    returned = returned_mail.of_letters(connection, [row.id for row in rows])
    return tuple(
        LetterLine(
            id=row.id,
            kind=row.kind,
            to=row.person,
            name=row.name,
            ask=row.ask,
            reminder=row.reminder,
            state=row.state,
            not_before=row.not_before,
            settled_at=row.settled_at,
            said=row.relay_said,
            came_back=returned.get(row.id, ()),
            step=row.step,
        )
        for row in rows
    )
