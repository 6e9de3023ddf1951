"""Under each policy that ships, the requester cannot tell why an introduction did not come about (S8)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

import policies
from models.letters import LetterKind, Role
from models.news import Barred, Blocked, ConnectorApproved, OptedOut, Screened
from models.policy.policy import Order, Policy
from tests.cast import CARL, CLEO, MONDAY, OLIVE, SOME_WORDS, TOMOKO, opening
from tests.models.exploration.causes import bounces
from tests.models.record.requesters_view import View, view
from tests.support.news_phrases import declines, is_not_them, last_ask, opts_in, puts_off
from tests.support.play import Play, Said, Store

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULES = {
    f"{name} {track}".strip(): policies.shipped(name).on_track(track)
    for name in policies.shipped_names()
    for track in (policies.shipped(name).tracks or [""])
}

Cause = Callable[[Play], Said | None]
CAUSES: dict[str, Cause] = {
    "declined": lambda _: declines(TOMOKO),
    "blocked": lambda _: Blocked(by=TOMOKO.id),
    "opted out": lambda _: OptedOut(by=TOMOKO.id),
    "barred": lambda _: Barred(),
    "somebody else's address": lambda _: is_not_them(TOMOKO),
    "undeliverable": lambda _: bounces(TOMOKO.id, LetterKind.ASK_TARGET, Role.TARGET),
    "put off beyond the promise": lambda play: puts_off(TOMOKO, play.opening.promised_at + HOUR / 60),
}


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("name", RULES)
def test_every_cause_looks_like_silence(name: str, cause: str) -> None:
    rules = RULES[name]
    if rules.requester.tells_in_batches:  # told in batches, a no can be dated to one: only its words are alike
        assert _kinds(_ended(rules, CAUSES[cause])) == _kinds(_ended(rules, lambda _: None))
    else:
        assert _ended(rules, CAUSES[cause]) == _ended(rules, lambda _: None)


def _ended(rules: Policy, cause: Cause) -> View:
    """What Rosa sees from the moment on at which a connector has approved."""
    play = Play(opening(rules), Store((CARL.somebody, CLEO.somebody)))
    if rules.screening:
        play.hear(Screened(by=OLIVE.id, approved=True))
    play.hear(_approves)
    since = play.now
    said = cause(play)
    if said:
        play.hear(said)
    assert not play.refusals, play.refusals
    play.time_passes(MONDAY + 200 * DAY)
    return view(play, since)


def _kinds(seen: View) -> set[str]:
    return {letter.kind for letter in seen.letters if not letter.reminder}


def _approves(introduction: object) -> ConnectorApproved:
    ask = last_ask(introduction, CARL.id)  # type: ignore[arg-type]
    return ConnectorApproved(ask=ask, by=CARL.id, vouch="vouch", sentence=SOME_WORDS)


def test_the_twins_would_differ_if_it_came_about() -> None:
    for rules in [each for each in RULES.values() if each.order != Order.TOGETHER]:  # there Rosa has to say yes too
        assert _kinds(_ended(rules, lambda _: opts_in(TOMOKO))) != _kinds(_ended(rules, lambda _: declines(TOMOKO)))
