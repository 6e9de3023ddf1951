"""The work of time alone: reminders, silence, deadlines, the promised day, and the weeks after an introduction."""

from datetime import timedelta

from models.asks import Ask, AskKind, AskState
from models.effects import FreeSlot, KeepTie, SettleAsk, WriteAgain
from models.letters import LetterKind, Role
from models.news import (
    AcceptedLate,
    AnswerWaiting,
    Held,
    News,
    NotYetAccepted,
    OptedOut,
    Silent,
    TimeIsUp,
    Undeliverable,
)
from models.outcomes import DidNotMeet, Ending, MeetingAhead, Met, Wrote
from models.process.state.opening import Opening
from models.process.state.stages import Closed, Delivering, FollowingUp, Resting, WithConnector, WithParties
from models.process.timetable import next_wake
from models.process.verdict import Reason, Refused
from models.time.open_hours import Days
from tests.cast import CARL, CLEO, MONDAY, OLIVE, ROSA, TOMOKO, opening, play, policy
from tests.models.exploration.queries import asks_of
from tests.models.record.requesters_view import letters_to
from tests.support.news_phrases import approves, declines, last_ask, opts_in, puts_off, reports, thanks, undoes
from tests.support.play import SECOND, Play, Store

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NOT_READ = policy("accelerator", {"screening": None})
UNSCREENED = opening(NOT_READ)
UNBATCHED = opening(policy("demo", {"requester.closings_every": None}))


def kinds(who: str, playing: Play) -> list[str]:
    return [letter.kind for letter in letters_to(who, playing)]  # type: ignore[arg-type]


def introduced() -> Play:
    """Under the accelerator's rules, on Monday ten past nine."""
    playing = play(approves(CARL), opts_in(TOMOKO), begun=UNSCREENED)
    playing.time_passes(11 * MINUTE)
    assert isinstance(playing.introduction.stage, FollowingUp)
    return playing


# Silence


def test_nothing_happens_before_it_is_due() -> None:
    playing = play()
    assert playing.hear(TimeIsUp()) == Refused(reason=Reason.NOTHING_DUE)


def test_one_reminder_then_silence() -> None:
    playing = play()
    playing.time_passes(10 * MINUTE)
    again = [effect for effect in playing.effects() if isinstance(effect, WriteAgain)]
    assert [(effect.ask, effect.reminder) for effect in again] == [(1, True)]
    assert playing.introduction.asks[0].state == AskState.LAPSED


def test_nobody_is_silent_whose_letter_the_relay_never_took() -> None:
    class Unreached(Store):
        def replies(self, step):  # type: ignore[no-untyped-def]
            for reply in super().replies(step):
                yield NotYetAccepted(ask=reply.ask) if isinstance(reply, Silent) else reply

    playing = play(store=Unreached((CARL.somebody, CLEO.somebody)))
    playing.time_passes(15 * MINUTE)
    assert playing.introduction.asks[0].is_open
    assert playing.introduction.asks[0].due_at == MONDAY + 20 * MINUTE


def test_a_letter_taken_late_gives_its_reader_their_whole_time() -> None:
    playing = play()
    late = playing.now + 3 * MINUTE
    playing.now = late
    playing.hear(AcceptedLate(ask=last_ask(playing.introduction, CARL.id), at=late))
    ask = playing.introduction.asks[0]
    assert ask.due_at == late + 10 * MINUTE
    assert playing.hear(AcceptedLate(ask=ask.number, at=late - 5 * MINUTE)) == Refused(reason=Reason.NOT_NOW)


def test_an_answer_on_its_way_is_waited_for() -> None:
    class OnItsWay(Store):
        def replies(self, step):  # type: ignore[no-untyped-def]
            for reply in super().replies(step):
                yield AnswerWaiting(ask=reply.ask) if isinstance(reply, Silent) else reply

    playing = play(store=OnItsWay((CARL.somebody,)))
    playing.time_passes(10 * MINUTE)
    playing.hear(approves(CARL))
    assert isinstance(playing.introduction.stage, WithParties)


def test_a_deadline_is_counted_from_when_the_letter_may_leave() -> None:
    playing = play(approves(CARL), begun=UNSCREENED)
    ask = playing.introduction.asks[-1]
    assert ask.due_at == MONDAY + timedelta(seconds=1) + 10 * MINUTE + 7 * DAY  # five business days


# The promised day


def test_on_the_promised_day_she_hears_and_her_place_is_free() -> None:
    playing = play(begun=opening("accelerator"))
    playing.time_passes(playing.opening.promised_at)
    assert playing.introduction.stage == Closed(ending=Ending.LAPSED)
    assert kinds(ROSA.id, playing) == [LetterKind.NO_INTRODUCTION]
    assert sum(isinstance(effect, FreeSlot) for effect in playing.effects()) == 1


