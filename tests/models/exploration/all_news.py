"""News of every kind, by whom it concerns and by whom it does not, fitting or not."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from models.asks import Ask
from models.effects import Effect
from models.ids import AskNumber, PersonId
from models.letters import DELIVERY, LetterKind, Role
from models.news import (
    AcceptedLate,
    AddressGiven,
    AnsweredInTwoLines,
    AnswerWaiting,
    Barred,
    Blocked,
    CapReached,
    ClocksChanged,
    ConnectorApproved,
    ConnectorForwards,
    ConnectorFound,
    Declined,
    Edited,
    Erased,
    Extended,
    HandedOver,
    Held,
    HeldBack,
    Introduced,
    Lending,
    LinkRequested,
    News,
    NoConnector,
    NotMe,
    NotYetAccepted,
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
    Silent,
    Stopped,
    Thanked,
    TimeIsUp,
    TookBack,
    Undeliverable,
    Undone,
    Withdrew,
)
from models.outcomes import DidNotMeet, MeetingAhead, Met, NoShow, RatherNot, Wrote
from models.process.state.introduction import Introduction
from models.time.clocks import ZoneClock
from tests.cast import CARL, CLEO, MONDAY, OLIVE, ROSA, ROSAS_MAIL, SOME_WORDS, STAN, TOMOKO, TOMOKOS_MAIL

SOON = timedelta(minutes=20)
NO_ASK = AskNumber(99)


def about_asks(introduction: Introduction, now: datetime) -> Iterator[News]:
    """What those who were asked may say at this instant, and what may become of the letters."""
    for ask in telling_asks(introduction):
        yield from answers(ask.number, ask.person) if ask.is_open else late_answers(ask.number, ask.person)
        yield from at_this_instant(ask.number, ask.person, now)
        yield from undelivered(ask.number, ask.role)


def steering(introduction: Introduction) -> Iterator[News]:
    """What operators may do to it, beside ending it, how its words may change, and the law of clocks."""
    yield from (Held(by=OLIVE.id), Resumed(by=OLIVE.id), HandedOver(by=OLIVE.id, to=CLEO.id))
    lends = Lending(by=CARL.id, vouch="vouch")
    yield from (Screened(by=person.id, approved=True, lends=lends) for person in (CARL, OLIVE))
    yield SentBack(by=OLIVE.id, words=SOME_WORDS)
    yield ClocksChanged(law="2027a", clocks=((TOMOKO.zone, ZoneClock(offset=600)), (ROSA.zone, ZoneClock(offset=120))))
    over = introduction.version
    yield Edited(by=ROSA.id, of=over, note=SOME_WORDS, channels=(ROSAS_MAIL,))
    yield Edited(by=OLIVE.id, of=over, made_by="key", note=SOME_WORDS)
    yield from (Resent(by=OLIVE.id, letter=kind, words=SOME_WORDS) for kind in DELIVERY)
    for ask in telling_asks(introduction):
        yield Resent(by=OLIVE.id, ask=ask.number, words=SOME_WORDS)
        yield Extended(ask=ask.number, by=OLIVE.id, until=ask.due_at + SOON)
        yield Extended(ask=ask.number, by=OLIVE.id, until=introduction.promised_at)


def out_of_turn(introduction: Introduction, owed: tuple[Effect, ...]) -> Iterator[News]:
    """What nobody has a right to say, and replies of the store to what it was not asked, or not any more."""
    for ask in telling_asks(introduction):
        yield from crossed_answers(ask.number, ask.person)
        yield from () if ask.is_open else answers(ask.number, ask.person)
        yield Extended(ask=ask.number, by=ask.person, until=introduction.promised_at)
        yield Resent(by=ROSA.id, ask=ask.number)
    yield from OF_STRANGERS
    parties = (introduction.requester, introduction.target)
    yield from (news for each in parties if each for news in of_themselves(each.id))
    yield TimeIsUp()
    questions = {question.kind for question in owed}
    if "find_connector" not in questions:
        yield from (ConnectorFound(connector=CARL.somebody), NoConnector())
    if "introduce" not in questions:
        yield from (Introduced(), HeldBack(), CapReached(role=Role.TARGET))
    if "check_silence" not in questions:
        for number in [ask.number for ask in telling_asks(introduction)]:
            yield from (Silent(ask=number), NotYetAccepted(ask=number), AnswerWaiting(ask=number))


def telling_asks(introduction: Introduction) -> list[Ask]:
    """The latest ask of each kind, role and state: older ones of the same sort would say nothing new."""
    return list({(ask.kind, ask.role, ask.state): ask for ask in introduction.asks}.values())


@cache
def answers(ask: AskNumber, by: PersonId) -> tuple[News, ...]:
    """Every kind of answer, whether or not this ask has such an answer."""
    outcomes = (Met(useful=True), DidNotMeet(), MeetingAhead(), NoShow(), RatherNot(), Wrote(yet=True))
    return (
        RequestConfirmed(ask=ask, by=by, channels=(ROSAS_MAIL,)),
        ConnectorApproved(ask=ask, by=by, vouch="introduce"),
        ConnectorForwards(ask=ask, by=by),
        AddressGiven(ask=ask, by=by, address=TOMOKOS_MAIL),
        Redirected(ask=ask, by=by, to=CLEO.id),
        OptedIn(ask=ask, by=by, channels=(TOMOKOS_MAIL,)),
        AnsweredInTwoLines(ask=ask, by=by, words=SOME_WORDS),
        Declined(ask=ask, by=by),
        NotMe(ask=ask, by=by),
        LinkRequested(ask=ask, by=by),
        Undone(ask=ask, by=by),
        Thanked(ask=ask, by=by, words=SOME_WORDS, share_with_connector=True),
        *(Reported(ask=ask, by=by, outcome=outcome) for outcome in outcomes),
    )


@cache
def late_answers(ask: AskNumber, by: PersonId) -> tuple[News, ...]:
    return (
        OptedIn(ask=ask, by=by, channels=(TOMOKOS_MAIL,)),
        Declined(ask=ask, by=by),
        Undone(ask=ask, by=by),
        Reported(ask=ask, by=by, outcome=Met()),
    )


@cache
def at_this_instant(ask: AskNumber, by: PersonId, now: datetime) -> tuple[News, ...]:
    return (PutOff(ask=ask, by=by, until=now + SOON), AcceptedLate(ask=ask, at=now))


@cache
def undelivered(ask: AskNumber, role: Role) -> tuple[News, ...]:
    returned = Undeliverable(letter=LetterKind.ASK_CONNECTOR, role=role, ask=ask)
    dead = Undeliverable(letter=LetterKind.ASK_TARGET, role=role, ask=ask, address_is_dead=True)
    return (returned, dead) if role == Role.TARGET else (returned,)


@cache
def crossed_answers(ask: AskNumber, asked: PersonId) -> tuple[News, ...]:
    """Answers by the other party and by a stranger."""
    other = TOMOKO.id if asked == ROSA.id else ROSA.id
    return tuple(
        news
        for by in (other, STAN.id)
        for news in (OptedIn(ask=ask, by=by, channels=()), Declined(ask=ask, by=by), Undone(ask=ask, by=by))
    )


@cache
def of_themselves(by: PersonId) -> tuple[News, ...]:
    """What an operator does, done by one of the two."""
    return (
        Screened(by=by, approved=True),
        Screened(by=by, approved=True, lends=Lending(by=by, vouch="vouch")),
        SentBack(by=by, words=SOME_WORDS),
        Proposed(by=by, target=TOMOKO.somebody),
        Stopped(by=by),
        HandedOver(by=by, to=CLEO.id),
        Held(by=by),
        Resumed(by=by),
        *(Resent(by=by, letter=kind) for kind in DELIVERY),
    )


STEERING = (ClocksChanged, Held, Resumed, Extended, Edited, HandedOver, SentBack, Resent)

ABOUT_THE_WHOLE: tuple[News, ...] = (
    Withdrew(by=ROSA.id),
    TookBack(by=TOMOKO.id),
    *(OptedOut(by=person.id) for person in (ROSA, CARL, CLEO, TOMOKO)),
    *(Erased(by=person.id) for person in (ROSA, CARL, CLEO, TOMOKO)),
    *(Blocked(by=person.id) for person in (ROSA, CARL, CLEO, TOMOKO)),
    Screened(by=OLIVE.id, approved=True),
    Screened(by=OLIVE.id, approved=False),
    Proposed(by=OLIVE.id, target=TOMOKO.somebody),
    Stopped(by=OLIVE.id),
    Barred(),
    Undeliverable(letter=LetterKind.INTRODUCTION_TO_TARGET, role=Role.TARGET),
)

OF_STRANGERS: tuple[News, ...] = (
    *answers(NO_ASK, ROSA.id),
    *(kind(ask=NO_ASK) for kind in (Silent, NotYetAccepted, AnswerWaiting)),
    PutOff(ask=NO_ASK, by=ROSA.id, until=MONDAY + SOON),
    AcceptedLate(ask=NO_ASK, at=MONDAY),
    Extended(ask=NO_ASK, by=OLIVE.id, until=MONDAY + SOON),
    *(Withdrew(by=person.id) for person in (STAN, TOMOKO, CARL, OLIVE)),
    *(TookBack(by=person.id) for person in (STAN, ROSA, CARL, OLIVE)),
    OptedOut(by=STAN.id),
    *(Edited(by=person.id, note=SOME_WORDS) for person in (STAN, TOMOKO, CARL, OLIVE)),
    Erased(by=STAN.id),
    Blocked(by=STAN.id),
    Proposed(by=OLIVE.id, target=ROSA.somebody),
)
