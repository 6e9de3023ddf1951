"""Facts in the letters that ask, before the two know how to reach each other."""

from mailroom.compose.filling.common import Filled, approval, body, told, via_connector, what_they_are
from mailroom.compose.names import whom
from mailroom.compose.views import (
    AddressFrom,
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
from store.letters.letter_facts import LetterFacts
from store.letters.start_letter import Started


def confirm_request(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    target = told(facts.target)
    return ConfirmRequest, {
        **_reminding(started, facts, Role.REQUESTER),
        "target": whom(target, started),
        "target_is": what_they_are(target),
        "need": body(facts, "need"),
        "note": body(facts, "note"),
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
    }


def ask_connector(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    return AskConnector, {
        **_reminding(started, facts, Role.CONNECTOR),
        "requester": whom(facts.requester, started),
        "requester_is": what_they_are(facts.requester),
        "target": whom(told(facts.target), started),
        "note": body(facts, "note"),
    }


def ask_address(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    return AskAddress, {
        "reminder": started.letter.reminder,
        "requester": facts.requester.name,
        "target": told(facts.target).name,
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
        "approved_at": approval(facts).answered_at,
        "address_from": AddressFrom(started.address.source),
        "agreed_at": started.agreed_at,
        "requested": started.requested,
    }


def _ask_without_a_name(started: Started, facts: LetterFacts) -> Filled:
    return AskTargetBlind, {
        **via_connector(facts, started),
        **_reminding(started, facts, Role.TARGET),
        "blind": body(facts, "blind"),
        "approved_at": approval(facts).answered_at,
        "address_from": AddressFrom(started.address.source),
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


def _reminding(started: Started, facts: LetterFacts, role: Role) -> dict[str, bool]:
    only = facts.opening.policy.rules_for(role).remind_again_after is None
    changed = role != Role.REQUESTER and _was_asked_before(started, facts)  # requesters know what they changed
    return {"reminder": started.letter.reminder, "only_reminder": only, "changed": changed}


def _was_asked_before(started: Started, facts: LetterFacts) -> bool:
    """About an earlier version of the request, in a letter that left: what was planned and dropped they never read."""
    earlier = (each for each in facts.asks if each.person == started.letter.person and each.version < facts.version)
    return any(each.told for each in earlier)
