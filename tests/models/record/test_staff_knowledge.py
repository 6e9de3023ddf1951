"""What staff may know at once, and what is kept from them: told from the ledger, and taken by the core (S39, S41)."""

import pytest

from models.letters import Role
from models.news import HandedOver, OptedOut, TookBack, Undone, Withdrew
from models.outcomes import Ending
from models.policy.policy import Order, Policy
from models.process.state.opening import MadeBy
from models.process.story import decide
from models.process.verdict import Reason, Refused, Step
from models.record.ledger import Entry, Moved
from models.record.staff_knowledge import AsStaffKnow, as_staff_know
from models.record.staff_reading import Says, StaffEnding, ending_for_staff, events_for_staff, never_asked
from models.record.veil import Veil
from tests.cast import CARL, OLIVE, ROSA, STAN, TOMOKO, opening, play, policy
from tests.support.news_phrases import approves, declines, opts_in, undoes
from tests.support.play import Play, Said

UNSCREENED = policy("accelerator", {"screening": None})
TOGETHER = policy(UNSCREENED, {"order": Order.TOGETHER})


def known(playing: Play) -> AsStaffKnow:
    return as_staff_know(playing.opening, ledger_of(playing), playing.now)


def ledger_of(playing: Play) -> list[Entry]:
    told, scope = enumerate(playing.events()), playing.opening.id
    return [Entry(scope=scope, seq=seq, at=at, event=said, previous="", hash="") for seq, (at, said) in told]


@pytest.mark.parametrize("said", [declines(ROSA), OptedOut(by=ROSA.id), Withdrew(by=ROSA.id)])
def test_that_a_requester_does_not_want_what_a_key_wrote_is_known_at_once(said: Said) -> None:
    playing = play(said, begun=opening(UNSCREENED, MadeBy.KEY))
    found = known(playing)
    assert found.introduction == playing.introduction
    assert (playing.introduction.closed, found.until) == (True, None)


def test_that_a_requester_leaves_is_known_at_once_and_of_an_earlier_no_nothing() -> None:
    """Nothing could be done any more: what staff are offered is taken."""
    playing = play(approves(CARL), declines(TOMOKO), OptedOut(by=ROSA.id), begun=opening(TOGETHER))
    found = known(playing)
    assert found.introduction
    assert found.introduction.closed
    assert not [each for each in found.entries if getattr(each.event, "news", None) == playing.moments[-2].step.news]


@pytest.mark.parametrize("order", [Order.REQUESTER_AT_REQUEST, Order.TOGETHER])
def test_another_connector_is_named_behind_a_no_and_nobody_is_asked(order: Order) -> None:
    """The target has opted out, and the connector has undone their approval: to staff, they are asked again."""
    ended = play(
        approves(CARL), OptedOut(by=TOMOKO.id), undoes(CARL), begun=opening(policy(UNSCREENED, {"order": order}))
    )
    found, news = known(ended).introduction, HandedOver(by=OLIVE.id, to=STAN.id)
    assert found
    assert found.stage.kind == "with_connector"
    assert isinstance(decide(found, news, ended.now), Step)
    taken = decide(ended.introduction, news, ended.now)
    assert isinstance(taken, Step)
    assert {each.kind for each in taken.effects} == {"settle_ask"}
    older = ended.introduction.model_copy(update={"ends_as_silence_would": False})
    assert decide(older, news, ended.now) == Refused(reason=Reason.NOT_NOW)


def test_more_time_is_taken_behind_a_no_said_as_soon_as_both_were_asked() -> None:
    """Asked together, no yes has brought the other their question, whoever spoke first."""
    playing = play(approves(CARL), begun=opening(TOGETHER))
    (theirs, _) = playing.introduction.open_asks()
    ended = decide(playing.introduction, declines(TOMOKO)(playing.introduction), theirs.opened_at)
    assert isinstance(ended, Step)
    assert theirs.number in [ask.number for ask in ended.after.ended_early(theirs.opened_at)]


@pytest.mark.parametrize("said", [declines(TOMOKO), OptedOut(by=TOMOKO.id), TookBack(by=TOMOKO.id)])
def test_what_staff_read_holds_neither_a_partys_no_nor_whose_it_was(said: Said) -> None:
    playing = play(approves(CARL), *([opts_in(TOMOKO)] if isinstance(said, TookBack) else []), said)
    read = events_for_staff(ledger_of(playing))
    assert [each.says for each in read][-1] == Says.CLOSED
    assert (read[-1].news, read[-1].person) == (None, None)
    told = events_for_staff(ledger_of(play(declines(CARL))))
    assert "declined" in [each.news.kind for each in told if each.news]  # a connector's is told


@pytest.mark.parametrize(
    ("stage", "ending", "read"),
    [("resting", "declined", None), *(("closed", each, StaffEnding.NOTHING_CAME) for each in ("declined", "lapsed"))],
)
def test_an_ending_is_read_once_it_has_closed_and_a_no_as_silence(
    stage: str, ending: str, read: StaffEnding | None
) -> None:
    assert ending_for_staff(stage, ending) == read
    assert {ending_for_staff("closed", each) for each in Ending} == set(StaffEnding)


@pytest.mark.parametrize("rules", [UNSCREENED, TOGETHER])
def test_what_a_connectors_undo_stopped_was_asked_of_nobody(rules: Policy) -> None:
    """Yes, undo, yes: the story had both parties asked twice, once before the undo, and no letter had left."""
    again = ledger_of(play(approves(CARL), undoes(CARL), approves(CARL), begun=opening(rules)))
    told = [effect.ask.role for each in events_for_staff(again) for effect in each.effects if effect.kind == "open_ask"]
    assert told.count(Role.TARGET) == 1
    assert len(never_asked(again)) == told.count(Role.TARGET) + told.count(Role.REQUESTER)
    assert not never_asked(ledger_of(play(approves(CARL), declines(TOMOKO), begun=opening(rules))))


def test_what_would_be_refused_with_the_question_open_is_told_once_the_end_is() -> None:
    """No state that is explored has such news; what a later rule may take behind a no is not lost to the story."""
    asked = play(approves(CARL), begun=opening(UNSCREENED))
    before, ended = asked.introduction, play(approves(CARL), declines(TOMOKO), begun=opening(UNSCREENED))
    *_, no = ledger_of(ended)
    refused = Undone(ask=before.open_asks()[0].number, by=TOMOKO.id)
    assert isinstance(decide(before, refused, ended.now), Refused)
    assert isinstance(no.event, Moved)
    undone = no.model_copy(update={"seq": no.seq + 1, "event": no.event.model_copy(update={"news": refused})})
    veil = Veil(before, no)
    veil.hear(ended.introduction, undone, ended.introduction)
    assert veil.shown == []
    found, _ = veil.lifted()
    assert [each.seq for each in found] == [no.seq, undone.seq]
