"""Routes: who may be asked, and who is asked next.

Decided in the step's own transaction, so that two cannot both decide.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement

from models.asks import AskState
from models.effects import FindConnector, HearApproval, TakeUp
from models.ids import PersonId
from models.letters import Role
from models.news import Barred, ConnectorFound, NoConnector, Somebody
from models.policy import caps
from models.policy.policy import ConnectorRules, TargetRules
from store.boundaries import conflicts, introduction_caps, resting_asks
from store.boundaries.other_requests import is_live_elsewhere
from store.people.identity import is_blocked
from store.people.locale import somebody
from store.steps.effects import candidates
from store.steps.effects.hours import new_clock
from store.steps.effects.writer import Writing
from store.tables import person

MANY = 1_000  # connectors who are looked at, where some of them may be left out


def take_up(writing: Writing, effect: TakeUp) -> None:
    """The room in the target's calendar, taken at once where the way to them is free."""
    if not _is_open(writing):
        writing.replies.append(Barred())


def _is_open(writing: Writing) -> bool:
    """Whether nothing stands between the two. Then the target is counted."""
    target = writing.target
    return not (
        target is None
        or _is_asked_elsewhere(writing, target)
        or is_barred(writing, target)
        or _rests(writing, target)
        or not _reserve_target(writing, target)
    )


def _is_asked_elsewhere(writing: Writing, target: PersonId) -> bool:
    """Proposed to a requester who asks for them already: what was live before goes on, and this does not."""
    if writing.row.live or writing.recording.standing.told:
        return False
    return is_live_elsewhere(writing.connection, writing.requester, target, writing.recording.introduction)


def find_connector(writing: Writing, effect: FindConnector) -> None:
    """The best connector left, by confirmed strength and freshness; each is counted before they are asked.

    Whom an operator has named is asked or nobody is, in one answer for whatever stands against it.
    """
    if effect.only and not _is_open(writing):
        writing.replies.append(NoConnector())
        return
    for among in _pools(writing, effect):
        for candidate in _candidates(writing, effect.prefer, among):
            if effect.only and candidate.id != effect.prefer:
                continue
            lock_person(writing, candidate.id)
            if _is_counted(writing, candidate.id) or _reserve(writing, candidate.id, Role.CONNECTOR):
                writing.replies.append(ConnectorFound(connector=candidate, clock=new_clock(writing, candidate.zone)))
                return
    writing.replies.append(NoConnector())


def _pools(writing: Writing, effect: FindConnector) -> tuple[tuple[ColumnElement[bool], ...], ...]:
    """Among whom is looked, one after the other: staff are the last resort where the policy says so, else like any."""
    if not writing.opening.policy.connector.last_resort:
        return ((),)
    staff = candidates.STAFF
    lender = ((person.c.id == effect.prefer,),) if effect.lent else ()
    return ((staff,),) if effect.last_resort else (*lender, (~staff,), (staff,))


def hear_approval(writing: Writing, effect: HearApproval) -> None:
    """Said when they read the request, heard once the question is theirs."""
    writing.replies.append(effect.approval)


def is_barred(writing: Writing, target: PersonId) -> bool:
    """A block, or two who are kept apart; somebody gone, resting or not invited; no address left to write to."""
    them = writing.same_people(target)
    requesters = writing.same_people(writing.requester)
    if is_blocked(writing.connection, them, requesters):
        return True
    if conflicts.are_apart(writing.connection, writing.opening.programme, target, writing.requester):
        return True
    if writing.run(candidates.NOT_TO_BE_ASKED, people=list(them), programme=writing.opening.programme).first():
        return True
    present = writing.run(candidates.PRESENT, people=[target, writing.requester], now=writing.now)
    return len(present.all()) < 2 or _only_dead_addresses(writing, target)


