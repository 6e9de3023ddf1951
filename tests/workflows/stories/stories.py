"""Stories told on the real server. Each is recorded, and replayed by every later release."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import policies
from models.news import Blocked, Erased, LinkRequested, News, OptedOut, Proposed, Screened, Stopped, TookBack, Withdrew
from models.outcomes import DidNotMeet, Ending, MeetingAhead, Met, Wrote
from models.policy.policy import Policy
from models.process.state.introduction import Introduction
from models.process.state.opening import MadeBy
from tests.cast import CARL, CLEO, CORA, OLIVE, ROSA, TOMOKO, Person, policy
from tests.models.exploration.causes import finds_nobody
from tests.support.news_phrases import (
    answers_in_two_lines,
    approves,
    confirms,
    declines,
    forwards,
    gives_address,
    is_not_them,
    last_ask,
    opts_in,
    puts_off,
    redirects,
    reports,
    thanks,
    undoes,
)
from tests.support.world import Life, World
from tests.workflows.stories import clock_stories, policy_stories, run_stories, steering_stories

MINUTE = timedelta(minutes=1)
HALF_A_MINUTE = timedelta(seconds=30)
LONG = timedelta(days=400)


@dataclass(frozen=True)
class Story:
    """What happens, under which policy, and how it must end."""

    tell: Callable[[World], Awaitable[Life]]
    ending: Ending
    policy: str = "demo"
    fields: Mapping[str, Any] = field(default_factory=dict)
    connectors: tuple[Person, ...] = (CARL, CLEO)
    slow_step: int | None = None  # the write that takes longer than a local activity may
    as_shipped: bool = False  # with its hours: people are written to in their own

    def rules(self) -> Policy:
        return policies.shipped(self.policy) if self.as_shipped else policy(self.policy, self.fields)


async def happy(world: World) -> Life:
    life = await _introduced(world)
    await life.time_passes(MINUTE)
    await life.hear(reports(ROSA, Met(useful=True)))
    await life.time_passes(HALF_A_MINUTE)
    await life.hear(thanks(ROSA), reports(TOMOKO, Met(useful=True)))
    return life


async def rough(world: World) -> Life:
    """Carl says no, Cleo is reminded, Rosa has not written, then a meeting lies ahead, and then it did not happen."""
    life = await world.asked()
    await life.hear(declines(CARL))
    await life.time_passes(2 * MINUTE)
    await life.hear(approves(CLEO), opts_in(ROSA))
    await life.time_passes(2 * MINUTE)
    await life.hear(opts_in(TOMOKO))
    await life.time_passes(timedelta(seconds=16))
    await life.hear(reports(ROSA, Wrote(yet=False)))
    await life.time_passes(MINUTE)
    await life.hear(reports(ROSA, MeetingAhead()))
    await life.time_passes(timedelta(minutes=12))
    await life.hear(reports(TOMOKO, DidNotMeet()))
    await life.time_passes(LONG)
    return life


async def three_silent_connectors(world: World) -> Life:
    life = await world.asked()
    await life.time_passes(LONG)
    return life


async def later_and_back(world: World) -> Life:
    """Tomoko says later than promised: Rosa is told, then asked afresh when Tomoko says yes after all."""
    life = await world.asked()
    await life.hear(approves(CARL))
    state = await life.state()
    until = state.promised_at + 5 * MINUTE
    await life.hear(opts_in(ROSA), puts_off(TOMOKO, until))
    await life.time_passes(until - state.asked_at)
    await life.hear(opts_in(TOMOKO), opts_in(ROSA))
    await life.time_passes(LONG)
    return life


async def later_just_before(world: World) -> Life:
    """Tomoko is asked anew just before Rosa is told, and keeps the time her letter gives her: her yes comes after."""
    life = await world.asked()
    await life.hear(approves(CARL))
    state = await life.state()
    until = state.promised_at - 2 * MINUTE
    await life.hear(opts_in(ROSA), puts_off(TOMOKO, until))
    await life.time_passes(state.promised_at + MINUTE - state.asked_at)
    await life.hear(opts_in(TOMOKO), opts_in(ROSA))
    await life.time_passes(LONG)
    return life


async def undone(world: World) -> Life:
    life = await world.asked()
    await life.hear(approves(CARL), undoes(CARL), approves(CARL), opts_in(ROSA), opts_in(TOMOKO), undoes(TOMOKO))
    await life.hear(opts_in(TOMOKO))
    await life.time_passes(LONG)
    return life


async def two_lines(world: World) -> Life:
    life = await world.asked()
    await life.hear(approves(CARL), answers_in_two_lines(TOMOKO))
    await life.time_passes(LONG)
    return life


async def screened(world: World) -> Life:
    life = await world.asked()
    await life.hear(Screened(by=OLIVE.id, approved=True), approves(CARL), opts_in(TOMOKO))
    await life.time_passes(LONG)
    return life


async def made_for_her(world: World) -> Life:
    life = await world.asked(made_by=MadeBy.KEY)
    await life.hear(confirms(ROSA), approves(CARL), opts_in(TOMOKO))
    await life.time_passes(LONG)
    return life


async def a_need(world: World) -> Life:
    life = await world.asked(target=None)
    await life.hear(Proposed(by=OLIVE.id, target=TOMOKO.somebody), confirms(ROSA), approves(CARL), declines(TOMOKO))
    await life.time_passes(LONG)
    return life


async def forwarded(world: World) -> Life:
    life = await world.asked()
    await life.hear(forwards(CARL), opts_in(ROSA), _asks_for_a_link(TOMOKO), opts_in(TOMOKO))
    await life.time_passes(LONG)
    return life


async def somebody_better_placed(world: World) -> Life:
    life = await world.asked()
    await life.hear(redirects(CARL, CORA), is_not_them(CORA))
    await life.time_passes(LONG)
    return life


async def another_address(world: World) -> Life:
    """Nobody is reached under Tomoko's address; Carl knows another, undoes it, and gives it again."""
    life = await world.asked()
    await life.hear(approves(CARL), opts_in(ROSA), finds_nobody(TOMOKO.id))
    await life.hear(gives_address(CARL), undoes(CARL), gives_address(CARL), opts_in(TOMOKO))
    await life.time_passes(LONG)
    return life


