"""A letter sent again by an operator. It replaces one that did not arrive, or a reminder."""

from datetime import UTC, datetime, timedelta

import pytest

from models.asks import AskKind
from models.effects import TakeUp, WriteAgain, WriteLetter
from models.ids import AskNumber, PersonId
from models.letters import LetterKind, Role
from models.news import Blocked, Edited, Held, News, OptedOut, Resent, TookBack, Undeliverable
from models.policy.policy import Policy
from models.process.state.introduction import Introduction
from models.process.state.stages import Closed, FollowingUp, Resting, WithParties
from models.process.story import decide
from models.process.verdict import Reason, Refused, Step
from tests.cast import (
    CARL,
    MONDAY,
    OLIVE,
    ROSA,
    ROSAS_MAIL,
    SOME_WORDS,
    TOMOKO,
    Person,
    after,
    opening,
    play,
    policy,
)
from tests.models.exploration.causes import bounces
from tests.models.exploration.life import FORGETFUL, THREE_ADDRESSES, address_is_dead, demo
from tests.models.exploration.queries import asks_of
from tests.support.news_phrases import approves, declines, gives_address, last_ask, opts_in, puts_off, undoes
from tests.support.play import Play, Said

UNSCREENED = policy("accelerator", {"screening": None})
TARGET_FIRST = policy(UNSCREENED, {"order": "target_first"})
HOURS = {"opens": "09:00", "closes": "17:00", "deliver_within": "2 d"}
BY_DAY = policy(UNSCREENED, {"hours": HOURS})
EVENING = datetime(
    2026, 3, 4, 16, 30, tzinfo=UTC
)  # in Madrid their day is over, in London not yet, in Tokyo long since
NINE_FOR = {ROSA: datetime(2026, 3, 5, 8, tzinfo=UTC), TOMOKO: datetime(2026, 3, 5, 0, tzinfo=UTC)}
LATER = MONDAY + timedelta(minutes=45)  # later than promised
NOT_NOW = Refused(reason=Reason.NOT_NOW)
lost = bounces(TOMOKO.id, LetterKind.ASK_TARGET, Role.TARGET)
lost_hers = bounces(ROSA.id, LetterKind.ASK_REQUESTER, Role.REQUESTER)


def again(introduction: Introduction, who: PersonId) -> News:
    return Resent(by=OLIVE.id, ask=last_ask(introduction, who), words=SOME_WORDS)


def decided(introduction: Introduction, news: News) -> Step | Refused:
    return decide(introduction, news, MONDAY + timedelta(hours=1))


def test_an_unanswered_question_is_repeated_once_in_place_of_its_reminder() -> None:
    asked = after(begun=opening(UNSCREENED))
    (ask,) = asked.open_asks()
    step = decided(asked, again(asked, CARL.id))
    assert isinstance(step, Step)
    (letter,) = step.effects
    assert isinstance(letter, WriteAgain)
    assert (letter.reminder, letter.words, letter.letter) == (True, SOME_WORDS, LetterKind.ASK_CONNECTOR)
    (repeated,) = step.after.open_asks()
    assert (repeated.due_at, repeated.remind_at) == (ask.due_at, None)
    assert step.after.letters == asked.letters
    assert decided(step.after, again(step.after, CARL.id)) == NOT_NOW


def test_after_the_reminder_nobody_is_written_to_again() -> None:
    playing = play(begun=opening(UNSCREENED))
    playing.time_passes()
    assert [ask.remind_at for ask in playing.introduction.open_asks()] == [None]
    assert decide(playing.introduction, again(playing.introduction, CARL.id), playing.now) == NOT_NOW