def lock_person(writing: Writing, person_id: PersonId) -> None:
    """Caps are counted by one transaction at a time; SQLite's writers take turns anyway."""
    if writing.connection.dialect.name != "sqlite":
        writing.run(candidates.LOCKED, who=person_id)


def _rests(writing: Writing, target: PersonId) -> bool:
    """Their asks rest in this programme. A yes they have given stands: this is looked at only before they are asked."""
    return resting_asks.rests_until(writing.connection, target, writing.opening.programme, writing.now) is not None


def _only_dead_addresses(writing: Writing, target: PersonId) -> bool:
    emails = writing.run(candidates.EMAILS, who=target).one()
    return bool(emails.known) and not emails.usable


def _reserve_target(writing: Writing, target: PersonId) -> bool:
    lock_person(writing, target)
    if writing.run(candidates.IS_COUNTED, introduction=writing.introduction, who=target).first():
        return True
    return not _has_met_enough(writing, target) and _reserve(writing, target, Role.TARGET)


def _has_met_enough(writing: Writing, target: PersonId) -> bool:
    """Whether they have been introduced to as many as one may be in this time."""
    where, policy = writing.opening.programme, writing.opening.policy
    return introduction_caps.has_had_enough(writing.connection, policy, Role.TARGET, target, where, writing.now)


def is_counted_lately(writing: Writing, person_id: PersonId, role: Role) -> bool:
    """Counted for this introduction in the window that matters now, or counted anew."""
    lock_person(writing, person_id)
    if role == Role.TARGET and _has_met_enough(writing, person_id):
        return False
    this = {"introduction": writing.introduction, "who": person_id} | _window(writing, role)
    return writing.run(candidates.IS_COUNTED_LATELY, **this).first() is not None or _reserve(writing, person_id, role)


def _is_counted(writing: Writing, connector: PersonId) -> bool:
    """Asked again about the same introduction, because it has changed: one introduction, counted once."""
    this = {"introduction": writing.introduction, "who": connector, "role": Role.CONNECTOR}
    return writing.run(candidates.IS_COUNTED_AS, **this).first() is not None


def _reserve(writing: Writing, person_id: PersonId, role: Role) -> bool:
    """Count this ask against the person's cap, pending ones included; False where the cap is reached."""
    asked = writing.run(candidates.ASKS_RECEIVED, who=person_id, **_window(writing, role)).scalar_one()
    if asked >= _cap(writing, person_id, role) or (role == Role.CONNECTOR and _has_asked_enough(writing, person_id)):
        return False
    values = {"introduction": writing.introduction, "step": writing.recording.step, "person": person_id, "role": role}
    writing.run(candidates.COUNT, **values, programme=writing.opening.programme, at=writing.now)
    return True


def _cap(writing: Writing, person_id: PersonId, role: Role) -> int:
    """Theirs, by their kind in this programme."""
    policy = writing.opening.policy
    this = {"who": person_id, "programme": writing.opening.programme}
    kind = writing.run(candidates.KIND, **this).scalar_one_or_none() if policy.kinds else None
    return caps.cap_of(policy, role, kind)


def _has_asked_enough(writing: Writing, connector: PersonId) -> bool:
    """Whether this requester has had this connector asked as often as one may."""
    share = _share(writing)
    return bool(share) and not writing.run(candidates.FREE_FOR_REQUESTER, who=connector, **share).first()


def _share(writing: Writing) -> dict[str, Any]:
    """How much of a connector's time one requester may take; nothing where the policy does not say."""
    share = writing.opening.policy.connector.from_one_requester
    if share is None:
        return {}
    since = writing.now - share.cap_per.nominal
    return {"requester": writing.requester, "shared_since": since, "share": share.cap}


def _window(writing: Writing, role: Role) -> dict[str, Any]:
    """In which time asks are counted against a cap."""
    return {"role": role, "counted_since": writing.now - _rules(writing, role).cap_per.nominal}


