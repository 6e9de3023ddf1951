"""What does this letter say? Its view is filled from the facts of its introduction; nothing else can enter it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

from mailroom.naming import whom
from mailroom.views import (
    AddressFrom,
    Advice,
    AskAddress,
    AskConnector,
    AskRequester,
    AsksPaused,
    AskTarget,
    AskTargetBlind,
    ConfirmRequest,
    Contact,
    DidYouMeet,
    HaveTheyWritten,
    HaveYouWritten,
    HowItWent,
    IntroductionToRequester,
    IntroductionToTarget,
    Language,
    LetterView,
    NoIntroduction,
    Place,
    SignIn,
    ThankYou,
    TwoLines,
    WasItUseful,
)
from models.asks import AskKind
from models.calendar import after
from models.letters import LetterKind, Role
from models.outcomes import Ending
from models.policy import Order
from store.letters import Asked, Face, Facts
from store.starting import Started
from store.texts import both_say_no, meeting_reports, sentence_of, shared_report, thanks_of

T = TypeVar("T")

WITH_WORDS_OF_OTHERS = (LetterKind.ADVICE, LetterKind.TWO_LINES, LetterKind.HOW_IT_WENT)

LANGUAGES = ("en", "es", "pt")


class CannotBeWritten(Exception):
    """The facts lack something this letter must say. Nothing was sent."""


def fill(started: Started, public_url: str, now: datetime) -> LetterView:
    """The letter's view. Its types refuse what is missing or has no place in it."""
    common = _common(started, public_url, now)
    if started.facts is None:
        return _about_the_reader(started, public_url, common)
    common |= _line(started)
    if started.token:
        common |= {"link": f"{public_url}/a/{started.token}", "due_at": _asked(started).due_at}
    filled = _FILLED[LetterKind(started.letter.kind)](started, started.facts, public_url)
    return cast(LetterView, filled[0](**common, **filled[1]))


def _about_the_reader(started: Started, public_url: str, common: dict[str, Any]) -> LetterView:
    if started.pause is None:
        return SignIn(**common, link=f"{public_url}/me/{started.token}", until=_told(started.token_until))
    pause = started.pause
    link = f"{public_url}/back/{started.token}"
    return AsksPaused(**common, link=link, until=pause.until, reason=pause.reason)


Filled = tuple[Callable[..., Any], dict[str, Any]]


def _common(started: Started, public_url: str, now: datetime) -> dict[str, Any]:
    return {
        "language": _language(started.receiver.language, started.programme.language),
        "zone": started.receiver.zone,
        "at": now,
        "name": started.receiver.name,
        "programme": started.programme.name,
        "promises": f"{public_url}/p/{started.programme.id}",
        "own_page": f"{public_url}/me",
    }


def _line(started: Started) -> dict[str, str]:
    """What an operator wrote beside a letter they send again; whose writer is gone, it goes without."""
    letter = started.letter
    words = started.facts.words.get(letter.words) if started.facts and letter.words else None
    return {"line": words.body, "line_by": words.by} if words and letter.kind not in WITH_WORDS_OF_OTHERS else {}


def _confirm_request(started: Started, facts: Facts, public_url: str) -> Filled:
    target = _told(facts.target)
    return ConfirmRequest, {
        **_reminding(started, facts, Role.REQUESTER),
        "target": whom(target, started),
        "target_is": _is(target),
        "need": _body(facts, "need"),
        "note": _body(facts, "note"),
        "shares": tuple(way.value for way in facts.would_share),
    }


def _advice(started: Started, facts: Facts, public_url: str) -> Filled:
    written = facts.words[_told(started.letter.words)]
    return Advice, {
        "target": whom(facts.target, started) if facts.target else None,
        "operator": written.by,
        "advice": written.body,
        "link": f"{public_url}/me/requests/{facts.id}/edit",
        "promised_at": facts.opening.promised_at,
    }


def _ask_connector(started: Started, facts: Facts, public_url: str) -> Filled:
    return AskConnector, {
        **_reminding(started, facts, Role.CONNECTOR),
        "requester": whom(facts.requester, started),
        "requester_is": _is(facts.requester),
        "target": whom(_told(facts.target), started),
        "note": _body(facts, "note"),
    }


def _ask_address(started: Started, facts: Facts, public_url: str) -> Filled:
    return AskAddress, {
        "reminder": started.letter.reminder,
        "requester": facts.requester.name,
        "target": _told(facts.target).name,
        "approved_at": _approval(facts).answered_at,
    }


