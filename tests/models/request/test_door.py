"""The door says everything the requester can mend, at once, and nothing about anybody else."""

from datetime import UTC, datetime, timedelta
from typing import Any

from models.ids import ChannelId
from models.policy.policy import Order, Policy
from models.process.state.opening import MadeBy
from models.request.door import DoorFacts, agrees_with_request, asks_left, faults, promised_at
from models.request.faults import Fault, FaultName
from models.request.request import Listed, Need, Outside, Request
from tests.cast import MONDAY, PROGRAMME, ROSA, ROSAS_MAIL, TOMOKO, policy

RULES = policy("accelerator")
FACTS = DoorFacts(member=True, may_ask=True, clock=ROSA.clock, own_channels=frozenset({ROSAS_MAIL}), target=TOMOKO.id)


def request(**changed: Any) -> Request:
    own: dict[str, Any] = {
        "programme": PROGRAMME,
        "requester": ROSA.id,
        "whom": Listed(person=TOMOKO.id),
        "wanted": "twenty_minutes",
        "why": "Nobody else has kept a seal dry for ten years.",
        "offer": "Our test data from forty villages.",
        "note": "Tomoko, I build pumps that run without power.",
        "channels": (ROSAS_MAIL,),
    }
    return Request.model_validate(own | changed)


def found(asked: Request, **facts: Any) -> list[Fault]:
    return list(faults(asked, FACTS.model_copy(update=facts), RULES, MONDAY))


def names(asked: Request, **facts: Any) -> list[tuple[FaultName, str]]:
    return [(fault.name, fault.field) for fault in found(asked, **facts)]


def test_a_good_request_has_no_fault() -> None:
    assert found(request()) == []


def test_every_fault_comes_at_once_with_its_field() -> None:
    asked = request(whom=None, why=" ", offer="", note="Hi {{name}}", channels=())
    assert names(asked, target=None, opted_out=True, open_asks=6) == [
        (FaultName.OPTED_OUT, "requester"),
        (FaultName.TOO_MANY_OPEN, "requester"),
        (FaultName.MISSING, "target"),
        (FaultName.MISSING, "why"),
        (FaultName.MISSING, "offer"),
        (FaultName.PLACEHOLDER, "note"),
        (FaultName.MISSING, "channels"),
    ]


def test_open_asks_are_counted_against_the_policy() -> None:
    assert found(request(), open_asks=5) == []
    (fault,) = found(request(), open_asks=6)
    assert (fault.name, fault.found, fault.limit) == (FaultName.TOO_MANY_OPEN, 6, 6)


def test_new_asks_say_when_the_next_is_free() -> None:
    asked = tuple(MONDAY - timedelta(days=days) for days in (6, 3, 1))
    (fault,) = found(request(), asked_at=asked)
    assert (fault.name, fault.found, fault.limit) == (FaultName.TOO_MANY_NEW, 3, 3)
    assert fault.at == MONDAY + timedelta(days=1)
    assert found(request(), asked_at=asked[1:]) == []


def test_a_pair_under_way_is_not_asked_twice() -> None:
    assert names(request(), pair_is_live=True) == [(FaultName.ALREADY_ASKED, "target")]


def test_the_cool_down_says_from_when_the_same_person_may_be_asked_for() -> None:
    (fault,) = found(request(), pair_asked_at=MONDAY - timedelta(days=20))
    assert (fault.name, fault.field) == (FaultName.ASKED_LATELY, "target")
    assert fault.at == datetime(2026, 5, 11, 8, tzinfo=UTC)  # ninety days on Rosa's own clock: summer time has begun
    assert found(request(), pair_asked_at=MONDAY - timedelta(days=91)) == []


def test_a_published_pause_is_said_with_its_date() -> None:
    until = MONDAY + timedelta(days=30)
    (fault,) = found(request(), taking_asks_from=until)
    assert (fault.name, fault.at) == (FaultName.TAKING_ASKS_FROM, until)
    assert found(request(), taking_asks_from=MONDAY - timedelta(days=1)) == []