def _candidates(writing: Writing, prefer: PersonId | None, among: tuple[ColumnElement[bool], ...]) -> list[Somebody]:
    rules, share = writing.opening.policy.connector, _share(writing)
    only = [
        *among,
        *([candidates.STILL_FREE] if share else []),
        *([candidates.KNOWS_REQUESTER] if rules.must_know_requester else []),
    ]
    this = _what_connectors_are_compared_with(writing) | _window(writing, Role.CONNECTOR) | share
    this |= {"requester": writing.requester, "asked_already": _asked_already(writing)}
    this |= {"fresh_since": writing.now - rules.tie_fresh_for.nominal, "most": rules.candidates}
    own_caps = caps.own_caps(writing.opening.policy, Role.CONNECTOR)
    this |= _caps(rules.cap, own_caps)
    query = candidates.candidates(len(own_caps))
    query = query.where(*only) if only else query
    with_conflicts = conflicts.has_any_about(writing.connection, writing.opening.programme, this["requesters"])
    if with_conflicts:
        this |= {"most": MANY}  # some of them are left out
    found = [somebody(row, writing.home, writing.now) for row in writing.run(query, **this)]
    found = _preferred(writing, prefer, among, this) + [each for each in found if each.id != prefer]
    return list(islice(_not_kept_apart(writing, found), rules.candidates + 1)) if with_conflicts else found


def _not_kept_apart(writing: Writing, found: list[Somebody]) -> Iterator[Somebody]:
    """Whoever the programme keeps apart from the requester does not read their request as a connector either."""
    is_kept_apart = conflicts.kept_from(writing.connection, writing.opening.programme, writing.requester)
    return (each for each in found if not is_kept_apart(each.id))


def _caps(general: int, own: dict[str, int]) -> dict[str, Any]:
    """What the statement compares with: the general cap, and those of kinds that have their own."""
    kinds = {f"of_kind_{number}": name for number, name in enumerate(own)}
    return {"cap": general} | kinds | {f"cap_of_kind_{number}": cap for number, cap in enumerate(own.values())}


def _preferred(
    writing: Writing, prefer: PersonId | None, among: tuple[ColumnElement[bool], ...], this: dict[str, Any]
) -> list[Somebody]:
    """Whom the connector before named as better placed, if they may be asked at all."""
    row = writing.run(candidates.PREFERRED.where(*among), **this, who=prefer).first() if prefer else None
    return [somebody(row, writing.home, writing.now)] if row else []


def may_still_connect(writing: Writing, connector: PersonId) -> bool:
    """Whether somebody who has been asked before may be asked about the same once more."""
    this = _what_connectors_are_compared_with(writing)
    if conflicts.are_apart(writing.connection, writing.opening.programme, connector, writing.requester):
        return False
    return writing.run(candidates.MAY_STILL_CONNECT, **this, who=connector).first() is not None


def _what_connectors_are_compared_with(writing: Writing) -> dict[str, Any]:
    requesters = writing.same_people(writing.requester)
    targets = writing.same_people(writing.target) if writing.target else frozenset()
    return {
        "target": writing.target,
        "requesters": list(requesters),
        "neither": [*requesters, *targets],
        "programme": writing.opening.programme,
        "now": writing.now,
    }


def _asked_already(writing: Writing) -> list[str]:
    """Nobody is asked twice, but for who was willing, or still thinking, when the request was changed."""
    rows = writing.run(candidates.ASKED, introduction=writing.introduction)
    now = writing.recording.standing.version
    return [row.person for row in rows if row.version == now or not _was_willing(row)]


def _was_willing(row: Any) -> bool:
    if row.state == AskState.SETTLED:
        return True
    return (row.answer or {}).get("kind") in ("connector_approved", "connector_forwards")


def _rules(writing: Writing, role: Role) -> ConnectorRules | TargetRules:
    return writing.opening.policy.connector if role == Role.CONNECTOR else writing.opening.policy.target
