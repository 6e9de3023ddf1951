"""The opening of an introduction: what its workflow starts with, as it stood at the door."""

from enum import StrEnum
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

from models.base import Frozen
from models.ids import ChannelId, IntroductionId, ProgrammeId
from models.news import Somebody
from models.policy.policy import Policy
from models.time.clocks import Clocks
from models.time.open_hours import Days


class MadeBy(StrEnum):
    REQUESTER = "requester"
    KEY = "key"
    OPERATOR = "operator"


@lru_cache(maxsize=500)
def _the_one(policy: Policy) -> Policy:
    """Thousands of introductions run under a handful of policies: a worker keeps each policy once, not with each."""
    return policy


class Opening(Frozen):
    """What a workflow starts with: who asks for whom, under which policy, and what was promised at the door."""

    id: IntroductionId
    programme: ProgrammeId
    policy: Annotated[Policy, AfterValidator(_the_one)]
    requester: Somebody
    target: Somebody | None = None
    made_by: MadeBy = MadeBy.REQUESTER
    asked_at: AwareDatetime
    promised_at: AwareDatetime
    channels: tuple[ChannelId, ...] = ()  # what the requester agreed to share, where they did so with the request
    wording: str = ""
    zone: str = "UTC"  # the programme's own, for its operators' days
    days: Days = Days()
    clocks: Clocks = ()  # of their zones, for as long as it may live; none in openings of the first releases
    blind: bool = False  # the target learns who asks in the letter that introduces them, and not before
    track: str = ""  # which of the programme's tracks made this policy, where there was a choice
    own_left_to_others: bool = False  # whoever runs the programme leaves what is their own to another operator
    later_keeps_its_time: bool = False  # a question that came back on a later day is not cut short by the promised one
    hears_second_thoughts: bool = False  # a no is heard after a yes, and an undo taken, whatever others did meanwhile
    ends_as_silence_would: bool = False  # what staff and mail do goes on behind a no, until its deadline
    bounded: bool = False  # what repeats itself waits longer each time, and is not taken for ever
    caps_hold_at_delivery: bool = False  # how many introductions somebody has had is counted as they are introduced
    rings_in_time: bool = False  # what time alone does happens as its alarm ends, whatever the clock shows then
    route_may_be_named: bool = False  # where nobody was found to introduce the two, an operator may name somebody