def test_a_late_yes_comes_back_to_her_as_a_fresh_question() -> None:
    playing = play(begun=UNSCREENED)
    playing.hear(puts_off(CARL, MONDAY + 28 * DAY))
    playing.time_passes(playing.opening.promised_at + DAY)
    assert isinstance(playing.introduction.stage, WithConnector)
    assert not playing.introduction.has_opted_in(Role.REQUESTER)
    playing.time_passes(MONDAY + 29 * DAY)
    playing.hear(approves(CARL), opts_in(TOMOKO))
    assert [(ask.person, ask.kind) for ask in playing.introduction.open_asks()] == [(ROSA.id, AskKind.OPT_IN)]
    playing.hear(opts_in(ROSA))
    assert isinstance(playing.introduction.stage, Delivering)


def test_who_is_asked_anew_just_before_the_promised_day_keeps_the_time_their_letter_says() -> None:
    playing, ask = asked_anew_just_before_the_promise()
    assert kinds(ROSA.id, playing).count(LetterKind.NO_INTRODUCTION) == 1
    assert not playing.introduction.has_opted_in(Role.REQUESTER), "it returns to her as a fresh question"
    playing.hear(opts_in(TOMOKO))
    assert [(each.person, each.kind) for each in playing.introduction.open_asks()] == [(ROSA.id, AskKind.OPT_IN)]
    playing.hear(opts_in(ROSA))
    assert isinstance(playing.introduction.stage, Delivering)
    silent, ask = asked_anew_just_before_the_promise()
    silent.time_passes(ask.due_at - DAY)
    assert not silent.introduction.closed
    silent.time_passes(ask.due_at)
    assert silent.introduction.stage == Closed(ending=Ending.LAPSED)
    assert kinds(ROSA.id, silent).count(LetterKind.NO_INTRODUCTION) == 1


def test_what_began_before_there_was_this_rule_ends_on_the_promised_day() -> None:
    older, _ = asked_anew_just_before_the_promise(UNSCREENED.model_copy(update={"later_keeps_its_time": False}))
    assert older.introduction.stage == Closed(ending=Ending.LAPSED)


def test_a_hold_ends_on_the_promised_day_also_for_who_was_asked_anew() -> None:
    held, _ = asked_anew_just_before_the_promise(UNSCREENED, Held(by=OLIVE.id))
    assert held.introduction.stage == Closed(ending=Ending.LAPSED)


def asked_anew_just_before_the_promise(begun: Opening = UNSCREENED, *then: News) -> tuple[Play, Ask]:
    """Tomoko said "later", and is asked anew a day before Rosa is told; it is past that now."""
    playing = play(approves(CARL), begun=begun)
    playing.hear(puts_off(TOMOKO, begun.promised_at - DAY))
    playing.time_passes(begun.promised_at - DAY)
    (ask,) = playing.introduction.open_asks(Role.TARGET)
    assert ask.due_at > begun.promised_at
    playing.hear(*then)
    playing.time_passes(begun.promised_at)
    return playing, ask


def test_asked_afresh_she_hears_a_second_time_on_the_day_she_was_given() -> None:
    playing = play(begun=UNSCREENED)
    playing.hear(puts_off(CARL, MONDAY + 28 * DAY))
    playing.time_passes(MONDAY + 29 * DAY)
    playing.hear(approves(CARL), opts_in(TOMOKO), OptedOut(by=TOMOKO.id))
    fresh = playing.introduction.open_asks(Role.REQUESTER)[0]
    playing.time_passes(fresh.due_at + DAY)
    assert kinds(ROSA.id, playing).count(LetterKind.NO_INTRODUCTION) == 2
    assert playing.introduction.closed


def test_asked_afresh_she_has_her_whole_time_where_she_takes_an_answer_back_that_came_too_late() -> None:
    old = {"requester.yes_valid_for": "8 min", "target.yes_valid_for": "8 min", "requester.closings_every": None}
    later = MONDAY + 45 * MINUTE
    playing = play(approves(CARL), opts_in(ROSA), puts_off(TOMOKO, later), begun=opening(policy("demo", old)))
    playing.time_passes(later + MINUTE)
    playing.hear(opts_in(TOMOKO))
    playing.time_passes(9 * MINUTE)
    playing.hear(opts_in(ROSA), declines(TOMOKO))
    stage = playing.introduction.stage
    assert isinstance(stage, Resting)
    playing.hear(undoes(ROSA))
    assert not playing.refusals
    (ask,) = playing.introduction.open_asks()
    playing.time_passes(stage.tell_at)
    assert (ask.due_at > stage.tell_at, playing.introduction.closed) == (True, False)
    playing.time_passes(ask.due_at)
    assert playing.introduction.closed


