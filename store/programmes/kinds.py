"""Kinds of people in a programme. How often they are asked goes by it.

A file, or two records that become one, never make anybody somebody who is asked more often (S32); an
operator may.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from models.base import Frozen
from models.ids import PersonId, ProgrammeId
from models.letters import Role
from models.policy.caps import cap_of, is_nowhere_wider
from models.policy.durations import CapRules
from models.policy.kinds import KindRules
from models.policy.policy import Policy
from store.people.person import Belonging
from store.programmes.policies import policy_in_force
from store.tables import membership


class MostAsks(Frozen):
    """How often one person is asked in one programme, at most; `kind` is theirs, where they have one."""

    programme: str
    kind: KindRules | None
    connector: CapRules
    target: CapRules


def known(connection: Connection, programme: ProgrammeId) -> dict[str, KindRules]:
    """Those that the policy in force tells apart."""
    return policy_in_force(connection, programme).kinds


def give(
    connection: Connection, where: ProgrammeId, who: PersonId, kind: str | None, by: PersonId | None, now: datetime
) -> bool:
    """False where they are not a member. Who gave it stays beside it."""
    row = (membership.c.programme == where, membership.c.person == who)
    given = {"kind": kind, "kind_by": by, "kind_at": now}
    return bool(connection.execute(update(membership).where(*row).values(given)).rowcount)


def most_asks(connection: Connection, belongings: tuple[Belonging, ...]) -> tuple[MostAsks, ...]:
    """How often somebody is asked in each of their programmes, at most."""
    return tuple(_most_asks(policy_in_force(connection, each.programme), each) for each in belongings)


def can_be_put_together(connection: Connection, kept: PersonId, given_up: PersonId) -> bool:
    """Whether in each programme in which both are members one of their kinds is the stricter in all."""
    own = {row.programme: row for row in _memberships(connection, kept)}
    both = ((own[row.programme], row) for row in _memberships(connection, given_up) if row.programme in own)
    return all(stricter(connection, one, other) is not None for one, other in both)


def stricter(connection: Connection, one: Row[Any], other: Row[Any]) -> Row[Any] | None:
    """Of two memberships of a programme the one whose kind is nowhere asked more; None where neither is."""
    if one.kind == other.kind:
        return one
    rules = policy_in_force(connection, one.programme)
    if is_nowhere_wider(rules, one.kind, other.kind):
        return one
    return other if is_nowhere_wider(rules, other.kind, one.kind) else None


def of_newcomer(connection: Connection, row: Row[Any]) -> str | None:
    """What becomes of a kind that moves to somebody who was not a member: they could only be asked for until now."""
    rules = policy_in_force(connection, row.programme)
    stays = cap_of(rules, Role.TARGET, row.kind) <= cap_of(rules, Role.TARGET, None)
    return row.kind if stays else None


def _most_asks(rules: Policy, belonging: Belonging) -> MostAsks:
    return MostAsks(
        programme=belonging.name,
        kind=rules.kinds.get(belonging.kind) if belonging.kind else None,
        connector=CapRules(cap=cap_of(rules, Role.CONNECTOR, belonging.kind), cap_per=rules.connector.cap_per),
        target=CapRules(cap=cap_of(rules, Role.TARGET, belonging.kind), cap_per=rules.target.cap_per),
    )


def _memberships(connection: Connection, who: PersonId) -> list[Row[Any]]:
    return list(connection.execute(select(membership).where(membership.c.person == who)))
