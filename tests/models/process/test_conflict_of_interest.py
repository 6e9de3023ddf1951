"""An operator keeps away from an introduction that is about them."""

from collections.abc import Callable

import pytest

from models.ids import PersonId
from models.news import Extended, Held, Lending, News, Proposed, Resent, Screened, SentBack, Stopped, Withdrew
from models.process.story import decide
from models.process.verdict import Reason, Refused, Step
from tests.cast import CARL, MONDAY, OLIVE, ROSA, SOME_WORDS, TOMOKO, Person, after, opening, policy
from tests.support.news_phrases import last_ask

READ = opening(policy("accelerator"))


@pytest.mark.parametrize("one", [ROSA, TOMOKO])
@pytest.mark.parametrize(
    "act",
    [
        lambda by: Screened(by=by, approved=True),
        lambda by: Screened(by=by, approved=False),
        lambda by: Screened(by=by, approved=True, lends=Lending(by=by, vouch="vouch", sentence=SOME_WORDS)),
        lambda by: SentBack(by=by, words=SOME_WORDS),
        lambda by: Stopped(by=by),
        lambda by: Held(by=by),
    ],
)
def test_neither_of_the_two_does_what_an_operator_does(one: Person, act: Callable[[PersonId], News]) -> None:
    assert decide(after(begun=READ), act(one.id), MONDAY) == Refused(reason=Reason.OWN_PART)
    assert isinstance(decide(after(begun=READ), act(OLIVE.id), MONDAY), Step | Refused)


def test_what_is_theirs_they_do_as_the_person_they_are() -> None:
    assert isinstance(decide(after(begun=READ), Withdrew(by=ROSA.id), MONDAY), Step)


def test_nobody_chooses_whom_to_propose_for_a_need_of_their_own() -> None:
    seeking = after(begun=opening(target=None))
    theirs = Proposed(by=ROSA.id, target=TOMOKO.somebody)
    assert decide(seeking, theirs, MONDAY) == Refused(reason=Reason.OWN_PART)


def test_a_connector_who_works_here_gives_themselves_no_more_time() -> None:
    asked = after(begun=opening("demo"))
    until, number = asked.promised_at, last_ask(asked, CARL.id)
    by_carl = Extended(ask=number, by=CARL.id, until=until)
    assert decide(asked, by_carl, MONDAY) == Refused(reason=Reason.OWN_PART)
    assert isinstance(decide(asked, by_carl.model_copy(update={"by": OLIVE.id}), MONDAY), Step)
    assert decide(asked, Resent(by=CARL.id, ask=number), MONDAY) != Refused(reason=Reason.OWN_PART)


def test_what_was_begun_before_there_was_this_rule_goes_on_as_it_was() -> None:
    older = READ.model_copy(update={"own_left_to_others": False})
    assert isinstance(decide(after(begun=older), Screened(by=ROSA.id, approved=True), MONDAY), Step)