def test_a_hold_does_not_keep_an_ending_from_her_when_her_batch_is_told() -> None:
    playing = play(approves(CARL), Held(by=OLIVE.id), declines(TOMOKO), begun=opening("demo"))
    stage, wake = playing.introduction.stage, next_wake(playing.introduction)
    assert isinstance(stage, Resting)
    assert wake
    assert wake.at == stage.tell_at < playing.introduction.promised_at


def test_without_a_late_yes_she_is_not_written_to_again() -> None:
    playing = play(begun=UNSCREENED)
    playing.hear(puts_off(CARL, MONDAY + 28 * DAY))
    playing.to_the_end()
    assert kinds(ROSA.id, playing) == [LetterKind.NO_INTRODUCTION]


def test_in_batches_endings_are_told_at_the_next_one() -> None:
    playing = play()
    playing.store.connectors = ()
    playing.time_passes(70 * timedelta(seconds=1))
    playing.hear(OptedOut(by=CARL.id))
    playing.time_passes()
    assert playing.now == MONDAY + 90 * timedelta(seconds=1)
    assert playing.introduction.closed


# After the introduction


def test_with_the_introduction_her_place_is_free() -> None:
    assert sum(isinstance(effect, FreeSlot) for effect in introduced().effects()) == 1


def test_nobody_says_anything_any_more() -> None:
    playing = introduced()
    playing.to_the_end()
    assert playing.introduction.stage == Closed(ending=Ending.DELIVERED)
    assert kinds(ROSA.id, playing) == [LetterKind.HAVE_YOU_WRITTEN, LetterKind.DID_YOU_MEET, LetterKind.DID_YOU_MEET]
    assert kinds(TOMOKO.id, playing) == [LetterKind.ASK_TARGET, LetterKind.WAS_IT_USEFUL]
    assert kinds(CARL.id, playing) == [LetterKind.ASK_CONNECTOR, LetterKind.HOW_IT_WENT]


def test_a_meeting_brings_thanks_the_next_morning_a_check_in_and_the_loop_closed_with_her_words() -> None:
    playing = introduced()
    playing.time_passes(11 * DAY)
    playing.hear(reports(ROSA, Met(useful=True)))
    playing.time_passes()
    assert playing.now.hour == 8  # nine in Madrid
    playing.hear(thanks(ROSA), reports(TOMOKO, Met()))
    assert playing.introduction.stage == Closed(ending=Ending.MET)
    assert letters_to(CARL.id, playing)[-1].with_words
    ties = [effect for effect in playing.effects() if isinstance(effect, KeepTie) and effect.met]
    assert {(tie.connector, tie.person) for tie in ties} == {(ROSA.id, TOMOKO.id), (TOMOKO.id, ROSA.id)}


def test_thanks_she_keeps_from_the_connector_do_not_reach_them() -> None:
    playing = introduced()
    playing.time_passes(11 * DAY)
    playing.hear(reports(ROSA, Met()))
    playing.time_passes()
    playing.hear(thanks(ROSA, share_with_connector=False))
    playing.to_the_end()
    assert not letters_to(CARL.id, playing)[-1].with_words


def test_where_she_says_they_did_not_meet_the_other_is_asked_before_anybody_is_told() -> None:
    playing = introduced()
    playing.time_passes(11 * DAY)
    playing.hear(reports(ROSA, DidNotMeet()))
    assert kinds(TOMOKO.id, playing)[-1] == LetterKind.WAS_IT_USEFUL
    playing.hear(reports(TOMOKO, Met()))
    assert playing.introduction.stage == Closed(ending=Ending.MET)


def test_a_meeting_still_ahead_is_asked_about_once_more() -> None:
    playing = introduced()
    playing.time_passes(11 * DAY)
    playing.hear(reports(ROSA, MeetingAhead()))
    playing.time_passes(11 * DAY)
    assert kinds(ROSA.id, playing).count(LetterKind.DID_YOU_MEET) == 2


def test_whether_she_has_written_is_a_question_of_its_own() -> None:
    playing = introduced()
    playing.time_passes(2 * DAY)
    assert playing.hear(reports(ROSA, Met())) == Refused(reason=Reason.NOT_AN_ANSWER)
    playing.hear(reports(ROSA, Wrote(yet=True)))
    assert isinstance(playing.introduction.stage, FollowingUp)


