"""The cast of the stories, and how a story begins.

Initials tell the part: Rosa requests, Carl, Cleo and Cora connect, Tomoko is the target, Olive operates, Stan is a
stranger with no rights.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import policies
from calendars.clocks import clock_of, clocks_of
from models.ids import ChannelId, IntroductionId, PersonId, ProgrammeId, WordsId
from models.news import Somebody
from models.policy.lifetime import lifetime
from models.policy.policy import Policy
from models.process.state.introduction import Introduction
from models.process.state.opening import MadeBy, Opening
from models.time.clocks import ZoneClock
from models.time.open_hours import Days
from models.time.patience import due
from tests.support.play import Play, Said, Store


@dataclass(frozen=True)
class Person:
    id: PersonId
    name: str
    zone: str
    language: str
    address: str

    @property
    def clock(self) -> ZoneClock:
        return clock_of(self.zone, MONDAY)

    @property
    def somebody(self) -> Somebody:
        return Somebody(id=self.id, zone=self.zone)


def _person(name: str, zone: str, language: str) -> Person:
    first = name.split()[0].lower()
    return Person(PersonId(f"per_{first}"), name, zone, language, f"{first}@example.test")


ROSA = _person("Rosa Prieto", "Europe/Madrid", "es")
CARL = _person("Carl Lindqvist", "Europe/Stockholm", "en")
CLEO = _person("Cleo Martin", "Europe/Paris", "en")
CORA = _person("Cora Duarte", "America/Sao_Paulo", "pt")
TOMOKO = _person("Tomoko Abe", "Asia/Tokyo", "en")
OLIVE = _person("Olive Okafor", "Europe/London", "en")
STAN = _person("Stan Novak", "UTC", "en")
EVERYBODY = (ROSA, CARL, CLEO, CORA, TOMOKO, OLIVE, STAN)

PROGRAMME = ProgrammeId("prg_spring")
INTRODUCTION = IntroductionId("int_rosa_tomoko")
ROSAS_MAIL = ChannelId("cha_rosa_mail")
TOMOKOS_MAIL = ChannelId("cha_tomoko_mail")
TOMOKOS_OTHER_MAIL = ChannelId("cha_tomoko_other_mail")
SOME_WORDS = WordsId("wrd_some")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)  # ten in Madrid, six in the evening in Tokyo


def policy(base: str | Policy = "accelerator", fields: Mapping[str, Any] | None = None) -> Policy:
    """A shipped policy, or one with some fields changed: `policy("demo", {"requester.closings_every": None})`.

    Night and day, and with yeses that stay young, unless the story says otherwise: most are told by one clock.
    """
    body = (night_and_day(base) if isinstance(base, str) else base).model_dump()
    for path, value in (fields or {}).items():
        *tables, field = path.split(".")
        table = body
        for name in tables:
            table = table[name]
        table[field] = value
    return Policy.model_validate(body)


def night_and_day(name: str) -> Policy:
    by_the_clock = policies.shipped(name).model_dump_json().replace(' wh"', ' h"')
    body = json.loads(by_the_clock) | {"hours": None}
    body["requester"] |= {"yes_valid_for": None, "renew_within": None}
    return Policy.model_validate(body)


def opening(
    policy: Policy | str = "accelerator",
    made_by: MadeBy = MadeBy.REQUESTER,
    target: Person | None = TOMOKO,
    asked_at: datetime = MONDAY,
) -> Opening:
    """Rosa asks for Tomoko, or for whoever fits her need where `target` is None."""
    rules = night_and_day(policy) if isinstance(policy, str) else policy
    return Opening(
        id=INTRODUCTION,
        programme=PROGRAMME,
        policy=rules,
        requester=ROSA.somebody,
        target=target.somebody if target else None,
        made_by=made_by,
        asked_at=asked_at,
        promised_at=due(asked_at, rules.requester.promised_answer, rules.calendar(ROSA.clock, Days())),
        channels=(ROSAS_MAIL,),
        wording="wording-1",
        zone=OLIVE.zone,
        clocks=clocks_of((ROSA.zone, TOMOKO.zone, OLIVE.zone), asked_at, asked_at + lifetime(rules)),
        own_left_to_others=True,
        later_keeps_its_time=True,
        hears_second_thoughts=True,
        ends_as_silence_would=True,
        bounded=True,
        caps_hold_at_delivery=True,
        rings_in_time=True,
        route_may_be_named=True,
    )


def play(*said: Said, begun: Opening | None = None, store: Store | None = None) -> Play:
    """What has happened once all this was said, one second after the other: `play(approves(CARL), opts_in(TOMOKO))`."""
    playing = Play(begun or opening("demo"), store or Store(connectors=(CARL.somebody, CLEO.somebody)))
    playing.hear(*said)
    return playing


def after(*said: Said, begun: Opening | None = None, store: Store | None = None) -> Introduction:
    """Where the introduction stands once all this was said; nothing of it may have been refused."""
    playing = play(*said, begun=begun, store=store)
    assert not playing.refusals, playing.refusals
    return playing.introduction
