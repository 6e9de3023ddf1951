"""Does the ledger alone allow a letter? Each letter at each step of the golden lives, and none to anybody else."""

from datetime import timedelta

import pytest

from models.effects import RecordConsent
from models.ledger import Entry
from models.letters import LetterKind
from models.warmth import Cold, Planned, Warm, warmth
from tests.cast import CARL, MONDAY, ROSA, TOMOKO, play
from tests.models.golden_pages import is_in_step
from tests.models.letters_allowed import entries_of, letters_allowed, possible, wrong
from tests.models.lives import LIVES
from tests.playing import SECOND
from tests.saying import approves, opts_in

DELIVERY = (LetterKind.INTRODUCTION_TO_REQUESTER, LetterKind.INTRODUCTION_TO_TARGET)


@pytest.mark.docs
def test_each_letter_is_allowed_as_it_was(request: pytest.FixtureRequest) -> None:
    is_in_step(request.config, "letters_allowed.txt", letters_allowed)


def test_nothing_is_allowed_before_anybody_asked() -> None:
    letter = Planned(kind=LetterKind.CONFIRM_REQUEST, to=ROSA.id, version=1)
    assert warmth(letter, []) == Cold(missing="request")


def test_a_letter_that_may_go_may_not_go_otherwise() -> None:
    """Not to a stranger, not of another version, not about an ask there never was; each kind of letter in turn."""
    seen: dict[LetterKind, str] = {}
    for name, life in LIVES.items():
        lived = life.lived()
        entries = entries_of(lived)
        for number, moment in enumerate(lived.moments, 1):
            for letter in possible(moment.step.after):
                if letter.kind not in seen and isinstance(warmth(letter, entries[:number]), Warm):
                    seen[letter.kind] = name
                    for other in wrong(letter):
                        assert isinstance(warmth(other, entries[:number]), Cold), (name, number, other)
    assert set(seen) == set(LetterKind)


@pytest.mark.parametrize(("late", "warm"), [(-SECOND, False), (timedelta(0), True), (SECOND, True)])
def test_nobody_is_introduced_on_a_yes_that_had_grown_old(late: timedelta, warm: bool) -> None:
    lived = play(approves(CARL), opts_in(TOMOKO), opts_in(ROSA))
    lived.time_passes(timedelta(minutes=1))
    entries = entries_of(lived)
    disclosed = next(each.at for each in entries if getattr(each.event, "replies", ()))
    old = [_valid_until(each, disclosed + late) for each in entries]
    for kind, reader in zip(DELIVERY, (ROSA, TOMOKO), strict=True):
        found = warmth(Planned(kind=kind, to=reader.id, version=1), old)
        assert isinstance(found, Warm) is warm
        assert warm or found == Cold(missing="opt_in")
    assert disclosed > MONDAY


def _valid_until(entry: Entry, until: object) -> Entry:
    effects = tuple(
        each.model_copy(update={"valid_until": until}) if isinstance(each, RecordConsent) else each
        for each in getattr(entry.event, "effects", ())
    )
    return entry.model_copy(update={"event": entry.event.model_copy(update={"effects": effects})})