def test_a_letter_that_came_back_goes_out_again_and_all_goes_on() -> None:
    ended = after(approves(CARL), lost, begun=opening(UNSCREENED))
    assert isinstance(ended.stage, Resting)
    step = decided(ended, again(ended, TOMOKO.id))
    assert isinstance(step, Step)
    assert isinstance(step.after.stage, WithParties)
    assert {type(effect) for effect in step.effects} >= {TakeUp, WriteAgain}
    (ask,) = step.after.open_asks(Role.TARGET)
    assert (ask.number, ask.due_at > MONDAY) == (last_ask(ended, TOMOKO.id), True)
    assert step.after.letters_to(Role.TARGET) == 1
    playing = play(approves(CARL), lost, lambda i: again(i, TOMOKO.id), opts_in(TOMOKO), begun=opening(UNSCREENED))
    assert not playing.refusals
    playing.time_passes(timedelta(hours=1))
    assert isinstance(playing.introduction.stage, FollowingUp)


def test_a_letter_that_comes_back_twice_ends_it_for_good() -> None:
    twice = (approves(CARL), lost, lambda i: again(i, TOMOKO.id), lost)
    ended = after(*twice, begun=opening(UNSCREENED))
    assert decided(ended, again(ended, TOMOKO.id)) == NOT_NOW
    assert ended.letters_to(Role.TARGET) == 0


def test_nothing_goes_on_against_anybodys_will() -> None:
    """A block or a word already given to the requester stands."""
    withdrawn = after(approves(CARL), lost, Blocked(by=CARL.id), begun=opening(UNSCREENED))
    held = after(approves(CARL), Held(by=OLIVE.id), begun=opening(UNSCREENED))
    for each in (withdrawn, held):
        assert decided(each, again(each, TOMOKO.id)) == NOT_NOW
    told = play(approves(CARL), lost, begun=opening(UNSCREENED))
    told.to_the_end()
    assert isinstance(told.introduction.stage, Closed)
    assert decided(told.introduction, again(told.introduction, TOMOKO.id)) == Refused(reason=Reason.CLOSED)


@pytest.mark.parametrize("no", [declines(TOMOKO), OptedOut(by=TOMOKO.id), Blocked(by=TOMOKO.id)])
def test_to_whom_has_said_no_it_is_taken_once_and_sends_nothing(no: Said) -> None:
    """Staff learn of it no earlier than of silence, and a refusal would tell."""
    ended = after(approves(CARL), no, begun=opening(UNSCREENED))
    taken = decided(ended, again(ended, TOMOKO.id))
    assert isinstance(taken, Step)
    assert taken.effects == ()
    assert taken.after.stage == ended.stage
    assert decided(taken.after, again(taken.after, TOMOKO.id)) == NOT_NOW


def test_where_the_requester_has_said_no_meanwhile_it_stays_ended() -> None:
    together = policy(UNSCREENED, {"order": "together"})
    ended = after(approves(CARL), lost, declines(ROSA), begun=opening(together))
    taken = decided(ended, again(ended, TOMOKO.id))
    assert isinstance(taken, Step), "staff learn of the no at its deadline, and a refusal would tell"
    assert (taken.after.stage.kind, [each.kind for each in taken.effects]) == ("resting", ["extend_ask"])
    older = ended.model_copy(update={"ends_as_silence_would": False})
    assert decided(older, again(older, TOMOKO.id)) == NOT_NOW
    still_asked = after(approves(CARL), lost, begun=opening(together))
    assert isinstance(decided(still_asked, again(still_asked, TOMOKO.id)), Step)


@pytest.mark.parametrize(
    ("gone", "lost_by"),
    [
        (OptedOut(by=TOMOKO.id), TOMOKO),
        (Blocked(by=TOMOKO.id), TOMOKO),
        (OptedOut(by=TOMOKO.id), ROSA),
        (TookBack(by=TOMOKO.id), ROSA),
    ],
)
def test_behind_what_a_target_has_said_since_it_is_taken_and_goes_to_nobody(gone: News, lost_by: Person) -> None:
    before = (approves(CARL), lost) if lost_by == TOMOKO else (approves(CARL), opts_in(TOMOKO), lost_hers)
    ended = after(*before, gone, begun=opening(TARGET_FIRST))
    taken = decided(ended, again(ended, lost_by.id))
    assert isinstance(taken, Step), "staff learn of it no earlier than of silence, and a refusal would tell"
    assert (taken.after.stage.kind, [each.kind for each in taken.effects]) == ("resting", ["extend_ask"])
    older = ended.model_copy(update={"ends_as_silence_would": False})
    assert decided(older, again(older, lost_by.id)) == NOT_NOW


