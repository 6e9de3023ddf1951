"""What may be done now: by a requester, a connector, a target, by staff, or by a key that stands for the requester.

Derived from `decide` itself: each act is tried as the news it would be, and is possible if that news is taken. Every
page, the API and their handlers ask here; none of them holds a rule of its own. To staff nothing is offered that would
be taken and change nothing, such as a second stop.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum

from models.asks import Ask, AskKind, AskState
from models.base import Frozen
from models.ids import AskNumber, ChannelId, PersonId, WordsId
from models.letters import LetterKind, Role
from models.news import (
    HEARD_LATER,
    AddressGiven,
    AnsweredInTwoLines,
    Blocked,
    ConnectorApproved,
    ConnectorForwards,
    Declined,
    Edited,
    Extended,
    HandedOver,
    Held,
    Lending,
    News,
    NotMe,
    OptedIn,
    OptedOut,
    Proposed,
    PutOff,
    Redirected,
    Reported,
    RequestConfirmed,
    Resent,
    Resumed,
    Screened,
    SentBack,
    Somebody,
    Stopped,
    Thanked,
    TookBack,
    Undone,
    Withdrew,
)
from models.outcomes import DidNotMeet, MeetingAhead, Met, NoShow, Outcome, RatherNot, Wrote
from models.process.chapters.undo import held_until, undo_until
from models.process.objections import after_the_end, latest_later
from models.process.state.introduction import Introduction
from models.process.story import heard
from models.process.verdict import Reason, Refused


class Act(StrEnum):
    """Everything that can be done to an introduction by a human being, or by a key."""

    # In answer to a question
    CONFIRM = "confirm"
    INTRODUCE = "introduce"
    VOUCH = "vouch"
    FORWARD = "forward"
    PASS_ON = "pass_on"
    GIVE_ADDRESS = "give_address"
    REDIRECT = "redirect"
    AGREE = "agree"
    TWO_LINES = "two_lines"
    LATER = "later"
    NOT_ME = "not_me"
    DECLINE = "decline"
    WROTE = "wrote"
    NOT_YET = "not_yet"
    MET = "met"
    MET_USEFULLY = "met_usefully"
    AHEAD = "ahead"
    NOT_MET = "not_met"
    NO_SHOW = "no_show"
    RATHER_NOT = "rather_not"
    THANK = "thank"
    THANKED_ALREADY = "thanked_already"
    UNDO = "undo"
    # About the whole
    WITHDRAW = "withdraw"
    TAKE_BACK = "take_back"
    EDIT = "edit"
    OPT_OUT = "opt_out"
    BLOCK = "block"
    # By whoever runs the programme
    SCREEN = "screen"
    LEND = "lend"
    SEND_BACK = "send_back"
    PROPOSE = "propose"
    STOP = "stop"
    HAND_OVER = "hand_over"
    HOLD = "hold"
    RESUME = "resume"
    EXTEND = "extend"
    RESEND = "resend"


class Staff(Frozen):
    """An operator, as the person they are."""

    by: PersonId


class Key(Frozen):
    """A key that made the request or acts on it: it does what its requester may, and knows what they may know."""

    by: PersonId


Actor = Role | Staff | Key


class Possible(Frozen):
    """What this reader may do now. `asks`: by question, where it is about one; `later` and `undo`: until when (UTC).

    `held`: until when a no or a report to a question, said now, could be taken back, and nobody would hear it.
    """

    acts: frozenset[Act] = frozenset()
    asks: Mapping[AskNumber, frozenset[Act]] = {}
    letters: frozenset[LetterKind] = frozenset()  # those of the introduction itself that may go out again
    later: Mapping[AskNumber, datetime] = {}
    undo: Mapping[AskNumber, datetime] = {}
    held: Mapping[AskNumber, datetime] = {}

    def about(self, ask: AskNumber) -> frozenset[Act]:
        return self.asks.get(ask, frozenset())

    def with_held(self, ask: AskNumber, until: datetime) -> "Possible":
        """An answer of theirs to this question is held, and they may take it back until then."""
        asks = {**self.asks, ask: self.about(ask) | {Act.UNDO}}
        return self.model_copy(update={"asks": asks, "undo": {**self.undo, ask: until}})


def possible(introduction: Introduction, reader: Actor, now: datetime) -> Possible:
    """Each act is tried on the introduction as it stands; none is done."""
    if isinstance(reader, Role):
        return _of_role(introduction, reader, now)
    if isinstance(reader, Staff):
        return _of_staff(introduction, reader, now)
    # Taken is enough here: that a stop would change nothing could tell of one that the key has not sent.
    acts = frozenset(act for act, news in tried(introduction, reader) if not refusal(introduction, reader, news, now))
    return Possible(acts=acts)


def refusal(introduction: Introduction, reader: Actor, news: News, now: datetime) -> Reason | None:
    """Why this reader's news would not be taken now, or None."""
    if isinstance(reader, Key) and (why := _against_a_key(introduction)):
        return why
    verdict = heard(introduction, news, now)
    return verdict.reason if isinstance(verdict, Refused) else None


