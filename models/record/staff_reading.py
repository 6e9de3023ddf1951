"""Staff reading: what an end, an answer and an event read as to staff, whoever's they are (S8, S41)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from models.asks import Ask, AskKind, AskState
from models.base import Frozen
from models.effects import Effect
from models.ids import AskNumber, PersonId, WordsId
from models.letters import Role
from models.news import Declined, News, NoConnector
from models.outcomes import Ending
from models.record.ledger import ENDED, Began, Entry, Moved
from models.record.quiet_endings import QUIETLY_ASKED


class StaffEnding(StrEnum):
    """How it closed. A party's no, their silence and a withdrawal are one."""

    MET = "met"
    TWO_LINES = "answered_in_two_lines"
    DID_NOT_MEET = "did_not_meet"
    DELIVERED = "delivered_without_report"
    NOTHING_CAME = "without_an_introduction"
    STOPPED = "stopped"
    NO_ROUTE = "no_route"
    UNDELIVERABLE = "undeliverable"


class CameOf(StrEnum):
    """What came of a question. Of a party's, no more than what they let others know."""

    OPEN = "open"
    LATER = "later"
    CLOSED = "closed"
    SILENT = "silent"
    YES = "yes"
    FORWARDS = "forwards"
    ADDRESS = "address"
    NO = "no"
    UNKNOWN_TO_THEM = "unknown_to_them"
    REDIRECTED = "redirected"
    TWO_LINES = "two_lines"
    SOMEBODY_ELSE = "somebody_else"
    TOLD = "told"


class Says(StrEnum):
    """What is told of an event."""

    BEGAN = "began"
    NEWS = "news"  # as it was heard
    CLOSED = "closed"  # that it closed, and its day: the hour would tell a no from a silence
    PASSED = "passed"  # that a connector can no longer be asked
    UNREAD = "unread"  # that nobody has read the request in time
    NOTHING = "nothing"


class StaffEvent(Frozen):
    """An event as staff may read it: of what is private, neither the news nor whose they were."""

    at: datetime
    says: Says
    began: Began | None = None
    news: News | None = None
    person: PersonId | None = None  # who can no longer be asked
    words: WordsId | None = None  # left for staff
    effects: tuple[Effect, ...] = ()
    ending: StaffEnding | None = None
    after_the_end: bool = False


_PRIVATE_NEWS = ("barred", "opted_out", "blocked", "erased", "took_back")
_OF_CONNECTORS_ALONE = ("declined", "silent")  # the same from a party is private
_PRIVATE = (Ending.DECLINED, Ending.LAPSED, Ending.WITHDRAWN)

_OF_A_CONNECTOR: dict[str, CameOf] = {
    "connector_approved": CameOf.YES,
    "connector_forwards": CameOf.FORWARDS,
    "address_given": CameOf.ADDRESS,
    "declined": CameOf.NO,
    "not_me": CameOf.UNKNOWN_TO_THEM,
    "redirected": CameOf.REDIRECTED,
}

_OF_A_PARTY: dict[str, CameOf] = {
    "request_confirmed": CameOf.YES,
    "opted_in": CameOf.YES,
    "answered_in_two_lines": CameOf.TWO_LINES,
    "not_me": CameOf.SOMEBODY_ELSE,
    "reported": CameOf.TOLD,
    "thanked": CameOf.TOLD,
}

_SHOWS_THE_QUESTION = (*_OF_A_PARTY, "put_off", "extended", "resent", "undeliverable", "accepted_late")


def ending_for_staff(stage: str, ending: str | None) -> StaffEnding | None:
    """None before it has closed: until then, how it will have ended may yet change, and may not show."""
    if stage != "closed" or ending is None:
        return None
    return StaffEnding.NOTHING_CAME if ending in _PRIVATE else StaffEnding(ending)


def came_of(role: Role, state: AskState, answer: News | None) -> CameOf:
    """What staff read beside a question."""
    if state == AskState.OPEN:
        return CameOf.OPEN
    if state == AskState.PUT_OFF:
        return CameOf.LATER
    if role != Role.CONNECTOR:
        return _OF_A_PARTY.get(answer.kind if answer else "", CameOf.CLOSED)
    if state == AskState.LAPSED:
        return CameOf.SILENT
    return _OF_A_CONNECTOR.get(answer.kind if answer else "", CameOf.CLOSED)


def is_quietly_asked(role: Role, kind: AskKind) -> bool:
    """A party's question whose no and silence staff read alike. Neither may they read that it was asked again, or that
    its letter was needed no more: beside another's it would tell which of the two had said no.

    What the story leaves out for it and what the list of letters does are told by this one rule.
    """
    return role != Role.CONNECTOR and kind in QUIETLY_ASKED