async def no_other_address(world: World) -> Life:
    """Carl is reminded, and says nothing."""
    life = await world.asked()
    await life.hear(approves(CARL), finds_nobody(TOMOKO.id))
    await life.time_passes(LONG)
    return life


async def connector_erased(world: World) -> Life:
    """Carl is forgotten while he is asked, so Cleo is; she is forgotten once she has agreed, and nobody is left."""
    life = await world.asked()
    await life.hear(Erased(by=CARL.id), approves(CLEO), Erased(by=CLEO.id))
    await life.time_passes(LONG)
    return life


async def erased_following_up(world: World) -> Life:
    life = await _introduced(world)
    await life.hear(Erased(by=TOMOKO.id))
    return life


async def _introduced(world: World) -> Life:
    life = await world.asked()
    await life.hear(approves(CARL), opts_in(ROSA), opts_in(TOMOKO))
    await life.time_passes(timedelta(seconds=6))
    return life


def at_each_stage(act: Callable[[Introduction], News]) -> dict[str, Callable[[World], Awaitable[Life]]]:
    """The same act once with the connector, once with the parties, once before delivery."""
    before: dict[str, tuple[Any, ...]] = {
        "with_connector": (),
        "with_parties": (approves(CARL), opts_in(TOMOKO)),
        "delivering": (approves(CARL), opts_in(TOMOKO), opts_in(ROSA)),
    }

    def telling(said: tuple[Any, ...]) -> Callable[[World], Awaitable[Life]]:
        async def tell(world: World) -> Life:
            life = await world.asked()
            await life.hear(*said, act)
            await life.time_passes(LONG)
            return life

        return tell

    return {stage: telling(said) for stage, said in before.items()}


def _asks_for_a_link(who: Person) -> Callable[[Introduction], News]:
    return lambda i: LinkRequested(ask=last_ask(i, who.id), by=who.id)


ANOTHER_ADDRESS = {"connector.another_address": True, "letters.connector": 3}
ONE_WORD_IS_ENOUGH = {"pauses": None, "follow_up.hear_both": False, "follow_up.first_contact": None}  # as in 0.1