def objection_to_keeping(introduction: Introduction, reader: Actor, news: News, now: datetime) -> Reason | None:
    """Why this reader's news is not even kept: it would be refused, and not for a second only."""
    why = refusal(introduction, reader, news, now)
    return why if why and Refused(reason=why).stands else None


def tried(introduction: Introduction, reader: Actor) -> Iterator[tuple[Act, News]]:
    """What this reader could do about the whole of it, each as the news it would be."""
    match reader:
        case Staff(by=by):
            yield from _as_staff(by)
        case Key(by=by):
            yield Act.WITHDRAW, Withdrew(by=introduction.requester.id)
            yield Act.EDIT, Edited(by=by, made_by="key")
            yield from ((Act.STOP, Stopped(by=by)), (Act.HOLD, Held(by=by)), (Act.RESUME, Resumed(by=by)))
        case _:
            person = _person(introduction, reader)
            yield from _as_person(reader, person.id) if person else ()


def answers(ask: Ask, latest: datetime) -> Iterator[tuple[Act, News]]:
    """Every answer that there is, as this person would give it to this question."""
    number, by = ask.number, ask.person
    yield Act.CONFIRM, RequestConfirmed(ask=number, by=by, channels=(_CHANNEL,))
    yield Act.INTRODUCE, ConnectorApproved(ask=number, by=by, vouch="introduce", sentence=_WORDS)
    yield Act.VOUCH, ConnectorApproved(ask=number, by=by, vouch="vouch", sentence=_WORDS)
    yield Act.FORWARD, ConnectorForwards(ask=number, by=by, sentence=_WORDS)
    yield Act.GIVE_ADDRESS, AddressGiven(ask=number, by=by, address=_CHANNEL)
    yield Act.REDIRECT, Redirected(ask=number, by=by, to=_ANYBODY.id)
    yield Act.AGREE, OptedIn(ask=number, by=by, channels=(_CHANNEL,))
    yield Act.TWO_LINES, AnsweredInTwoLines(ask=number, by=by, words=_WORDS)
    yield Act.LATER, PutOff(ask=number, by=by, until=latest)
    yield Act.NOT_ME, NotMe(ask=number, by=by)
    yield Act.DECLINE, Declined(ask=number, by=by)
    yield from ((act, Reported(ask=number, by=by, outcome=outcome)) for act, outcome in _REPORTS)
    yield Act.THANK, Thanked(ask=number, by=by, words=_WORDS)
    yield Act.THANKED_ALREADY, Thanked(ask=number, by=by)
    yield Act.UNDO, Undone(ask=number, by=by)


_CHANNEL, _WORDS, _ANYBODY = ChannelId("cha_any"), WordsId("wrd_any"), Somebody(id=PersonId("per_anybody"))
_REPORTS: tuple[tuple[Act, Outcome], ...] = (
    (Act.WROTE, Wrote(yet=True)),
    (Act.NOT_YET, Wrote(yet=False)),
    (Act.MET, Met()),
    (Act.MET_USEFULLY, Met(useful=True)),
    (Act.AHEAD, MeetingAhead()),
    (Act.NOT_MET, DidNotMeet()),
    (Act.NO_SHOW, NoShow()),
    (Act.RATHER_NOT, RatherNot()),
)


def _of_role(introduction: Introduction, role: Role, now: datetime) -> Possible:
    asks: dict[AskNumber, frozenset[Act]] = {}
    later: dict[AskNumber, datetime] = {}
    undo: dict[AskNumber, datetime] = {}
    held: dict[AskNumber, datetime] = {}
    for ask in (each for each in introduction.asks if each.role == role):
        latest = latest_later(introduction, ask, now)
        said = {act: news for act, news in answers(ask, latest) if not refusal(introduction, role, news, now)}
        taken = frozenset(said)
        if _passes_on(introduction, ask):
            taken |= {Act.PASS_ON}
        if taken:
            asks[ask.number] = taken
        if Act.LATER in taken:
            later[ask.number] = latest
        if Act.UNDO in taken and (until := undo_until(introduction, ask)):
            undo[ask.number] = until
        if _is_heard_later(ask, said.values()) and (until := held_until(introduction, ask, now)):
            held[ask.number] = until
    acts = frozenset(act for act, news in tried(introduction, role) if not refusal(introduction, role, news, now))
    return Possible(acts=acts, asks=asks, later=later, undo=undo, held=held)


