"""Facts for the door. The requester's own record, and what the target themselves has published."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, select

from calendars.clocks import clock_of
from models.base import Frozen
from models.ids import ChannelId, PersonId
from models.outcomes import Ending
from models.policy.policy import Policy
from models.request.door import DoorFacts
from models.request.request import Listed, Outside, Request
from store.boundaries import resting_asks
from store.people.locale import Country, country_of, somebody_called
from store.people.names.corrections import former_names
from store.programmes.policies import policy_in_force
from store.requests.likeness import likeness_to_earlier
from store.requests.outsiders import Home, met_before
from store.tables import ask, channel, help_given, introduction, membership, person, programme

# Built once: building a statement costs more than running it, and the door runs these at each look at a request.
_WHO: BindParameter[str] = bindparam("who")
_WHERE: BindParameter[str] = bindparam("where")
_ASKED = select(introduction).where(introduction.c.requester == _WHO)
_HOME = select(programme).where(programme.c.id == _WHERE)
_HERE = select(person.c.id).join(membership, membership.c.person == person.c.id)
_MEMBER = (person.c.id == _WHO, membership.c.programme == _WHERE, person.c.erased_at.is_(None))
_OWN_FACTS = (person.c.opted_out_at, person.c.zone, membership.c.requests, membership.c.uninvited_since)
_OWN = _HERE.with_only_columns(*_OWN_FACTS).where(*_MEMBER)
_LISTED = _HERE.where(*_MEMBER, membership.c.listed, membership.c.uninvited_since.is_(None))
_CHANNELS = select(channel.c.id).where(
    channel.c.person == _WHO, channel.c.introduction.is_(None), channel.c.stopped_at.is_(None)
)
_CONFIRMED = select(ask.c.introduction, ask.c.answer).where(
    ask.c.introduction.in_(bindparam("these", expanding=True)), ask.c.kind == "confirm", ask.c.state != "open"
)
_PAUSE = select(person.c.paused_until).where(person.c.id == _WHO)
_NAMES = select(person.c.name, person.c.called, person.c.organisation).where(person.c.id == _WHO)
_WAYS = select(channel.c.value).where(channel.c.person == _WHO, channel.c.ended_at.is_(None)).order_by(channel.c.id)


class AtTheDoor(Frozen):
    """One request as it is looked at: the rules in force, the facts, and where the programme lives."""

    policy: Policy
    facts: DoorFacts
    home: Home
    country: Country


def at_the_door(connection: Connection, request: Request, now: datetime) -> AtTheDoor:
    """Reads only; who keeps the request afterwards holds the requester's row."""
    policy, home = policy_in_force(connection, request.programme), _home(connection, request)
    country = country_of(connection, request.programme)
    facts = door_facts(connection, request, policy, home, now)
    if facts.member:
        days = somebody_called(connection, request.requester, country, now).days
        facts = facts.model_copy(update={"days": days})
    return AtTheDoor(policy=policy, facts=facts, home=home, country=country)


def door_facts(connection: Connection, request: Request, policy: Policy, home: Home, now: datetime) -> DoorFacts:
    own = _own(connection, request)
    if own is None:
        return DoorFacts()
    target = _target(connection, request, home)
    asked = connection.execute(_ASKED, {"who": request.requester}).all()
    here = [row for row in asked if row.programme == request.programme]
    pair = [row for row in asked if target and row.target == target]
    since = now - policy.requester.new_asks_per.nominal
    return DoorFacts(
        member=True,
        may_ask=own.requests,
        not_invited=own.uninvited_since is not None,
        opted_out=own.opted_out_at is not None,
        zone=own.zone,
        clock=clock_of(own.zone, now),
        asks_rest_until=resting_asks.rests_until(connection, request.requester, request.programme, now),
        open_asks=sum(map(_takes_a_place, here)),
        asked_at=tuple(sorted(row.asked_at for row in here if row.asked_at > since)),
        own_channels=_own_channels(connection, request.requester),
        target=target,
        pair_is_live=any(row.live for row in pair),
        pair_asked_at=_last_that_counts(connection, pair, policy),
        taking_asks_from=_published_pause(connection, request),
        has_asked=_last_that_counts(connection, here, policy) is not None,
        introduced_at=tuple(sorted(row.delivered_at for row in here if _still_counts(row))),
        helped_at=_helped_at(connection, request.requester) if policy.requester.help_within else None,
        own_names=own_names(connection, request.requester) if request.blind else (),
        likeness=_likeness(connection, request, target),
    )


