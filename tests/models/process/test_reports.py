"""Conclusions from what two people say of one meeting. Nothing that only one of them says against the other."""

from datetime import UTC, datetime, timedelta

import pytest

from models.asks import Ask, AskKind
from models.effects import CountNoShow, Effect, ForgetMeeting, KeepTie, SetNoShowAside
from models.letters import LetterKind, Role
from models.news import OptedOut
from models.outcomes import DidNotMeet, Ending, MeetingAhead, Met, NoShow, Outcome, RatherNot, Wrote
from models.policy.policy import Policy
from models.process.bounds import HEARD_WITHIN
from models.process.chapters.undo import held_until
from models.process.possible import Act, possible
from models.process.state.introduction import Introduction
from models.process.state.stages import FollowingUp
from models.process.verdict import Reason, Refused
from tests.cast import CARL, ROSA, TOMOKO, Person, opening, play, policy
from tests.models.exploration.queries import asks_of, ending
from tests.models.record.requesters_view import letters_to
from tests.support.news_phrases import approves, opts_in, reports
from tests.support.play import Play

DAY = timedelta(days=1)
ACCELERATOR = policy("accelerator", {"screening": None})
IN_01 = policy("accelerator", {"screening": None, "pauses": None, "follow_up.hear_both": False})


def introduced(rules: Policy = ACCELERATOR) -> Play:
    playing = play(approves(CARL), opts_in(TOMOKO), begun=opening(rules))
    playing.time_passes(timedelta(hours=1))
    return playing


def both_asked(rules: Policy = ACCELERATOR) -> Play:
    """Nobody has said anything by the second question: both lie before their readers."""
    playing = introduced(rules)
    playing.time_passes(22 * DAY)
    return playing


def said(first: tuple[Person, Outcome], second: tuple[Person, Outcome]) -> Play:
    playing = both_asked()
    playing.hear(reports(*first), reports(*second))
    assert not playing.refusals
    return playing


BOTH_WAYS = pytest.mark.parametrize("turned", [False, True], ids=["she first", "the other first"])


def in_turn(rosas: Outcome, tomokos: Outcome, turned: bool) -> Play:
    hers, others = (ROSA, rosas), (TOMOKO, tomokos)
    return said(others, hers) if turned else said(hers, others)


@BOTH_WAYS
@pytest.mark.parametrize(
    ("rosas", "tomokos", "expected"),
    [
        (Met(), DidNotMeet(), Ending.MET),
        (DidNotMeet(), DidNotMeet(), Ending.DID_NOT_MEET),
        (DidNotMeet(), NoShow(), Ending.DID_NOT_MEET),
        (DidNotMeet(), RatherNot(), Ending.DELIVERED),
        (RatherNot(), NoShow(), Ending.DELIVERED),
        (Met(), NoShow(), Ending.DELIVERED),
        (NoShow(), Met(useful=True), Ending.DELIVERED),
    ],
)
def test_what_two_reports_add_up_to(rosas: Outcome, tomokos: Outcome, expected: Ending, turned: bool) -> None:
    playing = in_turn(rosas, tomokos, turned)
    playing.to_the_end()
    assert ending(playing) == expected


@pytest.mark.parametrize("who", [ROSA, TOMOKO])
@pytest.mark.parametrize("outcome", [DidNotMeet(), NoShow()])
def test_one_word_and_silence_are_not_heard_as_a_no(who: Person, outcome: Outcome) -> None:
    playing = both_asked()
    playing.hear(reports(who, outcome))
    playing.to_the_end()
    assert ending(playing) == Ending.DELIVERED


def test_as_before_where_the_policy_does_not_hear_both() -> None:
    playing = both_asked(IN_01)
    playing.hear(reports(TOMOKO, DidNotMeet()))
    playing.to_the_end()
    assert ending(playing) == Ending.DID_NOT_MEET
    playing = both_asked(IN_01)
    for outcome in (NoShow(), RatherNot()):
        assert playing.hear(reports(TOMOKO, outcome)) == Refused(reason=Reason.NOT_AN_ANSWER)


# No-shows


