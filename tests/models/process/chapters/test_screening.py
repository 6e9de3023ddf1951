"""A request sent back with advice. Its requester changes it, or it ends as any other."""

import pytest

from models.asks import AskKind
from models.effects import WriteLetter
from models.letters import LetterKind, Role
from models.news import Blocked, Edited, OptedOut, SentBack, Stopped
from models.outcomes import Ending
from models.process.state.introduction import Introduction
from models.process.state.stages import Closed, Revising, Screening
from models.process.story import decide
from models.process.verdict import Reason, Refused
from models.request.operator_lines import Unsendable, advice, line
from tests.cast import MONDAY, OLIVE, ROSA, ROSAS_MAIL, SOME_WORDS, TOMOKO, after, opening, play, policy
from tests.models.exploration.causes import DAY, HOUR, Story, screened
from tests.models.record.requesters_view import letters_to, view, what_she_may_do
from tests.support.play import Play, Store

ADVISED = SentBack(by=OLIVE.id, words=SOME_WORDS)
NEW_WORDS = Edited(by=ROSA.id, note=SOME_WORDS, channels=(ROSAS_MAIL,))


def test_the_advice_reaches_the_requester_and_nobody_else() -> None:
    played = play(ADVISED, begun=opening())
    assert isinstance(played.introduction.stage, Revising)
    letters = [effect for effect in played.effects() if isinstance(effect, WriteLetter)]
    assert [(each.letter, each.to, each.words) for each in letters] == [(LetterKind.ADVICE, ROSA.id, SOME_WORDS)]


def test_new_words_are_read_again_and_go_on_under_the_same_promise() -> None:
    changed = after(ADVISED, NEW_WORDS, begun=opening())
    assert isinstance(changed.stage, Screening)
    assert (changed.version, changed.promised_at) == (2, opening().promised_at)
    assert after(ADVISED, NEW_WORDS, screened, begun=opening()).open_asks(Role.CONNECTOR)[0].kind == AskKind.APPROVE


def test_as_often_as_the_request_may_be_changed_and_no_more() -> None:
    changed = after(ADVISED, NEW_WORDS, ADVISED, NEW_WORDS, begun=opening())
    assert decide(changed, ADVISED, MONDAY) == Refused(reason=Reason.EDITED_OFTEN)


def test_only_where_the_policy_says_so_and_only_while_it_is_read() -> None:
    never = after(begun=opening(policy("accelerator", {"screening.send_back": False})))
    on_its_way = after(screened, begun=opening())
    for each in (never, on_its_way):
        assert decide(each, ADVISED, MONDAY) == Refused(reason=Reason.NOT_NOW)
    assert isinstance(after(ADVISED, begun=opening()).stage, Revising)
    assert decide(after(ADVISED, begun=opening()), screened, MONDAY) == Refused(reason=Reason.NOT_NOW)


# S8. Once she has the advice, she cannot tell whether it still could have come about.


def unchanged(playing: Play) -> None:
    """She leaves it as it is."""


def stopped(playing: Play) -> None:
    playing.hear(Stopped(by=OLIVE.id))


def blocked(playing: Play) -> None:
    playing.hear(Blocked(by=TOMOKO.id))


def opted_out(playing: Play) -> None:
    playing.hear(OptedOut(by=TOMOKO.id))


def _advised(cause: Story, *, she_changes_it: bool) -> Play:
    playing = Play(opening(), Store(()))
    playing.time_passes(HOUR)
    playing.hear(ADVISED)
    playing.now = MONDAY + 2 * HOUR
    cause(playing)
    playing.now = MONDAY + 3 * HOUR
    if she_changes_it:
        playing.hear(NEW_WORDS)
    playing.time_passes(MONDAY + 40 * DAY)
    return playing


@pytest.mark.parametrize("she_changes_it", [False, True])
@pytest.mark.parametrize("cause", [stopped, blocked, opted_out])
def test_after_the_advice_nothing_tells_either(cause: Story, she_changes_it: bool) -> None:
    told, twin = _advised(cause, she_changes_it=she_changes_it), _advised(unchanged, she_changes_it=she_changes_it)
    assert view(told) == view(twin)
    assert what_she_may_do(told, 17 * HOUR) == what_she_may_do(twin, 17 * HOUR)


def test_left_as_it_is_it_ends_on_the_promised_day_in_the_words_of_every_ending() -> None:
    playing = _advised(unchanged, she_changes_it=False)
    last = letters_to(ROSA.id, playing)[-1]
    assert (last.kind, last.not_before, last.with_words) == (
        LetterKind.NO_INTRODUCTION,
        playing.opening.promised_at,
        False,
    )
    assert _ending(playing.introduction) == Ending.LAPSED


def _ending(introduction: Introduction) -> Ending:
    assert isinstance(introduction.stage, Closed)
    return introduction.stage.ending


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", Unsendable.EMPTY),
        (" \u200b\n ", Unsendable.EMPTY),
        ("Hi {{ name }}, say more", Unsendable.PLACEHOLDER),
        ("Read https://example.test/notes first", Unsendable.LINK),
        ("Write to olive@example.test", Unsendable.LINK),
        ("See www.example.test", Unsendable.LINK),
        ("Look at example.com", Unsendable.LINK),
        ("two\x00lines", Unsendable.UNREADABLE),
        ("word " * 41, Unsendable.TOO_LONG),
    ],
)
def test_what_an_operator_writes_is_plain(text: str, why: Unsendable) -> None:
    assert line(text) == why


def test_fit_words_are_kept_as_they_were_written() -> None:
    assert line(" The address we had\nwas an old one. ") == "The address we had was an old one."
    assert advice("Shorter, please.\r\n\r\nAnd one offer.") == "Shorter, please.\n\nAnd one offer."
    assert advice("word " * 199) == ("word " * 199).strip()
    assert advice("word " * 210) == Unsendable.TOO_LONG