def _ask_target(started: Started, facts: Facts, public_url: str) -> Filled:
    if facts.opening.blind:
        return _ask_without_a_name(started, facts)
    return AskTarget, {
        **_via_connector(facts, started),
        **_reminding(started, facts, Role.TARGET),
        "requester": whom(facts.requester, started),
        "requester_is": _is(facts.requester),
        "note": _body(facts, "note"),
        "approved_at": _approval(facts).answered_at,
        "address_from": AddressFrom(started.address.source),
        "agreed_at": started.agreed_at,
        "requested": started.requested,
    }


def _ask_without_a_name(started: Started, facts: Facts) -> Filled:
    return AskTargetBlind, {
        **_via_connector(facts, started),
        **_reminding(started, facts, Role.TARGET),
        "blind": _body(facts, "blind"),
        "approved_at": _approval(facts).answered_at,
        "address_from": AddressFrom(started.address.source),
        "requested": started.requested,
    }


def _ask_requester(started: Started, facts: Facts, public_url: str) -> Filled:
    # By the policy's order, not by what the target has said since: asked together, neither learns of the other's yes.
    first = facts.opening.policy.order == Order.TARGET_FIRST
    standing = "after_all" if facts.told else "target_said_yes" if first else "together"
    return AskRequester, {
        **_reminding(started, facts, Role.REQUESTER),
        "target": whom(_told(facts.target), started),
        "standing": standing,
        "agreed_at": started.agreed_at,
    }


def _reminding(started: Started, facts: Facts, role: Role) -> dict[str, bool]:
    only = facts.opening.policy.rules_for(role).remind_again_after is None
    changed = role != Role.REQUESTER and _was_asked_before(started, facts)  # requesters know what they changed
    return {"reminder": started.letter.reminder, "only_reminder": only, "changed": changed}


def _was_asked_before(started: Started, facts: Facts) -> bool:
    """About an earlier version of the request, which they may have read."""
    return any(each.person == started.letter.person and each.version < facts.version for each in facts.asks)


def _introduction_to_requester(started: Started, facts: Facts, public_url: str) -> Filled:
    target = _told(facts.target)
    return IntroductionToRequester, {
        **_via_connector(facts, started),
        **_disclosed(facts, of=target, to=facts.requester),
        "target": target.name,
        "target_is": _is(target),
    }


def _introduction_to_target(started: Started, facts: Facts, public_url: str) -> Filled:
    return IntroductionToTarget, {
        **_via_connector(facts, started),
        **_disclosed(facts, of=facts.requester, to=_told(facts.target)),
        "requester": whom(facts.requester, started),
        "requester_is": _is(facts.requester),
    }


def _two_lines(started: Started, facts: Facts, public_url: str) -> Filled:
    lines = facts.words[_told(started.letter.words)].body
    return TwoLines, {
        "target": whom(_told(facts.target), started),
        "lines": lines,
        "requests": _requests(facts, public_url),
    }


def _no_introduction(started: Started, facts: Facts, public_url: str) -> Filled:
    places = facts.target.places if facts.target else ()
    return NoIntroduction, {
        "target": whom(facts.target, started) if facts.target else None,
        "places": tuple(Place(label=label, url=url) for label, url in places),
        "asked_at": facts.opening.asked_at,
        "requests": _requests(facts, public_url),
    }


def _have_you_written(started: Started, facts: Facts, public_url: str) -> Filled:
    return HaveYouWritten, {"target": whom(_told(facts.target), started), "delivered_at": facts.delivered_at}


def _have_they_written(started: Started, facts: Facts, public_url: str) -> Filled:
    return HaveTheyWritten, {"requester": whom(facts.requester, started), "delivered_at": facts.delivered_at}


def _did_you_meet(started: Started, facts: Facts, public_url: str) -> Filled:
    return DidYouMeet, {
        "reminder": started.letter.reminder,
        "target": whom(_told(facts.target), started),
        "connector": whom(_told(facts.connector), started),
        "delivered_at": facts.delivered_at,
    }


def _thank_you(started: Started, facts: Facts, public_url: str) -> Filled:
    return ThankYou, {"target": whom(_told(facts.target), started), "connector": whom(_told(facts.connector), started)}


def _was_it_useful(started: Started, facts: Facts, public_url: str) -> Filled:
    thanks = thanks_of(facts)
    return WasItUseful, {
        "requester": whom(facts.requester, started),
        "delivered_at": facts.delivered_at,
        "thanks": thanks.body if thanks else None,
    }