def _is_heard_later(ask: Ask, taken: Iterable[News]) -> bool:
    """A report always; a no to a question that lies before them. A no after their own yes is heard at once."""
    held = (Reported, Thanked) if ask.state not in (AskState.OPEN, AskState.PUT_OFF) else HEARD_LATER
    return any(isinstance(news, held) for news in taken)


def is_carried(introduction: Introduction, version: int) -> bool:
    """Whether what a connector has passed on of this version can be read, and a link of one's own be asked for there.

    As long as they may pass it on. Whether such a link would be given is no act that a page asks for: the connector
    holds the same link, and a button that went would tell them what the target has said.
    """
    return any(_passes_on(introduction, ask) for ask in introduction.asks if ask.version == version)


def _passes_on(introduction: Introduction, ask: Ask) -> bool:
    """Whoever lends their name may hand the request on until they hear how it went: no news, so `decide` is not asked.

    What became of the target's question is not for them to know before. Whether their yes was to forward it, it says.
    """
    is_theirs = ask.kind == AskKind.APPROVE and ask.agreed and ask.version == introduction.version
    return is_theirs and not introduction.closed


def _of_staff(introduction: Introduction, staff: Staff, now: datetime) -> Possible:
    """Beside what is done to the whole: more time, a letter once more, and the undo of an approval of their own."""
    by = staff.by
    acts = frozenset(act for act, news in tried(introduction, staff) if _changes(introduction, news, now))
    asks: dict[AskNumber, frozenset[Act]] = {}
    undo: dict[AskNumber, datetime] = {}
    for ask in introduction.asks:
        about = (
            (Act.EXTEND, Extended(ask=ask.number, by=by, until=introduction.promised_at)),
            (Act.RESEND, Resent(by=by, ask=ask.number)),
            *(((Act.UNDO, Undone(ask=ask.number, by=by)),) if ask.role == Role.CONNECTOR else ()),
        )
        taken = frozenset(act for act, news in about if _changes(introduction, news, now))
        if taken:
            asks[ask.number] = taken
        if Act.UNDO in taken and (until := undo_until(introduction, ask)):
            undo[ask.number] = until
    again = (kind for kind in LetterKind if _changes(introduction, Resent(by=by, letter=kind), now))
    return Possible(acts=acts, asks=asks, letters=frozenset(again), undo=undo)


def _changes(introduction: Introduction, news: News, now: datetime) -> bool:
    """Whether it is taken and anything follows; once more what has been done already, it may be taken for nothing."""
    verdict = heard(introduction, news, now)
    if isinstance(verdict, Refused):
        return False
    as_before = introduction.model_copy(update={"step": verdict.after.step})
    return bool(verdict.effects) or verdict.after != as_before


def _as_person(role: Role, by: PersonId) -> Iterator[tuple[Act, News]]:
    if role == Role.REQUESTER:
        yield from ((Act.WITHDRAW, Withdrew(by=by)), (Act.EDIT, Edited(by=by)))
    if role == Role.TARGET:
        yield Act.TAKE_BACK, TookBack(by=by)
    yield from ((Act.OPT_OUT, OptedOut(by=by)), (Act.BLOCK, Blocked(by=by)))


def _as_staff(by: PersonId) -> Iterator[tuple[Act, News]]:
    yield Act.SCREEN, Screened(by=by, approved=True)
    yield Act.LEND, Screened(by=by, approved=True, lends=Lending(by=by, vouch="introduce", sentence=_WORDS))
    yield Act.SEND_BACK, SentBack(by=by, words=_WORDS)
    yield Act.PROPOSE, Proposed(by=by, target=_ANYBODY)
    yield from ((Act.STOP, Stopped(by=by)), (Act.HAND_OVER, HandedOver(by=by, to=_ANYBODY.id)))
    yield from ((Act.HOLD, Held(by=by)), (Act.RESUME, Resumed(by=by)))


def _person(introduction: Introduction, role: Role) -> Somebody | None:
    named = {Role.REQUESTER: introduction.requester, Role.TARGET: introduction.target}
    return named.get(role, introduction.connector)


def _against_a_key(introduction: Introduction) -> Reason | None:
    """A key is told nothing that its requester was not: after the end, the core's reasons could tell of a late yes."""
    over = introduction.closed or introduction.is_over_for_the_requester
    return after_the_end(introduced=introduction.was_introduced, over=over)