def never_asked(entries: Iterable[Entry]) -> frozenset[AskNumber]:
    """Questions to parties that a connector's answer caused and the same connector's undo stopped, before any letter
    could leave. It goes by what the connector did alone, and by what staff know of a question but for a no.
    """
    asks, caused, gone = dict[AskNumber, Ask](), dict[AskNumber, set[AskNumber]](), set[AskNumber]()
    for event in (entry.event for entry in entries if isinstance(entry.event, Began | Moved)):
        opened = {effect.ask.number: effect.ask for effect in event.effects if effect.kind == "open_ask"}
        asks |= opened
        answered = asks.get(getattr(getattr(event, "news", None), "ask", None) or AskNumber(0))
        if not isinstance(event, Moved) or answered is None:
            continue
        if answered.role != Role.CONNECTOR and event.news.kind in _SHOWS_THE_QUESTION:
            for each in caused.values():
                each.discard(answered.number)
        elif answered.role != Role.CONNECTOR:
            continue
        elif event.news.kind == "undone":
            gone |= caused.pop(answered.number, set())
        elif event.news.kind in _OF_A_CONNECTOR:
            caused[answered.number] = {each.number for each in opened.values() if _waits_for_its_letter(each)}
    return frozenset(gone)


def _waits_for_its_letter(ask: Ask) -> bool:
    return is_quietly_asked(ask.role, ask.kind) and not (ask.by_hand or ask.on_page)


def events_for_staff(entries: Sequence[Entry]) -> tuple[StaffEvent, ...]:
    """The story so far, oldest first."""
    phantoms = never_asked(entries)
    asks, stage, found = dict[AskNumber, Ask](), "", list[StaffEvent]()
    for entry in entries:
        event = entry.event
        if not isinstance(event, Began | Moved):
            continue
        if isinstance(event, Began):
            told = StaffEvent(at=entry.at, says=Says.BEGAN, began=event)
        else:
            told = _told(event, entry.at, asks.get(getattr(event.news, "ask", None) or AskNumber(0)), stage)
        asks |= {effect.ask.number: effect.ask for effect in event.effects if effect.kind == "open_ask"}
        again = isinstance(event, Moved) and event.news.kind == "resent"
        effects = tuple(
            effect
            for effect in event.effects
            if not _tells(effect, asks, again=again)
            and not (effect.kind == "open_ask" and effect.ask.number in phantoms)
        )
        over, where = stage == "closed", event.standing
        ending = None if over else ending_for_staff(where.stage, where.ending)
        found.append(told.model_copy(update={"effects": effects, "ending": ending, "after_the_end": over}))
        stage = where.stage
    return tuple(found)


def _told(event: Moved, at: datetime, ask: Ask | None, stage: str) -> StaffEvent:
    news, ended = event.news, event.standing.stage in ENDED and stage not in ENDED
    of_connector = ask is not None and ask.role == Role.CONNECTOR
    if news.kind in _OF_CONNECTORS_ALONE and not of_connector:
        words = news.reason if isinstance(news, Declined) else None
        says = Says.NOTHING if stage in ENDED else Says.CLOSED
        return StaffEvent(at=at, says=says, words=words if says == Says.CLOSED else None)
    if news.kind == "time_is_up":
        is_unread = event.standing.stage == stage == "screening"
        return StaffEvent(at=at, says=Says.UNREAD if is_unread else Says.NOTHING)
    if news.kind not in _PRIVATE_NEWS:
        return StaffEvent(at=at, says=Says.NEWS, news=news)
    if stage == "following_up":
        return StaffEvent(at=at, says=Says.NOTHING)  # they had been introduced; how it went follows
    if ended and stage == "finding" and news.kind == "barred":
        return StaffEvent(at=at, says=Says.NEWS, news=NoConnector())  # what lies between the two is not theirs
    if ended:
        return StaffEvent(at=at, says=Says.CLOSED)
    if stage == "with_connector" and (ask is None or of_connector):
        return StaffEvent(at=at, says=Says.PASSED, person=getattr(news, "by", None))
    return StaffEvent(at=at, says=Says.NOTHING)


def _tells(effect: Effect, asks: dict[AskNumber, Ask], *, again: bool) -> bool:
    if effect.kind != "write_again" or not effect.reminder:
        return False
    return again or is_quietly_asked(asks[effect.ask].role, asks[effect.ask].kind)
