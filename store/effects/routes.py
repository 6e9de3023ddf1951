"""Who may be asked, and who is asked next? Decided in the step's own transaction, so that two cannot both decide."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, func, insert, or_, select

from models.asks import AskKind, AskState
from models.effects import FindConnector, HearApproval, TakeUp
from models.ids import PersonId
from models.letters import Role
from models.news import Barred, ConnectorFound, NoConnector, Somebody
from models.policy import ConnectorRules, TargetRules
from store import pauses
from store.effects.writing import Writing
from store.identity import is_blocked, same_people
from store.living import LIVES, somebody
from store.tables import ask, block, channel, introduction, membership, person, reservation, tie


def take_up(writing: Writing, effect: TakeUp) -> None:
    """Is the way to the target free, and is there room in their calendar? The room is taken at once."""
    target = writing.target
    if target is None or is_barred(writing, target) or _rests(writing, target) or not _reserve_target(writing, target):
        writing.replies.append(Barred())


def find_connector(writing: Writing, effect: FindConnector) -> None:
    """The best connector left, by confirmed strength and freshness; each is counted before they are asked."""
    for among in _pools(writing, effect):
        for candidate in _candidates(writing, effect.prefer, among):
            lock_person(writing, candidate.id)
            if _is_counted(writing, candidate.id) or _reserve(writing, candidate.id, Role.CONNECTOR):
                writing.replies.append(ConnectorFound(connector=candidate))
                return
    writing.replies.append(NoConnector())


def _pools(writing: Writing, effect: FindConnector) -> tuple[tuple[ColumnElement[bool], ...], ...]:
    """Among whom is looked, one after the other: staff are the last resort where the policy says so, else like any."""
    if not writing.opening.policy.connector.last_resort:
        return ((),)
    staff = exists().where(
        membership.c.person == person.c.id,
        membership.c.programme == writing.opening.programme,
        membership.c.operates,
    )
    lender = ((person.c.id == effect.prefer,),) if effect.lent else ()
    return ((staff,),) if effect.last_resort else (*lender, (~staff,), (staff,))


def hear_approval(writing: Writing, effect: HearApproval) -> None:
    """Said when they read the request, heard once the question is theirs."""
    writing.replies.append(effect.approval)


def is_barred(writing: Writing, target: PersonId) -> bool:
    """A block either way, somebody gone or resting, or no address left that may be written to."""
    them = same_people(writing.connection, target)
    if is_blocked(writing.connection, them, same_people(writing.connection, writing.requester)):
        return True
    if writing.run(
        select(person.c.id).where(person.c.id.in_(them), person.c.opted_out_at.is_not(None)).limit(1)
    ).first():
        return True
    present = writing.run(select(person.c.id).where(person.c.id.in_([target, writing.requester]), *_reachable(writing)))
    return len(present.all()) < 2 or _only_dead_addresses(writing, target)


def lock_person(writing: Writing, person_id: PersonId) -> None:
    """Caps are counted by one transaction at a time; SQLite's writers take turns anyway."""
    if writing.connection.dialect.name != "sqlite":
        writing.run(select(person.c.id).where(person.c.id == person_id).with_for_update())


def _reachable(writing: Writing) -> tuple[ColumnElement[bool], ...]:
    resting = person.c.paused_until.is_not(None) & (person.c.paused_until > writing.now)
    return person.c.opted_out_at.is_(None), person.c.erased_at.is_(None), ~resting


def _rests(writing: Writing, target: PersonId) -> bool:
    """Their asks rest in this programme. A yes they have given stands: this is looked at only before they are asked."""
    return pauses.rests_until(writing.connection, target, writing.opening.programme, writing.now) is not None


def _only_dead_addresses(writing: Writing, target: PersonId) -> bool:
    emails = [channel.c.person == target, channel.c.kind == "email"]
    any_known = writing.run(select(func.count()).where(*emails, channel.c.introduction.is_(None))).scalar_one()
    usable = writing.run(select(func.count()).where(*emails, channel.c.stopped_at.is_(None))).scalar_one()
    return bool(any_known) and not usable