def _takes_a_place(row: Row[Any]) -> bool:
    """Until it has come to an introduction or its requester has been told, whatever has ended behind their back: a
    need for which somebody was proposed whom they ask for already is live no more, and they must not see it."""
    under_way = row.closed_at is None and row.delivered_at is None and not row.told
    return bool(row.live or under_way)


def _home(connection: Connection, request: Request) -> Home:
    row = connection.execute(_HOME, {"where": request.programme}).one()
    return Home(tenant=row.tenant, language=row.language, zone=row.zone)


def _own(connection: Connection, request: Request) -> Any:
    return connection.execute(_OWN, {"who": request.requester, "where": request.programme}).one_or_none()


def _target(connection: Connection, request: Request, home: Home) -> PersonId | None:
    match request.whom:
        case Listed(person=wanted):
            return connection.execute(_LISTED, {"who": wanted, "where": request.programme}).scalar_one_or_none()
        case Outside() as outside:
            return met_before(connection, home.tenant, outside, request.requester)
        case _:
            return None


def _own_channels(connection: Connection, who: PersonId) -> frozenset[ChannelId]:
    return frozenset(ChannelId(each) for each in connection.execute(_CHANNELS, {"who": who}).scalars())


def _last_that_counts(connection: Connection, pair: Sequence[Row[Any]], policy: Policy) -> datetime | None:
    """What was taken back at once, or never confirmed by the requester, bothered nobody for long."""
    unconfirmed = _unconfirmed(connection, [row.id for row in pair])
    counting = [row.asked_at for row in pair if row.id not in unconfirmed and not _taken_back_at_once(row, policy)]
    return max(counting, default=None)


def _unconfirmed(connection: Connection, introductions: Sequence[str]) -> set[str]:
    asked = connection.execute(_CONFIRMED, {"these": list(introductions)})
    return {row.introduction for row in asked if (row.answer or {}).get("kind") != "request_confirmed"}


def _taken_back_at_once(row: Row[Any], policy: Policy) -> bool:
    withdrawn = row.ending == Ending.WITHDRAWN and row.closed_at is not None
    return bool(withdrawn and row.closed_at - row.asked_at <= policy.undo_for.nominal)


def _published_pause(connection: Connection, request: Request) -> datetime | None:
    """Said only of somebody who is listed: of anybody else it would say that they are on file."""
    if not isinstance(request.whom, Listed):
        return None
    return connection.execute(_PAUSE, {"who": request.whom.person}).scalar_one_or_none()


def _still_counts(row: Row[Any]) -> bool:
    """An introduction, unless they say that they never met."""
    return row.delivered_at is not None and row.ending != Ending.DID_NOT_MEET


def _helped_at(connection: Connection, who: PersonId) -> datetime | None:
    last = select(help_given.c.at).where(help_given.c.person == who).order_by(help_given.c.at.desc()).limit(1)
    return connection.execute(last).scalar()


def own_names(connection: Connection, who: PersonId) -> tuple[str, ...]:
    """Everything on file by which somebody could be known: their names, where they work, how to reach them."""
    row = connection.execute(_NAMES, {"who": who}).one()
    ways = connection.execute(_WAYS, {"who": who}).scalars()
    named = (row.name, row.called, *former_names(connection, who), row.organisation)
    return tuple(each for each in (*named, *map(_handle, ways)) if each)


def _handle(value: str) -> str:
    """Of an address, what stands before the @; links and numbers are never let through."""
    return value.partition("@")[0] if "@" in value else ""


def _likeness(connection: Connection, request: Request, target: PersonId | None) -> int:
    outside = request.whom if isinstance(request.whom, Outside) else None
    return likeness_to_earlier(connection, request.programme, request.requester, request.note, target, outside)