def _how_it_went(started: Started, facts: Facts, public_url: str) -> Filled:
    thanks = facts.words.get(started.letter.words) if started.letter.words else None
    return HowItWent, {
        "requester": whom(facts.requester, started),
        "target": whom(_told(facts.target), started),
        "approved_at": _approval(facts).answered_at,
        "outcome": _outcome(facts),
        "thanks": thanks.body if thanks else None,
        "requester_said": _said(facts, Role.REQUESTER),
        "target_said": _said(facts, Role.TARGET),
    }


def _said(facts: Facts, role: Role) -> str | None:
    words = shared_report(facts, role)
    return words.body if words else None


_FILLED: dict[LetterKind, Callable[[Started, Facts, str], Filled]] = {
    LetterKind.CONFIRM_REQUEST: _confirm_request,
    LetterKind.ADVICE: _advice,
    LetterKind.ASK_CONNECTOR: _ask_connector,
    LetterKind.ASK_ADDRESS: _ask_address,
    LetterKind.ASK_TARGET: _ask_target,
    LetterKind.ASK_REQUESTER: _ask_requester,
    LetterKind.INTRODUCTION_TO_REQUESTER: _introduction_to_requester,
    LetterKind.INTRODUCTION_TO_TARGET: _introduction_to_target,
    LetterKind.TWO_LINES: _two_lines,
    LetterKind.NO_INTRODUCTION: _no_introduction,
    LetterKind.HAVE_YOU_WRITTEN: _have_you_written,
    LetterKind.HAVE_THEY_WRITTEN: _have_they_written,
    LetterKind.DID_YOU_MEET: _did_you_meet,
    LetterKind.THANK_YOU: _thank_you,
    LetterKind.WAS_IT_USEFUL: _was_it_useful,
    LetterKind.HOW_IT_WENT: _how_it_went,
}


def _via_connector(facts: Facts, started: Started) -> dict[str, Any]:
    sentence = sentence_of(facts)
    return {
        "connector": whom(_told(facts.connector), started),
        "vouch": _approval(facts).answer.get("vouch", "introduce"),
        "sentence": sentence.body if sentence else None,
        "how_known": facts.how_known,
        "since": facts.since,
    }


def _disclosed(facts: Facts, of: Face, to: Face) -> dict[str, Any]:
    """What one party gets of the other: exactly what was disclosed, and by when the requester has promised to write."""
    target = _told(facts.target)
    terms, policy, requester = facts.sides[target.id].terms, facts.opening.policy, facts.opening.requester
    calendar = policy.calendar(requester.zone, requester.days)
    return {
        "contacts": tuple(Contact.model_validate(way.model_dump(exclude={"id"})) for way in facts.sides[of.id].shared),
        "terms": terms.body if terms else None,
        "shared": tuple(way.value for way in facts.sides[to.id].shared),
        "write_by": after(_told(facts.delivered_at), policy.follow_up.writes_within, calendar),
    }


def _outcome(facts: Facts) -> str:
    """How it went, as far as a connector may know: nothing that only one of the two has said against it."""
    reports = [report for found in meeting_reports(facts).values() for report in found]
    useful = any(report.get("kind") == "met" and report.get("useful") for report in reports)
    said = {
        Ending.MET: "met_useful" if useful else "met",
        Ending.TWO_LINES: "two_lines",
        Ending.DID_NOT_MEET: "did_not_meet" if both_say_no(facts) else "not_heard",
        Ending.DELIVERED: "not_heard",
    }
    return said.get(facts.ending, "not_together") if facts.ending else "not_together"


def _approval(facts: Facts) -> Asked:
    return _told(facts.answered(AskKind.APPROVE, Role.CONNECTOR))


def _asked(started: Started) -> Asked:
    return _told(started.facts.ask(started.letter.ask) if started.facts else None)


def _is(face: Face) -> str:
    return ", ".join(each for each in (face.headline, face.organisation) if each)


def _body(facts: Facts, name: str) -> str | None:
    return facts.texts[name].body if name in facts.texts else None


def _requests(facts: Facts, public_url: str) -> str:
    return f"{public_url}/ask/{facts.programme.id}"


def _language(own: str, programmes: str) -> Language:
    found = next((each for each in (own, programmes) if each in LANGUAGES), "en")
    return cast(Language, found)


def _told(fact: T | None) -> T:
    """What this letter cannot do without."""
    if fact is None:
        raise CannotBeWritten
    return fact
