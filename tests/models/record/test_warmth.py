"""The ledger alone allows a letter. Each letter at each step of the golden lives, and none to anybody else."""

from datetime import timedelta

import pytest

from models.effects import OpenAsk, RecordConsent, WriteLetter
from models.ids import AskNumber, PersonId
from models.letters import LetterKind
from models.record.ledger import Entry, Moved
from models.record.warmth import Cold, Planned, Warm, warmth
from tests.cast import CARL, CLEO, MONDAY, ROSA, TOMOKO, play
from tests.models.exploration.golden_pages import is_in_step
from tests.models.exploration.letters_allowed import entries_of, letters_allowed, lived, possible, wrong
from tests.models.exploration.lives import LIVES
from tests.support.news_phrases import approves, opts_in
from tests.support.play import SECOND

DELIVERY = (LetterKind.INTRODUCTION_TO_REQUESTER, LetterKind.INTRODUCTION_TO_TARGET)


@pytest.mark.docs
@pytest.mark.quick
def test_each_letter_is_allowed_as_it_was(request: pytest.FixtureRequest) -> None:
    is_in_step(request.config, "models/golden/letters_allowed.txt", letters_allowed)


def test_nothing_is_allowed_before_anybody_asked() -> None:
    letter = Planned(kind=LetterKind.CONFIRM_REQUEST, to=ROSA.id, version=1)
    assert warmth(letter, []) == Cold(missing="request")


def test_a_letter_that_may_go_may_not_go_otherwise() -> None:
    """Not to a stranger, not of another version, not about an ask there never was; each kind of letter in turn."""
    seen: dict[LetterKind, str] = {}
    for name, life in LIVES.items():
        played = life.lived()
        entries = entries_of(played)
        for number, moment in enumerate(played.moments, 1):
            for letter in possible(moment.step.after):
                if letter.kind not in seen and isinstance(warmth(letter, entries[:number]), Warm):
                    seen[letter.kind] = name
                    for other in wrong(letter):
                        assert isinstance(warmth(other, entries[:number]), Cold), (name, number, other)
    assert set(seen) == set(LetterKind)


def test_whatever_the_core_writes_may_leave() -> None:
    """Also to somebody whose need found nobody: they hear of the end on the day they were promised."""
    for name in LIVES:
        played, entries = lived(name)
        for number, moment in enumerate(played.moments, 1):
            for effect in moment.step.effects:
                if isinstance(effect, WriteLetter):
                    letter = Planned(kind=effect.letter, to=effect.to, version=moment.step.after.version)
                    assert isinstance(warmth(letter, entries[:number]), Warm), (name, number, effect.letter)


@pytest.mark.parametrize(("late", "warm"), [(-SECOND, False), (timedelta(0), True), (SECOND, True)])
def test_nobody_is_introduced_on_a_yes_that_had_grown_old(late: timedelta, warm: bool) -> None:
    played = play(approves(CARL), opts_in(TOMOKO), opts_in(ROSA))
    played.time_passes(timedelta(minutes=1))
    entries = entries_of(played)
    disclosed = next(each.at for each in entries if getattr(each.event, "replies", ()))
    old = [_valid_until(each, disclosed + late) for each in entries]
    for kind, reader in zip(DELIVERY, (ROSA, TOMOKO), strict=True):
        found = warmth(Planned(kind=kind, to=reader.id, version=1), old)
        assert isinstance(found, Warm) is warm
        assert warm or found == Cold(missing="opt_in")
    assert disclosed > MONDAY


def test_a_proposal_after_a_confirmation_is_confirmed_anew() -> None:
    """The core would not hear it; the ledger alone must not allow it either."""
    need, confirmed = "a need finds its person", "request_confirmed"
    entries = lived(need)[1]
    at = next(number for number, each in enumerate(entries, 1) if kind_of(each) == confirmed)
    asked = next(each for each in entries if kind_of(each) == "connector_found")
    proposed = next(each for each in entries if kind_of(each) == "proposed")
    letter = Planned(kind=LetterKind.ASK_CONNECTOR, to=CARL.id, version=2, ask=AskNumber(2))
    assert isinstance(warmth(letter, entries[: asked.seq]), Warm)
    again = [*entries[:at], proposed, *entries[at : asked.seq]]
    assert warmth(letter, again) == Cold(missing="confirmation")


def test_only_whoever_approved_is_asked_for_another_address() -> None:
    entries = lived("another address is given")[1]
    until = next(each.seq for each in entries if kind_of(each) == "undeliverable")
    letter = Planned(kind=LetterKind.ASK_ADDRESS, to=CARL.id, version=1, ask=AskNumber(3))
    assert isinstance(warmth(letter, entries[:until]), Warm)
    another = [_by(each, CLEO.id) if kind_of(each) == "connector_approved" else each for each in entries[:until]]
    assert warmth(letter, another) == Cold(missing="approval")


def test_a_yes_to_an_older_question_is_no_yes_to_these_words() -> None:
    entries = lived("everybody says yes, they meet, she thanks")[1][:6]
    letter = Planned(kind=LetterKind.INTRODUCTION_TO_TARGET, to=TOMOKO.id, version=1)
    assert isinstance(warmth(letter, entries), Warm)
    assert warmth(letter, [_about_older_words(each) for each in entries]) == Cold(missing="opt_in")


def kind_of(entry: Entry) -> str:
    return entry.event.news.kind if isinstance(entry.event, Moved) else entry.event.kind


def _by(entry: Entry, who: PersonId) -> Entry:
    assert isinstance(entry.event, Moved)
    news = entry.event.news.model_copy(update={"by": who})
    return entry.model_copy(update={"event": entry.event.model_copy(update={"news": news})})


def _about_older_words(entry: Entry) -> Entry:
    """As if what the target was asked had been another version than what stands now."""
    effects = tuple(
        each.model_copy(update={"ask": each.ask.model_copy(update={"version": 0})})
        if isinstance(each, OpenAsk) and each.ask.person == TOMOKO.id
        else each
        for each in getattr(entry.event, "effects", ())
    )
    return entry.model_copy(update={"event": entry.event.model_copy(update={"effects": effects})})


def _valid_until(entry: Entry, until: object) -> Entry:
    effects = tuple(
        each.model_copy(update={"valid_until": until}) if isinstance(each, RecordConsent) else each
        for each in getattr(entry.event, "effects", ())
    )
    return entry.model_copy(update={"event": entry.event.model_copy(update={"effects": effects})})