def test_where_her_letters_are_used_up_her_page_asks_and_nobody_reminds_her() -> None:
    few = opening(policy("accelerator", {"screening": None, "letters.requester": 2}))
    playing = play(approves(CARL), opts_in(TOMOKO), begun=few)
    playing.time_passes(5 * DAY)
    assert kinds(ROSA.id, playing) == []
    playing.time_passes(20 * DAY)
    assert kinds(ROSA.id, playing) == [LetterKind.DID_YOU_MEET, LetterKind.DID_YOU_MEET]


def test_where_her_letters_are_used_up_a_meeting_still_ahead_is_asked_about_on_her_page() -> None:
    playing = play(approves(CARL), opts_in(TOMOKO), begun=opening(policy(NOT_READ, {"letters.requester": 2})))
    playing.time_passes(12 * DAY)
    playing.hear(reports(ROSA, MeetingAhead()))
    playing.time_passes(15 * DAY)
    assert [ask.on_page for ask in asks_of(playing.introduction, Role.REQUESTER)][-2:] == [False, True]


def test_where_letters_are_used_up_both_are_asked_on_their_pages_as_the_term_ends() -> None:
    term = {"ends": ["03-31"], "answer_within": "7 d"}
    rules = policy(NOT_READ, {"letters.requester": 2, "letters.target": 2, "follow_up.term": term})
    playing = play(approves(CARL), opts_in(TOMOKO), begun=opening(rules))
    playing.time_passes(30 * DAY)
    asked = [ask for ask in playing.introduction.open_asks() if ask.kind == AskKind.CLOSING]
    assert [(ask.role, ask.on_page) for ask in asked] == [(Role.REQUESTER, True), (Role.TARGET, True)]


def test_where_no_term_is_left_the_loop_is_closed_as_without_terms() -> None:
    over = {"ends": ["2026-02-28"], "answer_within": "7 d"}
    with_term, without = (
        play(approves(CARL), opts_in(TOMOKO), begun=opening(policy(NOT_READ, {"follow_up.term": term})))
        for term in (over, None)
    )
    assert [(ask.kind, ask.opened_at) for ask in with_term.to_the_end().asks] == [
        (ask.kind, ask.opened_at) for ask in without.to_the_end().asks
    ]


def test_where_holidays_carry_the_first_question_past_the_second_she_is_asked_once() -> None:
    days = Days(holidays=tuple((MONDAY + day * DAY).date() for day in range(1, 21)))
    follow_up = {"written": "2 h", "did_you_meet": "2 bd", "did_you_meet_again": "4 d", "first_contact": None}
    begun = opening(policy(NOT_READ, {f"follow_up.{name}": value for name, value in follow_up.items()}))
    rosa = begun.requester.model_copy(update={"days": days})
    playing = play(approves(CARL), opts_in(TOMOKO), begun=begun.model_copy(update={"requester": rosa}))
    playing.to_the_end()
    asked = [ask.kind for ask in asks_of(playing.introduction, Role.REQUESTER)]
    assert asked == [AskKind.WRITTEN, AskKind.MEET]
    settled = [effect.ask for effect in playing.effects() if isinstance(effect, SettleAsk)]
    assert len(settled) == len(set(settled)), "nothing is settled twice"
    (written, meet) = asks_of(playing.introduction, Role.REQUESTER)
    settling = [
        moment
        for moment in playing.moments
        if SettleAsk(ask=written.number, state=AskState.SETTLED) in moment.step.effects
    ]
    assert [moment.at for moment in settling] == [meet.opened_at]


def test_who_opted_out_is_asked_nothing_afterwards() -> None:
    playing = introduced()
    playing.hear(OptedOut(by=ROSA.id), OptedOut(by=TOMOKO.id))
    playing.to_the_end()
    assert kinds(ROSA.id, playing) == []
    assert kinds(TOMOKO.id, playing) == [LetterKind.ASK_TARGET]


def test_a_letter_of_the_delivery_that_bounces_changes_nothing_that_was_said() -> None:
    playing = introduced()
    playing.hear(Undeliverable(letter=LetterKind.INTRODUCTION_TO_TARGET, role=Role.TARGET))
    assert not playing.refusals, "it is written down, so that an operator sees it"
    assert isinstance(playing.introduction.stage, FollowingUp)


def test_thanks_that_come_when_the_loop_is_due_ask_nobody_anything_more() -> None:
    playing = introduced()
    playing.time_passes(11 * DAY)
    playing.hear(reports(ROSA, Met()))
    playing.time_passes()
    stage = playing.introduction.stage
    assert isinstance(stage, FollowingUp)
    playing.now = stage.outcome_at - SECOND  # and heard in that very second
    playing.hear(thanks(ROSA))
    assert playing.introduction.closed
    assert kinds(TOMOKO.id, playing) == [LetterKind.ASK_TARGET]