def test_the_requesters_own_lost_letter_goes_again_once_the_other_has_agreed() -> None:
    ended = after(approves(CARL), opts_in(TOMOKO), lost_hers, begun=opening(TARGET_FIRST))
    step = decided(ended, again(ended, ROSA.id))
    assert isinstance(step, Step)
    assert [ask.kind for ask in step.after.open_asks()] == [AskKind.OPT_IN]


def _introduced(rules: Policy = UNSCREENED) -> Play:
    playing = play(approves(CARL), opts_in(TOMOKO), begun=opening(rules))
    while not isinstance(playing.introduction.stage, FollowingUp):
        playing.time_passes()
    return playing


def test_an_introduction_that_came_back_is_sent_once_more_to_whom_it_missed() -> None:
    kind = LetterKind.INTRODUCTION_TO_TARGET
    playing = _introduced()
    send = Resent(by=OLIVE.id, letter=kind, words=SOME_WORDS)
    assert decide(playing.introduction, send, playing.now) == NOT_NOW
    playing.hear(Undeliverable(letter=kind, role=Role.TARGET))
    step = playing.hear(send)
    assert isinstance(step, Step)
    (letter,) = step.effects
    assert isinstance(letter, WriteLetter)
    assert (letter.to, letter.letter, letter.words) == (TOMOKO.id, kind, SOME_WORDS)
    playing.hear(Undeliverable(letter=kind, role=Role.TARGET))
    assert playing.hear(send) == NOT_NOW


def test_a_question_after_the_introduction_that_came_back_is_sent_once_more() -> None:
    playing = _introduced()
    while not playing.introduction.open_asks():
        playing.time_passes()
    (ask,) = playing.introduction.open_asks()
    playing.hear(Undeliverable(letter=LetterKind.HAVE_YOU_WRITTEN, role=ask.role, ask=ask.number))
    step = playing.hear(Resent(by=OLIVE.id, ask=ask.number))
    assert isinstance(step, Step)
    assert [getattr(effect, "reminder", None) for effect in step.effects] == [False]


def test_what_is_no_letter_of_this_introduction_is_not_sent() -> None:
    asked = after(begun=opening(UNSCREENED))
    assert decided(asked, Resent(by=OLIVE.id, ask=last_ask(asked, CARL.id), letter=None)) != NOT_NOW
    assert decided(asked, Resent(by=OLIVE.id, ask=AskNumber(9))) == Refused(reason=Reason.UNKNOWN_ASK)
    assert decided(asked, Resent(by=OLIVE.id)) == NOT_NOW
    assert decided(asked, Resent(by=OLIVE.id, letter=LetterKind.NO_INTRODUCTION)) == NOT_NOW


def test_each_letter_of_the_introduction_goes_to_its_own_reader_and_in_their_hours() -> None:
    playing = _introduced(BY_DAY)
    for kind, role, who in (
        (LetterKind.INTRODUCTION_TO_REQUESTER, Role.REQUESTER, ROSA),
        (LetterKind.INTRODUCTION_TO_TARGET, Role.TARGET, TOMOKO),
    ):
        playing.time_passes(EVENING)
        playing.hear(Undeliverable(letter=kind, role=role), Undeliverable(letter=kind, role=role))
        assert following(playing).unreached == (kind,)
        step = playing.hear(Resent(by=OLIVE.id, letter=kind))
        assert isinstance(step, Step)
        (letter,) = step.effects
        assert isinstance(letter, WriteLetter)
        assert (letter.to, letter.not_before) == (who.id, NINE_FOR[who])
        assert following(playing).unreached == ()


