"""New requests. Looked at and kept in one transaction: either every row of it is there, or its faults."""

import secrets
from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from calendars.clocks import clocks_of, law
from models.base import Frozen
from models.ids import IntroductionId, PersonId
from models.news import Somebody
from models.policy.lifetime import lifetime
from models.policy.policy import Policy
from models.process.state.opening import Opening
from models.record.ledger import START
from models.request.door import agrees_with_request, faults, is_blind, promised_at, rules_for
from models.request.faults import Fault, FaultName
from models.request.notes import tidy
from models.request.plain_text import Unfit
from models.request.request import Outside, Request
from store.engine.ids import new_id
from store.people.locale import somebody_called
from store.requests.answers import given, kind_of
from store.requests.door import AtTheDoor, at_the_door
from store.requests.outsiders import keep_outside, tidy_name
from store.requests.words import TYPED, NameAsTyped
from store.tables import introduction, person, request, words


class RequestKept(Frozen):
    """Taken: what the workflow starts with. Starting it comes after the commit, and may be repeated."""

    opening: Opening


class Faults(Frozen):
    """Not taken, and nothing was written: everything the requester can mend."""

    faults: tuple[Fault, ...]


def keep_request(connection: Connection, asked: Request, now: datetime) -> RequestKept | Faults:
    """Take this request, or say what is wrong with it. Two at once: the database lets one of them through."""
    _hold(connection, asked.requester)
    door = at_the_door(connection, asked, now)
    found = faults(asked, door.facts, door.policy, now)
    if found:
        return Faults(faults=found)
    try:
        with connection.begin_nested():
            return RequestKept(opening=_keep(connection, asked, door, now))
    except IntegrityError:  # the pair's only live introduction was made a moment ago, through another door
        return Faults(faults=(Fault(name=FaultName.ALREADY_ASKED, field="target"),))


def mark_started(connection: Connection, introduction_id: IntroductionId, now: datetime) -> None:
    """Temporal has taken it: the sweep need not start it again."""
    row = introduction.c.id == introduction_id
    connection.execute(update(introduction).where(row, introduction.c.started_at.is_(None)).values(started_at=now))


def policy_of(connection: Connection, introduction_id: IntroductionId) -> Policy | None:
    """The policy it began under; None where there is no such introduction."""
    opening = connection.execute(select(introduction.c.opening).where(introduction.c.id == introduction_id)).scalar()
    return Opening.read_back(opening).policy if opening else None


def _hold(connection: Connection, requester: PersonId) -> None:
    """One request at a time is counted against somebody's limits. SQLite's writers take turns anyway."""
    connection.execute(select(person.c.id).where(person.c.id == requester).with_for_update())


def _keep(connection: Connection, asked: Request, door: AtTheDoor, now: datetime) -> Opening:
    target = _target(connection, asked, door, now)
    opening = _opening(asked, door, target, now)
    _salt(connection, asked.requester)
    connection.execute(insert(introduction).values(_row(opening)))
    _keep_words(connection, opening, asked, now)
    return opening


def _target(connection: Connection, asked: Request, door: AtTheDoor, now: datetime) -> Somebody | None:
    who = door.facts.target
    if who is None and isinstance(asked.whom, Outside):
        who = keep_outside(connection, door.home, asked.whom, now)
    if who is None:
        return None
    return somebody_called(connection, who, door.country, now)


def _opening(asked: Request, door: AtTheDoor, target: Somebody | None, now: datetime) -> Opening:
    zones = {door.facts.zone, door.home.zone, *([target.zone] if target else [])}
    rules, agreed = rules_for(asked, door.facts, door.policy), agrees_with_request(asked, door.policy)
    return Opening(
        id=IntroductionId(new_id("int")),
        programme=asked.programme,
        policy=rules,
        requester=Somebody(id=asked.requester, zone=door.facts.zone, days=door.facts.days),
        target=target,
        made_by=asked.made_by,
        asked_at=now,
        promised_at=promised_at(now, rules, door.facts),
        channels=asked.channels if agreed else (),
        wording=asked.wording if agreed else "",
        zone=door.home.zone,
        days=door.country.days(now),
        clocks=clocks_of(zones, now, now + lifetime(rules)),
        blind=is_blind(asked, door.policy),
        track=asked.track,
        own_left_to_others=True,
        later_keeps_its_time=True,
        hears_second_thoughts=True,
        ends_as_silence_would=True,
        bounded=True,
        caps_hold_at_delivery=True,
        rings_in_time=True,
        route_may_be_named=True,
    )


def _salt(connection: Connection, requester: PersonId) -> None:
    """Their words stand in the ledger as hashes under a salt of their own, which erasing deletes."""
    unsalted = update(person).where(person.c.id == requester, person.c.salt.is_(None))
    connection.execute(unsalted.values(salt=secrets.token_hex(32)))


def _row(opening: Opening) -> dict[str, object]:
    return {
        "id": opening.id,
        "programme": opening.programme,
        "requester": opening.requester.id,
        "target": opening.target.id if opening.target else None,
        "made_by": opening.made_by,
        "opening": opening.model_dump(mode="json"),
        "asked_at": opening.asked_at,
        "promised_at": opening.promised_at,
        "live": True,
        "step": 0,
        "stage": "asked",
        "waiting_on": "nobody",
        "version": 1,
        "approved": False,
        "told": False,
        "clock_law": law(),
        "ledger_seq": 0,
        "ledger_hash": START,
    }


def _keep_words(connection: Connection, opening: Opening, asked: Request, now: datetime) -> None:
    texts = {kind: body for kind, written in asked.texts.items() if not isinstance(body := tidy(written), Unfit)}
    if not opening.blind:
        texts.pop("blind", None)
    keys = {kind: new_id("wrd") for kind in texts}
    own = {"introduction": opening.id, "owner": asked.requester, "at": now}
    rows = [own | {"id": keys[kind], "kind": kind, "body": body} for kind, body in texts.items()]
    answers = {each.id: body for each in opening.policy.request.questions if (body := given(asked.answers, each))}
    answered = {name: new_id("wrd") for name in answers}
    rows += [
        own | {"id": answered[name], "kind": kind_of(opening.policy.request, name), "body": body}
        for name, body in answers.items()
    ]
    if isinstance(asked.whom, Outside):
        rows.append(own | {"id": new_id("wrd"), "kind": TYPED, "body": _as_typed(asked.whom).body})
    connection.execute(insert(words), rows)
    connection.execute(
        insert(request).values(introduction=opening.id, version=1, at=now, answers=answered or None, **keys)
    )


def _as_typed(outside: Outside) -> NameAsTyped:
    return NameAsTyped(name=tidy_name(outside.name), organisation=outside.organisation.strip())