@pytest.mark.parametrize(("who", "absent"), [(TOMOKO, ROSA), (ROSA, TOMOKO)])
def test_a_no_show_counts_by_the_other_partys_word(who: Person, absent: Person) -> None:
    playing = both_asked()
    playing.hear(reports(who, NoShow()))
    assert counted(playing) == [CountNoShow(person=absent.id, by=who.id)]


def test_neither_silence_nor_ones_own_word_counts() -> None:
    playing = both_asked()
    playing.hear(reports(ROSA, DidNotMeet()))
    playing.to_the_end()
    assert counted(playing) == []


@BOTH_WAYS
def test_where_they_contradict_each_other_nothing_counts_and_no_tie_is_kept(turned: bool) -> None:
    playing = in_turn(Met(), NoShow(), turned)
    standing_ties = [effect for effect in playing.effects() if isinstance(effect, KeepTie) and effect.met]
    forgotten = [effect for effect in playing.effects() if isinstance(effect, ForgetMeeting)]
    aside = [effect for effect in playing.effects() if isinstance(effect, SetNoShowAside)]
    assert len(standing_ties) == len(forgotten)
    assert len(counted(playing)) == len(aside) == int(turned)


@BOTH_WAYS
def test_where_each_waited_for_the_other_nobody_was_absent(turned: bool) -> None:
    playing = in_turn(NoShow(), NoShow(), turned)
    assert len(counted(playing)) == 1
    assert [effect.person for effect in playing.effects() if isinstance(effect, SetNoShowAside)] == [
        effect.person for effect in counted(playing)
    ]


def test_no_tie_comes_of_a_meeting_that_one_of_them_denies() -> None:
    playing = both_asked()
    playing.hear(reports(TOMOKO, NoShow()), reports(ROSA, Met()))
    assert not any(isinstance(effect, KeepTie) and effect.met for effect in playing.effects())


# The first word


def test_where_she_has_not_written_the_other_is_asked_on_their_page_and_the_last_letter_is_kept_for_the_thanks() -> (
    None
):
    playing = introduced()
    playing.time_passes(4 * DAY)
    hers = first_contact(playing.introduction)
    assert [(ask.kind, ask.on_page) for ask in hers] == [(AskKind.WRITTEN, True)]
    playing.to_the_end()
    assert kinds(TOMOKO, playing) == [LetterKind.ASK_TARGET, LetterKind.WAS_IT_USEFUL]


def test_with_two_letters_left_it_is_asked_by_letter() -> None:
    playing = introduced(policy(ACCELERATOR, {"letters.target": 4}))
    playing.time_passes(4 * DAY)
    assert kinds(TOMOKO, playing) == [LetterKind.ASK_TARGET, LetterKind.HAVE_THEY_WRITTEN]
    playing.to_the_end()
    assert playing.introduction.letters_to(Role.TARGET) == 4


@pytest.mark.parametrize("outcome", [Wrote(yet=True), None])
def test_who_has_written_is_not_asked_behind_their_back(outcome: Outcome | None) -> None:
    playing = introduced(ACCELERATOR if outcome else policy(ACCELERATOR, {"follow_up.first_contact": None}))
    playing.time_passes(timedelta(hours=30))
    if outcome:
        playing.hear(reports(ROSA, outcome))
    playing.time_passes(3 * DAY)
    assert first_contact(playing.introduction) == []


def test_not_yet_is_asked_of_the_other_and_their_yes_ends_the_matter() -> None:
    playing = introduced()
    playing.time_passes(2 * DAY)
    playing.hear(reports(ROSA, Wrote(yet=False)))
    playing.time_passes(2 * DAY)
    playing.hear(reports(TOMOKO, Wrote(yet=True)))
    assert not playing.refusals
    assert not playing.introduction.open_asks()


def test_they_may_rather_not_say_and_are_asked_about_the_meeting_all_the_same() -> None:
    playing = introduced()
    playing.time_passes(4 * DAY)
    playing.hear(reports(TOMOKO, RatherNot()))
    assert not playing.refusals
    playing.time_passes(20 * DAY)
    assert LetterKind.WAS_IT_USEFUL in kinds(TOMOKO, playing)


