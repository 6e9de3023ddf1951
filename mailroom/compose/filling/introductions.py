"""Facts in the letters of the introduction, and in what takes its place."""

from typing import Any

from calendars.clocks import clock_of
from mailroom.compose.filling.booking import booking_link
from mailroom.compose.filling.common import Filled, number_of, requests, told, via_connector, what_they_are
from mailroom.compose.names import whom
from mailroom.compose.views import (
    Contact,
    IntroductionToRequester,
    IntroductionToTarget,
    NoIntroduction,
    PublicPlace,
    TwoLines,
)
from models.time.patience import after
from store.letters.letter_facts import LetterFacts
from store.letters.start_letter import Started
from store.people.presentation import Face


def introduction_to_requester(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    target = told(facts.target)
    return IntroductionToRequester, {
        **via_connector(facts, started),
        **_disclosed(facts, of=target, to=facts.requester),
        "target": whom(target, started),
        "target_is": what_they_are(target),
        "booking": booking_link(facts.sides[target.id]),
    }


def introduction_to_target(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    return IntroductionToTarget, {
        **via_connector(facts, started),
        **_disclosed(facts, of=facts.requester, to=told(facts.target)),
        "requester": whom(facts.requester, started),
        "requester_is": what_they_are(facts.requester),
    }


def _disclosed(facts: LetterFacts, of: Face, to: Face) -> dict[str, Any]:
    """What one party gets of the other: exactly what was disclosed, and by when the requester has promised to write."""
    target = told(facts.target)
    terms, policy, requester = facts.sides[target.id].terms, facts.opening.policy, facts.opening.requester
    delivered_at = told(facts.delivered_at)
    calendar = policy.calendar(clock_of(requester.zone, delivered_at), requester.days)
    return {
        "contacts": tuple(Contact.model_validate(way.model_dump(exclude={"id"})) for way in facts.sides[of.id].shared),
        "terms": terms.body if terms else None,
        "shared": tuple(way.value for way in facts.sides[to.id].shared),
        "write_by": after(delivered_at, policy.follow_up.writes_within, calendar),
        "by_reply": all(any(way.kind == "email" for way in side.shared) for side in facts.sides.values()),
    }


def two_lines(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    lines = facts.words[told(started.letter.words)].body
    return TwoLines, {
        "target": whom(told(facts.target), started),
        "lines": lines,
        "requests": requests(facts, public_url),
    }


def no_introduction(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    places = facts.target.places if facts.target else ()
    return NoIntroduction, {
        "target": whom(facts.target, started) if facts.target else None,
        "places": tuple(PublicPlace(label=label, url=url) for label, url in places),
        "asked_at": facts.opening.asked_at,
        "requests": requests(facts, public_url),
        "number": None if facts.target else number_of(facts, started),
    }
