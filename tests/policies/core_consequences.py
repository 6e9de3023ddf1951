"""Consequences of a policy in the core and at the door. Its timetable, and its verdicts."""

from collections.abc import Callable
from datetime import datetime, timedelta

from models.ids import ChannelId
from models.news import PutOff, Screened, SentBack
from models.outcomes import DidNotMeet, Met
from models.policy.policy import Policy
from models.process.state.opening import MadeBy
from models.process.story import decide
from models.process.verdict import Refused
from models.record.ledger import standing
from models.record.play import event
from models.request.door import DoorFacts, faults, is_read, promised_at
from models.request.faults import Fault
from models.request.request import Listed, Request
from tests.cast import CARL, CLEO, MONDAY, OLIVE, PROGRAMME, ROSA, SOME_WORDS, TOMOKO, Person, opening
from tests.support.news_phrases import approves, last_ask, opts_in, reports
from tests.support.play import Play, Said, Store

DAY = timedelta(days=1)
CONNECTORS = (CARL.somebody, CLEO.somebody)
TimeTable = list[tuple[datetime, str, datetime | None, str]]


# The timetable: every step with its instant, what is due next, and what it causes.


def timetable(*said: Said, made_by: MadeBy = MadeBy.REQUESTER) -> Callable[[Policy], TimeTable]:
    """Said at once, one after the other; nobody says anything any more after that."""

    def lived(policy: Policy) -> TimeTable:
        play = Play(opening(policy, made_by), Store(CONNECTORS))
        if policy.screening and said:
            play.hear(Screened(by=OLIVE.id, approved=True))
        for each in said:
            play.time_passes(timedelta(minutes=20))
            play.hear(each)
        play.to_the_end()
        return _steps(play)

    return lived


def introduced_and_silent(policy: Policy) -> TimeTable:
    return timetable(approves(CARL), opts_in(TOMOKO))(policy)


def introduced_and_met(policy: Policy) -> TimeTable:
    play = Play(opening(policy), Store(CONNECTORS))
    if policy.screening:
        play.hear(Screened(by=OLIVE.id, approved=True))
    play.hear(approves(CARL), opts_in(TOMOKO))
    while not any(ask.kind == "meet" for ask in play.introduction.asks):
        play.time_passes()
    play.hear(reports(ROSA, Met()))
    play.to_the_end()
    return _steps(play)


def sent_back(policy: Policy) -> TimeTable:
    """An operator sends it back with advice, where they may."""
    play = Play(opening(policy), Store(CONNECTORS))
    play.hear(SentBack(by=OLIVE.id, words=SOME_WORDS))
    return _steps(play)


def one_word_against_silence(policy: Policy) -> str:
    """How it ends where only one of them says that nothing came of it."""
    play = Play(opening(policy), Store(CONNECTORS))
    play.hear(approves(CARL), opts_in(TOMOKO))
    while not any(ask.kind == "meet" for ask in play.introduction.asks):
        play.time_passes()
    play.hear(reports(ROSA, DidNotMeet()))
    return str(play.to_the_end().stage)


def written_down(policy: Policy) -> str:
    """How the ledger names it."""
    began = event(opening(policy), Play(opening(policy), Store(CONNECTORS)).moments[0].step)
    return str(began.model_dump(include={"policy"}))


# Verdicts


def later(who: Person, days: int) -> Callable[[Policy], str]:
    """Whether somebody may put it off for so long."""

    def asked(policy: Policy) -> str:
        play = Play(opening(policy), Store(CONNECTORS))
        play.hear(Screened(by=OLIVE.id, approved=True), *([approves(CARL)] if who == TOMOKO else []))
        ask = last_ask(play.introduction, who.id)
        verdict = decide(play.introduction, PutOff(ask=ask, by=who.id, until=play.now + days * DAY), play.now)
        return verdict.reason if isinstance(verdict, Refused) else "taken"

    return asked


def on_track(name: str, differs: Callable[[Policy], object]) -> Callable[[Policy], object]:
    """What follows for whoever has chosen this track."""
    return lambda policy: differs(policy.on_track(name))


def approves_in_the_shortest_way(policy: Policy) -> list[str]:
    play = Play(opening(policy), Store(CONNECTORS))
    play.hear(Screened(by=OLIVE.id, approved=True), approves(CARL))
    return [refused.reason for _, refused in play.refusals]


# The door


def at_the_door(**known: object) -> Callable[[Policy], tuple[Fault, ...]]:
    request, facts = asked(**known)
    return lambda policy: faults(request, facts, policy, MONDAY)


def without_a_wish(policy: Policy) -> tuple[Fault, ...]:
    request, facts = asked()
    return faults(request.model_copy(update={"wanted": ""}), facts, policy, MONDAY)


def asked(**known: object) -> tuple[Request, DoorFacts]:
    request = Request(
        programme=PROGRAMME,
        requester=ROSA.id,
        whom=Listed(person=TOMOKO.id),
        wanted="twenty_minutes",
        why="Your paper on silent valves changed how we build.",
        offer="A pump for your laboratory.",
        note=" ".join(["word"] * 90),
        channels=(ChannelId("cha_rosa_mail"),),
    )
    usual = {
        "member": True,
        "may_ask": True,
        "own_channels": frozenset(request.channels),
        "target": TOMOKO.id,
        "zone": ROSA.zone,
    }
    return request, DoorFacts.model_validate(usual | known)


def read_by_staff(**known: object) -> Callable[[Policy], bool]:
    """Whether such a request is read before anybody else hears of it."""
    request, facts = asked(**known)
    return lambda policy: is_read(request, facts, policy)


def promised(policy: Policy) -> datetime:
    return promised_at(MONDAY, policy, DoorFacts(clock=ROSA.clock))


def _steps(play: Play) -> TimeTable:
    return [(at, step.after.stage.kind, standing(step.after).due_at, str(step.effects)) for at, step in play.moments]
