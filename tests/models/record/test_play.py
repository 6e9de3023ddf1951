"""Many introductions played on one clock, and the three groups of news that may come in any chapter."""

from datetime import timedelta
from typing import get_args

from models.ids import IntroductionId
from models.news import Withdrew
from models.process.story import Leaving, Overtaking, Steering
from models.process.verdict import Reason, Refused
from models.record.play import MemoryLedger, Play
from tests.cast import CARL, MONDAY, ROSA, opening
from tests.support.play import Store


def test_time_moves_each_of_many_introductions_at_its_own_instant() -> None:
    ledger = MemoryLedger(Store((CARL.somebody,)).replies)
    play = Play(MONDAY, ledger)
    for number in range(3):
        play.now = MONDAY + timedelta(seconds=number)
        play.begin(opening().model_copy(update={"id": IntroductionId(f"int_{number}"), "asked_at": play.now}))
    play.time_passes(MONDAY + timedelta(days=400))
    assert all(course.introduction.closed for course in play.courses.values())
    assert play.next_due() is None
    assert not play.wake()
    instants = [moment.at for moment in ledger.moments]
    assert instants == sorted(instants)
    assert play.now == MONDAY + timedelta(days=400)


def test_what_is_not_due_any_more_is_passed_over() -> None:
    play, begun = Play(MONDAY, MemoryLedger(Store((CARL.somebody,)).replies)), opening()
    play.begin(begun)
    assert play.next_due()
    play.hear(begun.id, Withdrew(by=ROSA.id))
    assert play.next_due() is None
    assert play.hear(begun.id, Withdrew(by=ROSA.id)) == Refused(reason=Reason.CLOSED)


def test_no_news_belongs_to_two_groups() -> None:
    groups = [get_args(group) for group in (Leaving, Steering, Overtaking)]
    kinds = [news for group in groups for news in group]
    assert len(kinds) == len(set(kinds))
