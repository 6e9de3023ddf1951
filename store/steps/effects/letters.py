"""Letters of steps that ask nothing, and the instant of delivery."""

from sqlalchemy import insert, select, update

from models.effects import Introduce, WriteLetter
from models.ids import PersonId
from models.letters import LetterKind, Role
from models.news import Barred, CapReached, HeldBack, Introduced
from store.boundaries import introduction_caps
from store.journal import inbox
from store.steps.effects.routes import is_barred, lock_person
from store.steps.effects.writer import Writing
from store.tables import channel, consent, disclosure, introduction


def write_letter(writing: Writing, effect: WriteLetter) -> None:
    writing.plan(effect.letter, effect.to, effect.not_before, words=effect.words)


def introduce(writing: Writing, effect: Introduce) -> None:
    """Both sides are disclosed and both letters planned here, or neither: the order of commits decides (S6, S7)."""
    if inbox.has_waiting_stop(writing.connection, writing.recording.introduction):
        writing.replies.append(HeldBack())
    elif writing.target is None or is_barred(writing, writing.target):
        writing.replies.append(Barred())
    elif full := _who_has_had_enough(writing, writing.target):
        writing.replies.append(CapReached(role=full))
    elif not _disclose(writing):
        writing.replies.append(Barred())
    else:
        writing.plan(LetterKind.INTRODUCTION_TO_REQUESTER, writing.requester, writing.now)
        writing.plan(LetterKind.INTRODUCTION_TO_TARGET, writing.target, writing.now)
        writing.run(
            update(introduction).where(introduction.c.id == writing.introduction).values(delivered_at=writing.now)
        )
        writing.replies.append(Introduced())


def _who_has_had_enough(writing: Writing, target: PersonId) -> Role | None:
    """Who of the two would have one introduction more than they said, and has not chosen it. Counted by one at a time:
    this transaction holds both people, and what it counts it also adds to."""
    policy, where = writing.opening.policy, writing.opening.programme
    parties = {Role.TARGET: target, Role.REQUESTER: writing.requester}
    capped = {role: who for role, who in parties.items() if introduction_caps.cap_for(policy, role)}
    if not writing.opening.caps_hold_at_delivery:
        return None
    for who in sorted(capped.values()):
        lock_person(writing, who)
    this, version = writing.recording.introduction, writing.recording.standing.version
    for role, who in capped.items():
        if not introduction_caps.has_had_enough(writing.connection, policy, role, who, where, writing.now):
            continue
        if not introduction_caps.has_chosen_more(writing.connection, this, version, who):
            return role
    return None


def _disclose(writing: Writing) -> bool:
    """Each side's channels, as they stand in the consent that counts. False where nothing may be given."""
    rows = writing.run(
        select(consent).where(
            consent.c.introduction == writing.introduction,
            consent.c.version == writing.recording.standing.version,
            consent.c.revoked_at.is_(None),
        )
    ).all()
    given = {row.person: _still_theirs(writing, row.channels) for row in rows}
    if not given.get(writing.requester) or not given.get(writing.target):
        return False
    for person, other in ((writing.requester, writing.target), (writing.target, writing.requester)):
        values = {"introduction": writing.introduction, "person": person, "to": other, "at": writing.now}
        writing.run(insert(disclosure).values(values | {"channels": given[person]}))
    return True


def _still_theirs(writing: Writing, channels: list[str]) -> list[str]:
    """Without those that have been taken off since: a consent is never read as more than it is now."""
    alive = select(channel.c.id).where(channel.c.id.in_(channels), channel.c.stopped_at.is_(None))
    kept = {row.id for row in writing.run(alive)}
    return [each for each in channels if each in kept]