def test_a_meeting_ahead_needs_no_first_word() -> None:
    playing = introduced(policy(ACCELERATOR, {"follow_up.first_contact": "9 d"}))
    playing.time_passes(11 * DAY)
    playing.hear(reports(ROSA, MeetingAhead()))
    assert len(first_contact(playing.introduction)) == 1, "she was silent until then"
    assert not [ask for ask in playing.introduction.open_asks(Role.TARGET) if ask.kind == AskKind.WRITTEN]


# The unusual


def test_who_opts_out_in_the_follow_up_is_left_alone_and_the_other_still_heard() -> None:
    playing = both_asked()
    playing.hear(OptedOut(by=TOMOKO.id), reports(ROSA, DidNotMeet()))
    assert not playing.refusals
    assert ending(playing) == Ending.DELIVERED


def test_nobody_is_asked_the_same_twice_however_many_letters_are_left() -> None:
    playing = both_asked(policy(ACCELERATOR, {"letters.target": 6}))
    playing.hear(reports(ROSA, DidNotMeet()))
    kinds = [ask.kind for ask in asks_of(playing.introduction, Role.TARGET)]
    assert kinds.count(AskKind.MEET) == 1


A_TERM = policy(
    ACCELERATOR,
    {"letters.target": 6, "follow_up.term": {"ends": ["2026-05-29"], "answer_within": "7 d"}},
)


def asked_whether_they_met(rules: Policy) -> Play:
    playing = introduced(rules)
    while not any(ask.kind == AskKind.MEET for ask in playing.introduction.open_asks()):
        playing.time_passes()
    return playing


def test_as_a_term_ends_nobody_is_asked_who_would_rather_not_say() -> None:
    playing = asked_whether_they_met(A_TERM)
    playing.hear(reports(ROSA, RatherNot()), reports(TOMOKO, RatherNot()))
    playing.time_passes()
    assert ending(playing) == Ending.DELIVERED


def test_as_a_term_ends_its_question_takes_the_place_of_the_thanks() -> None:
    playing = asked_whether_they_met(A_TERM)
    playing.time_passes(datetime(2026, 5, 29, 6, 55, tzinfo=UTC))
    playing.hear(reports(ROSA, Met(useful=True)))
    playing.to_the_end()
    asked = [(ask.kind, ask.person) for ask in playing.introduction.asks[-2:]]
    assert asked == [(AskKind.CLOSING, ROSA.id), (AskKind.CLOSING, TOMOKO.id)]


def test_a_report_after_the_loop_is_closed_is_told_that_it_is_over() -> None:
    playing = both_asked()
    playing.to_the_end()
    assert playing.hear(reports(TOMOKO, Met())) == Refused(reason=Reason.CLOSED)


def counted(playing: Play) -> list[CountNoShow]:
    effects: list[Effect] = playing.effects()
    return [effect for effect in effects if isinstance(effect, CountNoShow)]


def first_contact(introduction: Introduction) -> list[Ask]:
    return [ask for ask in asks_of(introduction, Role.TARGET) if ask.kind == AskKind.WRITTEN]


def kinds(who: Person, playing: Play) -> list[str]:
    return [letter.kind for letter in letters_to(who.id, playing)]


def test_a_report_can_be_taken_back_until_the_next_thing_that_time_brings() -> None:
    """Nobody is asked again what they have answered, and it is not over without what they said."""
    playing = asked_whether_they_met(ACCELERATOR)
    introduction, stage = playing.introduction, playing.introduction.stage
    assert isinstance(stage, FollowingUp)
    (ask,) = [each for each in introduction.open_asks(Role.REQUESTER) if each.kind == AskKind.MEET]
    window, last = ACCELERATOR.undo_for.nominal, stage.meet_again_at or stage.outcome_at
    for now, expected in (
        (last - 2 * window, last - window),
        (last - window, last - HEARD_WITHIN),
        (last - HEARD_WITHIN, None),
    ):
        may = possible(introduction, Role.REQUESTER, now)
        assert may.held.get(ask.number) == held_until(introduction, ask, now) == expected
        assert Act.UNDO not in may.about(ask.number)
    held = possible(introduction, Role.REQUESTER, last - window).with_held(ask.number, last)
    assert (held.undo, Act.UNDO in held.about(ask.number)) == ({ask.number: last}, True)