def test_nobody_asks_for_themselves() -> None:
    asked = request(whom=Listed(person=ROSA.id))
    assert names(asked, target=ROSA.id, pair_is_live=True) == [(FaultName.YOURSELF, "target")]


def test_somebody_not_listed_is_unknown() -> None:
    assert names(request(), target=None) == [(FaultName.UNKNOWN, "target")]


def test_a_stranger_learns_nothing_else() -> None:
    assert faults(request(note=""), DoorFacts(), RULES, MONDAY) == (Fault(name=FaultName.UNKNOWN, field="requester"),)


def test_a_member_who_may_not_ask_is_told_so() -> None:
    assert names(request(), may_ask=False) == [(FaultName.MAY_NOT_ASK, "requester")]
    assert names(request(), not_invited=True) == [(FaultName.NOT_INVITED, "requester")]


def test_somebody_outside_has_a_name_and_a_place_of_work() -> None:
    asked = request(whom=Outside(name="Ada\r\nBcc: e@z.test", organisation=" "))
    assert names(asked, target=None) == [(FaultName.UNREADABLE, "name"), (FaultName.MISSING, "organisation")]
    long = request(whom=Outside(name="A" * 121, organisation="Аnalytical Engines"))
    assert names(long, target=None) == [(FaultName.TOO_LONG, "name"), (FaultName.MIXED_ALPHABETS, "organisation")]
    by_address = request(whom=Outside(name="ada@engines.test", organisation="Analytical Engines"))
    assert names(by_address, target=None) == [(FaultName.AN_ADDRESS, "name")]
    assert found(request(whom=Outside(name="Ada King", organisation="Analytical Engines")), target=None) == []


def test_a_need_replaces_the_reason_and_nothing_is_agreed_yet() -> None:
    asked = request(whom=Need(words="Somebody who has sealed a valve"), why="", channels=())
    assert found(asked, target=None) == []
    assert names(request(whom=Need(words="")), target=None) == [(FaultName.MISSING, "need")]
    assert not agrees_with_request(asked, RULES)


def test_only_own_channels_can_be_shared() -> None:
    assert names(request(channels=(ChannelId("cha_carl_mail"),))) == [(FaultName.UNKNOWN, "channels")]


def test_channels_are_agreed_with_the_request_only_where_the_policy_does_not_ask_later() -> None:
    together = policy("demo")
    assert together.order == Order.TOGETHER
    assert faults(request(channels=()), FACTS, together, MONDAY) == ()
    assert found(request(channels=(), made_by=MadeBy.KEY)) == []


def test_a_note_like_an_earlier_one_says_how_alike() -> None:
    (fault,) = found(request(), likeness=97)
    assert (fault.name, fault.found, fault.limit) == (FaultName.SAME_AS_EARLIER, 97, 85)


def test_asks_left_is_the_smaller_of_both_limits() -> None:
    assert asks_left(FACTS, RULES.requester) == 3
    assert asks_left(FACTS.model_copy(update={"open_asks": 4}), RULES.requester) == 2
    assert asks_left(FACTS.model_copy(update={"asked_at": (MONDAY,) * 9}), RULES.requester) == 0


def test_the_promise_is_counted_in_the_requesters_business_days() -> None:
    assert promised_at(MONDAY, RULES, DoorFacts(clock=ROSA.clock)) == datetime(2026, 3, 23, 9, tzinfo=UTC)


def test_where_there_are_tracks_one_is_chosen() -> None:
    venture = policy("venture")

    def about_the_track(track: str, rules: Policy = venture) -> list[FaultName]:
        return [each.name for each in faults(request(track=track), FACTS, rules, MONDAY) if each.field == "track"]

    assert about_the_track("") == [FaultName.MISSING]
    assert about_the_track("slow") == [FaultName.UNKNOWN]
    assert about_the_track("fundraising") == []
    assert about_the_track("fundraising", RULES) == [FaultName.UNKNOWN]