def test_a_question_sent_again_waits_for_its_readers_day() -> None:
    playing = _introduced(BY_DAY)
    playing.time_passes(EVENING + timedelta(days=1))
    (ask,) = playing.introduction.open_asks(Role.REQUESTER)
    playing.hear(Undeliverable(letter=LetterKind.HAVE_YOU_WRITTEN, role=ask.role, ask=ask.number))
    step = playing.hear(Resent(by=OLIVE.id, ask=ask.number))
    assert isinstance(step, Step)
    (letter,) = step.effects
    assert isinstance(letter, WriteAgain)
    assert letter.not_before == NINE_FOR[ROSA] + timedelta(days=1)


def test_what_came_back_is_not_sent_to_somebody_who_has_left_nor_what_is_no_letter_of_the_introduction() -> None:
    playing, kind = _introduced(), LetterKind.INTRODUCTION_TO_TARGET
    playing.hear(Undeliverable(letter=LetterKind.NO_INTRODUCTION, role=Role.REQUESTER))
    assert following(playing).unreached == ()
    playing.hear(Undeliverable(letter=kind, role=Role.TARGET), OptedOut(by=TOMOKO.id))
    assert playing.hear(Resent(by=OLIVE.id, letter=kind)) == NOT_NOW


def test_where_the_requester_has_not_been_asked_yet_the_targets_lost_letter_goes_again() -> None:
    ended = after(approves(CARL), lost, begun=opening(TARGET_FIRST))
    assert isinstance(decided(ended, again(ended, TOMOKO.id)), Step)


def test_a_letter_of_an_earlier_version_is_not_sent_again() -> None:
    dead, changed = address_is_dead(TOMOKO), Edited(by=ROSA.id, note=SOME_WORDS, channels=(ROSAS_MAIL,))
    told = (approves(CARL), dead, changed, approves(CARL), lost)
    ended = after(*told, begun=opening(demo(**THREE_ADDRESSES, order="target_first")))
    assert isinstance(ended.stage, Resting)
    first, second = (ask.number for ask in asks_of(ended, Role.TARGET))
    assert decided(ended, Resent(by=OLIVE.id, ask=first)) == NOT_NOW
    assert isinstance(decided(ended, Resent(by=OLIVE.id, ask=second)), Step)


def test_a_second_address_that_was_undone_is_not_written_to() -> None:
    dead = address_is_dead(TOMOKO)
    told = (approves(CARL), dead, gives_address(CARL), undoes(CARL), declines(CARL))
    ended = after(*told, begun=opening(demo(**THREE_ADDRESSES)))
    assert isinstance(ended.stage, Resting)
    assert decided(ended, Resent(by=OLIVE.id, ask=asks_of(ended, Role.TARGET)[-1].number)) == NOT_NOW


def test_once_the_requester_has_been_told_nothing_is_sent_again() -> None:
    """Not even where a later yes has brought the question back to them, and the letter lost is the other's."""
    playing = play(approves(CARL), opts_in(ROSA), puts_off(TOMOKO, LATER), begun=opening(demo(**FORGETFUL)))
    playing.time_passes(LATER + timedelta(minutes=1))
    playing.hear(opts_in(TOMOKO))
    playing.time_passes(timedelta(minutes=9))
    playing.hear(opts_in(ROSA), lost)
    assert not playing.refusals
    assert isinstance(playing.introduction.stage, Resting)
    assert playing.hear(again(playing.introduction, TOMOKO.id)) == NOT_NOW


def following(playing: Play) -> FollowingUp:
    stage = playing.introduction.stage
    assert isinstance(stage, FollowingUp)
    return stage
