"""Filling of letters: a view filled from the facts of its introduction, and with nothing else."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from mailroom.compose.filling import after_introduction, asks, introductions
from mailroom.compose.filling.common import Filled, language_of, told
from mailroom.compose.filling.desk import desk_letter
from mailroom.compose.filling.faces import face_in_letter
from mailroom.compose.views import AsksPaused, LetterView, NamedPerson, SignIn, Welcome
from models.letters import LetterKind
from store.letters.letter_facts import AskWithAnswer, LetterFacts
from store.letters.start_letter import Started

WITH_WORDS_OF_OTHERS = (LetterKind.ADVICE, LetterKind.TWO_LINES, LetterKind.HOW_IT_WENT)


def fill(started: Started, public_url: str, staff: str, now: datetime) -> LetterView:
    """The letter's view. Its types refuse what is missing or has no place in it."""
    common = _common(started, public_url, staff, now)
    if started.facts is None:
        return _about_the_reader(started, public_url, common)
    common |= _line(started)
    if started.token:
        common |= {"link": f"{public_url}/a/{started.token}", "due_at": _asked(started).due_at}
    filled = _FILLED[LetterKind(started.letter.kind)](started, started.facts, public_url)
    return cast(LetterView, filled[0](**common, **filled[1]))


def _about_the_reader(started: Started, public_url: str, common: dict[str, Any]) -> LetterView:
    if started.desk:
        return desk_letter(started, public_url, common)
    if started.invitation:
        leave = f"{public_url}/unsubscribe/{started.leaving}"
        return Welcome(**common, connects=started.invitation.connects, link=common["own_page"], leave=leave)
    if started.pause is None:
        return SignIn(**common, link=f"{public_url}/me/{started.token}", until=told(started.token_until))
    pause = started.pause
    link = f"{public_url}/back/{started.token}"
    return AsksPaused(**common, link=link, until=pause.until, reason=pause.reason)


def _common(started: Started, public_url: str, staff: str, now: datetime) -> dict[str, Any]:
    return {
        "language": language_of(started),
        "zone": started.receiver.zone,
        "at": now,
        "name": NamedPerson(name=started.receiver.name, called=started.receiver.called),
        "programme": started.programme.name,
        "staff": staff,
        "promises": f"{public_url}/p/{started.programme.id}",
        "own_page": f"{public_url}/me",
        "face": face_in_letter(started, public_url),
    }


def _line(started: Started) -> dict[str, str]:
    """What an operator wrote beside a letter they send again; whose writer is gone, it goes without."""
    letter = started.letter
    words = started.facts.words.get(letter.words) if started.facts and letter.words else None
    return {"line": words.body, "line_by": words.by} if words and letter.kind not in WITH_WORDS_OF_OTHERS else {}


def _asked(started: Started) -> AskWithAnswer:
    return told(started.facts.ask(started.letter.ask) if started.facts else None)


_FILLED: dict[LetterKind, Callable[[Started, LetterFacts, str], Filled]] = {
    LetterKind.CONFIRM_REQUEST: asks.confirm_request,
    LetterKind.ADVICE: asks.advice,
    LetterKind.ASK_CONNECTOR: asks.ask_connector,
    LetterKind.ASK_ADDRESS: asks.ask_address,
    LetterKind.ASK_TARGET: asks.ask_target,
    LetterKind.ASK_REQUESTER: asks.ask_requester,
    LetterKind.INTRODUCTION_TO_REQUESTER: introductions.introduction_to_requester,
    LetterKind.INTRODUCTION_TO_TARGET: introductions.introduction_to_target,
    LetterKind.TWO_LINES: introductions.two_lines,
    LetterKind.NO_INTRODUCTION: introductions.no_introduction,
    LetterKind.HAVE_YOU_WRITTEN: after_introduction.have_you_written,
    LetterKind.HAVE_THEY_WRITTEN: after_introduction.have_they_written,
    LetterKind.DID_YOU_MEET: after_introduction.did_you_meet,
    LetterKind.THANK_YOU: after_introduction.thank_you,
    LetterKind.WAS_IT_USEFUL: after_introduction.was_it_useful,
    LetterKind.TERM_OVER: after_introduction.term_over,
    LetterKind.TERM_OVER_TO_TARGET: after_introduction.term_over_to_target,
    LetterKind.HOW_IT_WENT: after_introduction.how_it_went,
}
