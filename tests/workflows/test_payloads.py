"""What goes to Temporal leaves out what would be read so anyway, and is read back the same."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload

import policies
from models.base import Frozen
from models.effects import Effect
from models.ids import InboxKey
from models.news import Envelope
from models.policy.policy import Policy
from models.process.state.opening import MadeBy, Opening
from models.record.step_record import Recorded
from tests.cast import CARL, MONDAY, ROSA, TOMOKO, Person, after, opening, play, policy
from tests.models.exploration.all_news import answers, of_themselves, out_of_turn, steering, undelivered
from tests.support.news_phrases import Saying, approves, forwards, opts_in
from workflows.plugin import NOT_OF_A_STEP, converter
from workflows.runs import RunStart

CONVERTER = converter().payload_converter


class OnlyOfSteps(Policy):
    """A policy whose rules for requests nobody may look at but itself, as it is checked."""

    def __getattribute__(self, name: str) -> Any:
        by_itself = sys._getframe(1).f_globals["__name__"] == Policy.__module__
        assert by_itself or name not in NOT_OF_A_STEP, f"a step goes by {name}, which no history holds"
        return super().__getattribute__(name)


def sent(value: object) -> Payload:
    (payload,) = CONVERTER.to_payloads([value])
    return payload


def read(payload: Payload, shape: type[Frozen]) -> Any:
    (value,) = CONVERTER.from_payloads([payload], [shape])
    return value


def test_every_news_is_read_back_as_it_was_said() -> None:
    stands = after(approves(CARL))
    ask, by = stands.asks[0].number, CARL.id
    said = [*answers(ask, by), *steering(stands), *out_of_turn(stands, ()), *of_themselves(by)]
    said += undelivered(ask, stands.asks[0].role)
    for number, news in enumerate(said):
        told = Envelope(key=InboxKey(f"inb_{number}"), news=news, at=MONDAY if number % 2 else None, after=number % 3)
        assert read(sent(told), Envelope) == told
    replies = Recorded(replies=tuple(said))
    assert read(sent(replies), Recorded) == replies
    assert sent(Recorded()).data == b"{}"


@pytest.mark.parametrize("name", policies.shipped_names())
def test_an_opening_is_read_back_but_for_rules_that_no_step_goes_by(name: str) -> None:
    whole = RunStart.first(opening(policies.shipped(name), MadeBy.KEY))
    back = read(sent(whole), RunStart)
    unsaid = {each: Policy.model_fields[each].default for each in NOT_OF_A_STEP}
    assert back == whole.model_copy(update={"policy": whole.policy.model_copy(update=unsaid)})
    for each in NOT_OF_A_STEP:
        assert f'"{each}"'.encode() not in sent(whole).data.split(b'"requester":{"id"')[0]


@pytest.mark.parametrize("name", policies.shipped_names())
def test_no_step_goes_by_what_is_left_out(name: str) -> None:
    begun = opening(policy(name, {"screening": None}))
    strict = begun.model_copy(update={"policy": OnlyOfSteps.model_construct(**begun.policy.__dict__)})
    for says in (approves, forwards):
        assert told(strict, says) == told(begun, says)


def told(begun: Opening, says: Callable[[Person], Saying]) -> list[Effect]:
    """Everybody who is asked says yes, and then nobody says anything any more."""
    playing = play(says(CARL), begun=begun)
    for party in (TOMOKO, ROSA):
        if any(ask.person == party.id for ask in playing.introduction.asks):
            playing.hear(opts_in(party))
    assert playing.to_the_end().closed
    return playing.effects()