STORIES: dict[str, Story] = {
    "happy": Story(happy, Ending.MET),
    "rough": Story(rough, Ending.DID_NOT_MEET, fields=ONE_WORD_IS_ENOUGH),
    "three_silent_connectors": Story(
        three_silent_connectors,
        Ending.LAPSED,
        fields={"connector.candidates": 3, "requester.promised_answer": "60 min"},
        connectors=(CARL, CLEO, CORA),
    ),
    "later_and_back": Story(later_and_back, Ending.DELIVERED, fields={"requester.closings_every": None}),
    "later_just_before": Story(later_just_before, Ending.DELIVERED, fields={"requester.closings_every": None}),
    "undone": Story(undone, Ending.DELIVERED),
    "a_step_recorded_slowly": Story(happy, Ending.MET, slow_step=3),
    "two_lines": Story(two_lines, Ending.TWO_LINES),
    "screened": Story(screened, Ending.DELIVERED, policy="accelerator"),
    "made_for_her": Story(made_for_her, Ending.DELIVERED),
    "a_need": Story(a_need, Ending.DECLINED),
    "forwarded": Story(forwarded, Ending.DELIVERED),
    "another_address": Story(another_address, Ending.DELIVERED, fields=ANOTHER_ADDRESS),
    "no_other_address": Story(no_other_address, Ending.UNDELIVERABLE, fields=ANOTHER_ADDRESS),
    "connector_erased": Story(connector_erased, Ending.DECLINED),
    "erased_following_up": Story(erased_following_up, Ending.DELIVERED),
    "somebody_better_placed": Story(somebody_better_placed, Ending.DECLINED),
    "held": Story(steering_stories.held, Ending.DELIVERED),
    "held_for_good": Story(steering_stories.held_for_good, Ending.LAPSED, fields={"requester.closings_every": None}),
    "extended": Story(steering_stories.extended, Ending.DELIVERED),
    "edited": Story(steering_stories.edited, Ending.DELIVERED),
    "edited_by_a_key": Story(steering_stories.edited_by_a_key, Ending.DECLINED),
    "handed_over": Story(steering_stories.handed_over, Ending.DELIVERED),
    "named": Story(steering_stories.named, Ending.DELIVERED, connectors=()),
    "sent_back": Story(steering_stories.sent_back, Ending.DELIVERED, policy="accelerator"),
    "sent_back_for_good": Story(steering_stories.sent_back_for_good, Ending.LAPSED, policy="accelerator"),
    "sent_again": Story(steering_stories.sent_again, Ending.DELIVERED),
    "accelerator": Story(policy_stories.accelerator, Ending.MET, "accelerator", as_shipped=True),
    "venture": Story(policy_stories.venture, Ending.MET, "venture", as_shipped=True),
    "venture_fundraising": Story(policy_stories.fundraising, Ending.DELIVERED, "venture", as_shipped=True),
    "venture_kept_apart": Story(policy_stories.venture_kept_apart, Ending.DECLINED, "venture", as_shipped=True),
    "alumni": Story(policy_stories.alumni, Ending.MET, "alumni", as_shipped=True, connectors=(CARL, OLIVE)),
    "alumni_as_a_term_ends": Story(
        policy_stories.alumni_as_a_term_ends, Ending.MET, "alumni", as_shipped=True, connectors=(CARL, OLIVE)
    ),
    "renewed": Story(run_stories.renewed, Ending.MET),
    "renewed_by_turns": Story(run_stories.renewed, Ending.MET),  # recorded since a run counts its turns
    "community": Story(policy_stories.community, Ending.DID_NOT_MEET, "community", as_shipped=True),
    "clocks_changed": Story(clock_stories.clocks_changed, Ending.DELIVERED, "community", as_shipped=True),
}
for _name, _act, _ending in (
    ("withdrawn", lambda i: Withdrew(by=ROSA.id), Ending.WITHDRAWN),
    ("opted_out", lambda i: OptedOut(by=TOMOKO.id), Ending.DECLINED),
    ("blocked", lambda i: Blocked(by=TOMOKO.id), Ending.DECLINED),
    ("erased", lambda i: Erased(by=TOMOKO.id), Ending.DECLINED),
    ("stopped", lambda i: Stopped(by=OLIVE.id), Ending.STOPPED),
):
    for _stage, _tell in at_each_stage(_act).items():
        STORIES[f"{_name}_{_stage}"] = Story(_tell, _ending)
STORIES["taken_back_delivering"] = Story(at_each_stage(lambda i: TookBack(by=TOMOKO.id))["delivering"], Ending.DECLINED)
