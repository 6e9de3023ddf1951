"""Staff reading: what an end and an answer read as to staff, whoever's they are (S8, S41)."""

from enum import StrEnum

from models.asks import AskState
from models.letters import Role
from models.news import News
from models.outcomes import Ending


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
