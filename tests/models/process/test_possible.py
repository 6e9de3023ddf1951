"""Parity: what is offered is what `decide` takes, in one explored state of each sort and for every role (S39).

Offered is taken, and something follows. Not offered is refused, or taken as a repeat that changes nothing. A key alone
is offered such a repeat: it may not learn that somebody else has ended what it can still end.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from models.asks import Ask, AskKind
from models.letters import Role
from models.news import (
    KINDS,
    AddressGiven,
    AnsweredInTwoLines,
    Blocked,
    ConnectorApproved,
    ConnectorForwards,
    Declined,
    Edited,
    Extended,
    HandedOver,
    Held,
    LinkRequested,
    News,
    NotMe,
    OptedIn,
    OptedOut,
    Proposed,
    PutOff,
    Redirected,
    Reported,
    RequestConfirmed,
    Resent,
    Resumed,
    Screened,
    SentBack,
    Stopped,
    Thanked,
    TookBack,
    Undone,
    Withdrew,
)
from models.process.possible import Act, Key, Possible, Staff, answers, is_carried, possible, refusal, tried
from models.process.state.introduction import Introduction
from models.process.state.opening import MadeBy, Opening
from models.process.story import begin, heard
from models.process.verdict import Step
from models.record.ledger import Entry
from models.record.play import event
from models.record.quiet_endings import QUIET
from models.record.staff_knowledge import as_staff_know
from store.asks.views import AskView, Given
from tests.cast import CARL, CLEO, OLIVE, ROSA, STAN, TOMOKO, after, opening, play, policy
from tests.models.exploration.all_news import ABOUT_THE_WHOLE, about_asks, steering
from tests.models.exploration.move_checks import OPENINGS, WHOLE, seen
from tests.models.exploration.state_space import State, _can_be_undone, _outline
from tests.support.news_phrases import Saying, approves, declines, forwards, opts_in
from web.answers import offers

# The first of them explores every opening, which takes minutes beside other work.
pytestmark = pytest.mark.timeout(900)

REPORTS = {
    "wrote": Act.WROTE,
    "met": Act.MET_USEFULLY,
    "meeting_ahead": Act.AHEAD,
    "did_not_meet": Act.NOT_MET,
    "no_show": Act.NO_SHOW,
    "rather_not": Act.RATHER_NOT,
}
# Told from the news alone, and apart from models/process/possible.py: what somebody does who says this.
ACTS: dict[type[News], Act] = {
    RequestConfirmed: Act.CONFIRM,
    ConnectorForwards: Act.FORWARD,
    AddressGiven: Act.GIVE_ADDRESS,
    Redirected: Act.REDIRECT,
    OptedIn: Act.AGREE,
    AnsweredInTwoLines: Act.TWO_LINES,
    PutOff: Act.LATER,
    NotMe: Act.NOT_ME,
    Declined: Act.DECLINE,
    Thanked: Act.THANK,
    Undone: Act.UNDO,
    Withdrew: Act.WITHDRAW,
    TookBack: Act.TAKE_BACK,
    Edited: Act.EDIT,
    OptedOut: Act.OPT_OUT,
    Blocked: Act.BLOCK,
    SentBack: Act.SEND_BACK,
    Proposed: Act.PROPOSE,
    Stopped: Act.STOP,
    HandedOver: Act.HAND_OVER,
    Held: Act.HOLD,
    Resumed: Act.RESUME,
    Extended: Act.EXTEND,
    Resent: Act.RESEND,
}
OF_STAFF = (Screened, SentBack, Proposed, Stopped, HandedOver, Held, Resumed, Extended, Resent)
STAFF = Staff(by=OLIVE.id)
LONG = timedelta(days=400)
UNSCREENED = policy("accelerator", {"screening": None})


# What no page offers: time and the store say it, or a person beside the questions of an introduction.
NOBODYS_ACT = {
    "accepted_late", "answer_waiting", "barred", "cap_reached", "clocks_changed", "connector_found", "erased",
    "held_back", "introduced", "link_requested", "no_connector", "not_yet_accepted", "silent", "time_is_up",
    "undeliverable",
}  # fmt: skip


def test_every_kind_of_news_is_somebodys_act_or_named_as_nobodys() -> None:
    by_their_words: tuple[Any, ...] = (*ACTS, ConnectorApproved, Screened, Reported)
    acts = {each.model_fields["kind"].default for each in by_their_words}
    assert acts | NOBODYS_ACT == set(KINDS)
    assert not acts & NOBODYS_ACT


def act_of(news: News) -> Act | None:
    match news:
        case ConnectorApproved(vouch=vouch):
            return Act(vouch)
        case Screened(lends=lends):
            return Act.LEND if lends else Act.SCREEN
        case Reported(outcome=outcome):
            return REPORTS[outcome.kind]
        case _:
            return ACTS.get(type(news))


EXPLORED = [
    pytest.param(name, marks=[] if name in (WHOLE, "with another address", "in batches") else pytest.mark.soak)
    for name in OPENINGS
]


@pytest.mark.parametrize("name", EXPLORED)
def test_everything_that_would_be_taken_is_offered(name: str) -> None:
    for state in _telling(name):
        introduction, now = state.introduction, state.now
        may = {role: possible(introduction, role, now) for role in Role}
        staff = possible(introduction, STAFF, now)
        for news in _said(introduction, now):
            act, verdict = act_of(news), heard(introduction, news, now)
            if isinstance(news, LinkRequested) and isinstance(verdict, Step):  # asked for on a page that can be read
                assert is_carried(introduction, introduction.version), state.path()
            if act is None or not isinstance(verdict, Step):
                continue
            if isinstance(news, OF_STAFF) and _is_for_nothing(introduction, verdict):
                assert act not in _offered(introduction, news, may, staff), f"{news!r} is offered\n{state.path()}"
                continue
            assert act in _offered(introduction, news, may, staff), f"{news!r} is not offered\n{state.path()}"


@pytest.mark.parametrize("name", EXPLORED)
def test_everything_that_is_offered_is_taken(name: str) -> None:
    """Through the words on the answer pages, too: each is a button there, and what a POST may choose."""
    for state in _telling(name):
        introduction, now = state.introduction, state.now
        for role in Role:
            may = possible(introduction, role, now)
            whole = dict(tried(introduction, role))
            assert all(_has_an_effect(introduction, whole[act], now) for act in may.acts), state.path()
            for ask in (each for each in introduction.asks if each.role == role):
                _check_page(state, ask, may)
        for reader in (STAFF, Key(by=OLIVE.id)):
            acts = possible(introduction, reader, now).acts
            for act, news in tried(introduction, reader):
                taken = refusal(introduction, reader, news, now) is None
                assert (act in acts) == (taken and (reader != STAFF or _has_an_effect(introduction, news, now)))


@pytest.mark.parametrize("name", EXPLORED)
def test_what_staff_are_offered_before_the_deadline_is_taken(name: str) -> None:
    """Of the introduction as they may know it, and taken by the one that there is: a refusal would tell.

    In the end they are told of everything, but of a no that made no difference any more.
    """
    kept_back = 0
    for state in _telling(name):
        ledger = _ledger(OPENINGS[name], state)
        known = as_staff_know(OPENINGS[name], ledger, state.now)
        if known.until is None or known.introduction is None:
            continue
        kept_back += 1
        later = {each.seq for each in as_staff_know(OPENINGS[name], ledger, state.now + LONG).entries}
        left_out = [each.event for each in ledger if each.seq not in later]
        assert all(isinstance(getattr(each, "news", None), QUIET) for each in left_out), state.path()
        for news in _steered(known.introduction):
            if refusal(known.introduction, STAFF, news, state.now) is None:
                assert isinstance(heard(state.introduction, news, state.now), Step), f"{news!r}\n{state.path()}"
    assert kept_back or name != WHOLE


def _steered(introduction: Introduction) -> Iterator[News]:
    by = OLIVE.id
    yield from (Stopped(by=by), Held(by=by), Resumed(by=by), HandedOver(by=by, to=STAN.id))
    for ask in introduction.asks:
        yield from (Resent(by=by, ask=ask.number), Extended(ask=ask.number, by=by, until=introduction.promised_at))


def _ledger(opening: Opening, state: State) -> list[Entry]:
    """What the ledger would hold of the way here."""
    way = [state]
    while way[0].before:
        way.insert(0, way[0].before)
    step = begin(opening, way[0].now)
    moments = [(way[0].now, step)]
    for each in way[1:]:
        assert each.news, "only the first has none"
        verdict = heard(moments[-1][1].after, each.news, each.now)
        assert isinstance(verdict, Step), f"{verdict}\n{state.path()}"
        moments.append((each.now, verdict))
    written = enumerate((at, event(opening, step)) for at, step in moments)
    return [Entry(scope=opening.id, seq=seq, at=at, event=said, previous="", hash="") for seq, (at, said) in written]


def _check_page(state: State, ask: Ask, may: Possible) -> None:
    introduction, now = state.introduction, state.now
    view = _page(introduction, ask, may)
    news_of = dict(answers(ask, may.later.get(ask.number, now)))
    words = [word for word in offers.offered(view) if word not in offers.WHOLE]
    for word in words:
        act = Act.CONFIRM if word == "yes" and ask.kind == AskKind.CONFIRM else offers.ACTS[word]
        assert _has_an_effect(introduction, news_of[act], now), f"{word} is offered\n{state.path()}"
    shown = {offers.ACTS[word] for word in words} | ({Act.CONFIRM} if "yes" in words else set())
    kept = may.about(ask.number) - {Act.PASS_ON}  # on the page of a yes to do so
    if view.is_open or kept & {Act.UNDO, Act.DECLINE}:
        assert kept <= shown | {Act.AGREE, *_not_of(ask)}, f"{kept - shown} is not offered\n{state.path()}"


def _has_an_effect(introduction: Introduction, news: News, now: datetime) -> bool:
    verdict = heard(introduction, news, now)
    return isinstance(verdict, Step) and not _is_for_nothing(introduction, verdict)


def _is_for_nothing(before: Introduction, step: Step) -> bool:
    """Taken, since it repeats what was done; and nothing is other than it was but the number of the step."""
    return not step.effects and step.after.model_dump(exclude={"step"}) == before.model_dump(exclude={"step"})


def _not_of(ask: Ask) -> set[Act]:
    """Finer words for one answer: a requester says that they met, and beside it whether it was useful."""
    return {Act.MET_USEFULLY} if ask.role == Role.REQUESTER else {Act.MET}


def _page(introduction: Introduction, ask: Ask, may: Possible) -> AskView:
    facts: dict[str, Any] = {
        "number": ask.number,
        "kind": ask.kind,
        "role": ask.role,
        "is_open": ask.is_open and ask.version == introduction.version,
        "may": may,
        "answer": Given(),
    }
    return AskView.model_construct(**facts)


def _offered(introduction: Introduction, news: News, may: dict[Role, Possible], staff: Possible) -> frozenset[Act]:
    if isinstance(news, Resent) and news.letter:
        return frozenset({Act.RESEND} if news.letter in staff.letters else set())
    number: Any = getattr(news, "ask", None)
    ask = introduction.ask(number) if number else None
    if isinstance(news, OF_STAFF):
        return staff.about(ask.number) if ask else _as_staff(introduction, news, staff)
    if ask:
        return may[ask.role].about(ask.number)
    if isinstance(news, Edited) and news.made_by == "key":
        return frozenset({Act.EDIT})  # a key's is looked at by itself
    role = introduction.role_of(news.by)  # type: ignore[union-attr]
    return may[role].acts if role else frozenset()


def _as_staff(introduction: Introduction, news: News, staff: Possible) -> frozenset[Act]:
    """Who lends their name is somebody else than who reads it otherwise: each is asked as themselves."""
    lends = isinstance(news, Screened) and news.lends
    return frozenset({Act.LEND, Act.SCREEN}) if lends else staff.acts


def _said(introduction: Introduction, now: datetime) -> Iterator[News]:
    yield from about_asks(introduction, now)
    yield from ABOUT_THE_WHOLE
    yield from steering(introduction)


def _telling(name: str) -> Iterator[State]:
    """One state for each sort: where it stands, whose asks lie open, whose yes can be undone, and who has left."""
    known: set[object] = set()
    for state in seen(name).explored.states:
        introduction = state.introduction
        undo = frozenset(role for role in Role if _can_be_undone(state, role))
        sort = (_outline(state), undo, introduction.approved, len(introduction.left), introduction.version)
        if sort not in known:
            known.add(sort)
            yield state


def test_a_connector_may_pass_it_on_until_they_hear_how_it_went() -> None:
    playing = play(forwards(CARL))
    question = playing.introduction.asks[0].number
    assert Act.PASS_ON in possible(playing.introduction, Role.CONNECTOR, playing.now).about(question)
    playing.hear(declines(TOMOKO))
    assert Act.PASS_ON in possible(playing.introduction, Role.CONNECTOR, playing.now).about(question)
    over = playing.to_the_end()
    assert not possible(over, Role.CONNECTOR, playing.now).asks


@pytest.mark.parametrize(
    "ended", [(approves(CARL), declines(TOMOKO)), (declines(CARL), declines(CLEO)), (approves(CARL),)]
)
def test_a_key_may_do_the_same_whatever_has_ended_it(ended: tuple[Saying, ...]) -> None:
    """A refused stop would tell that it has ended already."""
    introduction = after(
        *ended, begun=opening("accelerator", MadeBy.REQUESTER).model_copy(update={"policy": UNSCREENED})
    )
    now = introduction.asked_at + timedelta(minutes=1)
    assert possible(introduction, Key(by=OLIVE.id), now).acts == {Act.WITHDRAW, Act.EDIT, Act.STOP, Act.HOLD}


def test_a_key_may_do_nothing_once_its_requester_was_told_or_introduced() -> None:
    playing = play(approves(CARL), opts_in(TOMOKO), opts_in(ROSA))
    playing.time_passes(timedelta(minutes=1))
    assert not possible(playing.introduction, Key(by=OLIVE.id), playing.now).acts
    over = playing.to_the_end()
    assert not possible(over, Key(by=OLIVE.id), playing.now).acts
