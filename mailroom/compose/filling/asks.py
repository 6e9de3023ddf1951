"""Facts in the letters that ask, before the two know how to reach each other."""

from datetime import datetime
from typing import Any

from mailroom.compose.filling.common import (
    Filled,
    approval,
    body,
    number_of,
    request_of,
    told,
    via_connector,
    wanted,
    what_they_are,
)
from mailroom.compose.names import whom
from mailroom.compose.views import (
    AdviceLetter,
    AskAddress,
    AskConnector,
    AskRequester,
    AskTarget,
    AskTargetBlind,
    ConfirmRequest,
)
from models.letters import Role
from models.policy.policy import Order
from store.letters.letter_facts import AskWithAnswer, LetterFacts
from store.letters.start_letter import Started


def confirm_request(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    target = told(facts.target)
    return ConfirmRequest, {
        **_reminding(started, facts, Role.REQUESTER),
        "target": whom(target, started),
        "target_is": what_they_are(target),
        "need": body(facts, "need"),
        "note": body(facts, "note"),
        **request_of(facts, started),
        "shares": tuple(way.value for way in facts.would_share),
    }


def advice(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    written = facts.words[told(started.letter.words)]
    return AdviceLetter, {
        "target": whom(facts.target, started) if facts.target else None,
        "operator": written.by,
        "advice": written.body,
        "link": f"{public_url}/me/requests/{facts.id}/edit",
        "promised_at": facts.opening.promised_at,
        "number": None if facts.target else number_of(facts, started),
    }


def ask_connector(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    return AskConnector, {
        **_reminding(started, facts, Role.CONNECTOR),
        "requester": whom(facts.requester, started),
        "requester_is": what_they_are(facts.requester),
        "target": whom(told(facts.target), started),
        "note": body(facts, "note"),
        **request_of(facts, started),
    }


def ask_address(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    return AskAddress, {
        **_reminding(started, facts, Role.CONNECTOR),
        "requester": whom(facts.requester, started),
        "target": whom(told(facts.target), started),
        "approved_at": approval(facts).answered_at,
    }


def ask_target(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    if facts.opening.blind:
        return _ask_without_a_name(started, facts)
    return AskTarget, {
        **via_connector(facts, started),
        **_reminding(started, facts, Role.TARGET),
        "requester": whom(facts.requester, started),
        "requester_is": what_they_are(facts.requester),
        "note": body(facts, "note"),
        **request_of(facts, started),
        "approved_at": approval(facts).answered_at,
        "agreed_at": started.agreed_at,
        "requested": started.requested,
    }


def _ask_without_a_name(started: Started, facts: LetterFacts) -> Filled:
    return AskTargetBlind, {
        **via_connector(facts, started),
        **_reminding(started, facts, Role.TARGET),
        "blind": body(facts, "blind"),
        "wanted": wanted(facts),
        "number": number_of(facts, started),
        "approved_at": approval(facts).answered_at,
        "requested": started.requested,
    }


def ask_requester(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    # By the policy's order, not by what the target has said since: asked together, neither learns of the other's yes.
    first = facts.opening.policy.order == Order.TARGET_FIRST
    standing = "after_all" if facts.told else "target_said_yes" if first else "together"
    return AskRequester, {
        **_reminding(started, facts, Role.REQUESTER),
        "target": whom(told(facts.target), started),
        "standing": standing,
        "agreed_at": started.agreed_at,
    }


def _reminding(started: Started, facts: LetterFacts, role: Role) -> dict[str, Any]:
    only = facts.opening.policy.rules_for(role).remind_again_after is None
    changed = role != Role.REQUESTER and _was_asked_before(started, facts)  # requesters know what they changed
    back_on = _put_off_to(started, facts)
    return {"reminder": started.letter.reminder, "only_reminder": only, "changed": changed, "back_on": back_on}


def _was_asked_before(started: Started, facts: LetterFacts) -> bool:
    """About an earlier version of the request, in a letter that left: what was planned and dropped they never read."""
    earlier = (each for each in facts.asks if each.person == started.letter.person and each.version < facts.version)
    return any(each.told for each in earlier)


def _put_off_to(started: Started, facts: LetterFacts) -> datetime | None:
    """The day they named, where this asks again what they had answered with "later"."""
    this = facts.ask(started.letter.ask)
    before = [each for each in facts.asks if this and _is_same_question(each, this) and each.number < this.number]
    if not before or before[-1].answer.get("kind") != "put_off":
        return None
    return datetime.fromisoformat(before[-1].answer["until"])


def _is_same_question(one: AskWithAnswer, other: AskWithAnswer) -> bool:
    return (one.kind, one.role, one.person) == (other.kind, other.role, other.person)