def _reserve_target(writing: Writing, target: PersonId) -> bool:
    lock_person(writing, target)
    kept = select(reservation.c.step).where(
        reservation.c.introduction == writing.introduction, reservation.c.person == target
    )
    if writing.run(kept.limit(1)).first():
        return True
    return not _has_met_enough(writing, target) and _reserve(writing, target, Role.TARGET)


def _has_met_enough(writing: Writing, target: PersonId) -> bool:
    """Whether they have been introduced to as many as one may be in this time."""
    share = writing.opening.policy.target.introductions
    if share is None:
        return False
    since = writing.now - share.cap_per.nominal
    met = select(func.count()).where(
        introduction.c.target == target,
        introduction.c.programme == writing.opening.programme,
        introduction.c.delivered_at > since,
    )
    return bool(writing.run(met).scalar_one() >= share.cap)


def is_counted_lately(writing: Writing, person_id: PersonId, role: Role) -> bool:
    """Counted for this introduction in the window that matters now, or counted anew."""
    lock_person(writing, person_id)
    if role == Role.TARGET and _has_met_enough(writing, person_id):
        return False
    kept = select(reservation.c.step).where(
        reservation.c.introduction == writing.introduction,
        reservation.c.person == person_id,
        reservation.c.role == role,
        reservation.c.at > writing.now - _rules(writing, role).cap_per.nominal,
    )
    return writing.run(kept.limit(1)).first() is not None or _reserve(writing, person_id, role)


def _is_counted(writing: Writing, connector: PersonId) -> bool:
    """Asked again about the same introduction, because it has changed: one introduction, counted once."""
    this = (reservation.c.introduction == writing.introduction, reservation.c.person == connector)
    kept = select(reservation.c.step).where(*this, reservation.c.role == Role.CONNECTOR).limit(1)
    return writing.run(kept).first() is not None


def _reserve(writing: Writing, person_id: PersonId, role: Role) -> bool:
    """Count this ask against the person's cap, pending ones included; False where the cap is reached."""
    rules = _rules(writing, role)
    asked = writing.run(select(_asks_received(writing, role)).where(person.c.id == person_id)).scalar_one()
    if asked >= rules.cap or (role == Role.CONNECTOR and _has_asked_enough(writing, person_id)):
        return False
    values = {"introduction": writing.introduction, "step": writing.recording.step, "person": person_id, "role": role}
    writing.run(insert(reservation).values(values | {"programme": writing.opening.programme, "at": writing.now}))
    return True


def _has_asked_enough(writing: Writing, connector: PersonId) -> bool:
    """Whether this requester has had this connector asked as often as one may."""
    counted = _asked_for_requester(writing)
    if counted is None:
        return False
    return not writing.run(select(person.c.id).where(person.c.id == connector, counted)).first()


def _candidates(writing: Writing, prefer: PersonId | None, among: tuple[ColumnElement[bool], ...]) -> list[Somebody]:
    rules, to_requester = writing.opening.policy.connector, tie.alias("to_requester")
    knows_requester = exists().where(
        to_requester.c.connector == tie.c.connector,
        to_requester.c.person == writing.requester,
        to_requester.c.denied_at.is_(None),
    )
    fresh = tie.c.confirmed_at > writing.now - rules.tie_fresh_for.nominal
    query = (
        select(*LIVES)
        .join(tie, tie.c.connector == person.c.id)
        .where(tie.c.person == writing.target, tie.c.denied_at.is_(None), ~tie.c.no_go, *_may_connect(writing), *among)
        .order_by(
            case((and_(tie.c.confirmed_at.is_not(None), fresh), 0), (tie.c.confirmed_at.is_not(None), 1), else_=2),
            func.coalesce(tie.c.strength, 0).desc(),
            case((knows_requester, 0), else_=1),
            tie.c.confirmed_at.desc(),
            person.c.id,
        )
        .where(_asks_received(writing, Role.CONNECTOR) < rules.cap)
        .limit(rules.candidates)
    )
    still_free = _asked_for_requester(writing)
    if still_free is not None:
        query = query.where(still_free)
    if rules.must_know_requester:
        query = query.where(knows_requester)
    found = [somebody(row, writing.home, writing.now) for row in writing.run(query)]
    return _preferred(writing, prefer, among) + [each for each in found if each.id != prefer]


def _asks_received(writing: Writing, role: Role) -> ScalarSelect[int]:
    """How many asks each person was counted for in the window, as a part of a larger query."""
    rules = _rules(writing, role)
    return (
        select(func.count())
        .where(
            reservation.c.person == person.c.id,
            reservation.c.role == role,
            reservation.c.at > writing.now - rules.cap_per.nominal,
        )
        .correlate(person)
        .scalar_subquery()
    )


def _asked_for_requester(writing: Writing) -> ColumnElement[bool] | None:
    """Each person who may still be asked for this very requester, as a part of a larger query."""
    share = writing.opening.policy.connector.from_one_requester
    if share is None:
        return None
    count = (
        select(func.count())
        .select_from(reservation.join(introduction, introduction.c.id == reservation.c.introduction))
        .where(
            reservation.c.person == person.c.id,
            reservation.c.role == Role.CONNECTOR,
            reservation.c.at > writing.now - share.cap_per.nominal,
            introduction.c.requester == writing.requester,
        )
        .correlate(person)
        .scalar_subquery()
    )
    return count < share.cap


def _preferred(writing: Writing, prefer: PersonId | None, among: tuple[ColumnElement[bool], ...]) -> list[Somebody]:
    """Whom the connector before named as better placed, if they may be asked at all."""
    if prefer is None:
        return []
    fit = (person.c.id == prefer, ~_is_unwilling(writing, prefer), *_may_connect(writing), *among)
    row = writing.run(select(*LIVES).where(*fit)).first()
    return [somebody(row, writing.home, writing.now)] if row else []


def may_still_connect(writing: Writing, connector: PersonId) -> bool:
    """Whether somebody who has been asked before may be asked about the same once more."""
    this = (person.c.id == connector, ~_is_unwilling(writing, connector), *_is_free_to_connect(writing))
    return writing.run(select(person.c.id).where(*this)).first() is not None


def _is_unwilling(writing: Writing, connector: PersonId) -> ColumnElement[bool]:
    return exists().where(
        tie.c.connector == connector,
        tie.c.person == writing.target,
        or_(tie.c.no_go, tie.c.denied_at.is_not(None)),
    )


def _may_connect(writing: Writing) -> tuple[ColumnElement[bool], ...]:
    return person.c.id.not_in(_asked_already(writing)), *_is_free_to_connect(writing)


def _is_free_to_connect(writing: Writing) -> tuple[ColumnElement[bool], ...]:
    requesters = same_people(writing.connection, writing.requester)
    blocked = exists().where(
        or_(
            and_(block.c.blocker == person.c.id, block.c.blocked.in_(requesters)),
            and_(block.c.blocker.in_(requesters), block.c.blocked == person.c.id),
        )
    )
    member = exists().where(membership.c.person == person.c.id, membership.c.programme == writing.opening.programme)
    has_address = exists().where(
        channel.c.person == person.c.id,
        channel.c.kind == "email",
        channel.c.stopped_at.is_(None),
        channel.c.introduction.is_(None),
    )
    targets = same_people(writing.connection, writing.target) if writing.target else frozenset()
    neither = person.c.id.not_in([*requesters, *targets])
    rests = pauses.is_resting(writing.opening.programme, writing.now)
    return neither, ~blocked, member, has_address, ~rests, *_reachable(writing)


def _asked_already(writing: Writing) -> list[str]:
    """Nobody is asked twice, but for who was willing, or still thinking, when the request was changed."""
    these = (ask.c.introduction == writing.introduction, ask.c.kind == AskKind.APPROVE)
    rows = writing.run(select(ask.c.person, ask.c.version, ask.c.state, ask.c.answer).where(*these))
    now = writing.recording.standing.version
    return [row.person for row in rows if row.version == now or not _was_willing(row)]


def _was_willing(row: Any) -> bool:
    if row.state == AskState.SETTLED:
        return True
    return (row.answer or {}).get("kind") in ("connector_approved", "connector_forwards")


def _rules(writing: Writing, role: Role) -> ConnectorRules | TargetRules:
    return writing.opening.policy.connector if role == Role.CONNECTOR else writing.opening.policy.target
