"""Caps on asks. By what they are asked for, and by their kind."""

from typing import Literal

from models.letters import Role
from models.policy.policy import Policy

Asked = Literal[Role.CONNECTOR, Role.TARGET]
ASKED: tuple[Asked, ...] = (Role.CONNECTOR, Role.TARGET)


def cap_of(policy: Policy, role: Role, kind: str | None) -> int:
    """Asks that one person of this kind gets in the time that the policy counts them in."""
    own = own_caps(policy, role).get(kind) if kind else None
    return own or (policy.connector.cap if role == Role.CONNECTOR else policy.target.cap)


def own_caps(policy: Policy, role: Role) -> dict[str, int]:
    """The kinds that have a cap of their own when they are asked for this."""
    field = "connector_cap" if role == Role.CONNECTOR else "target_cap"
    caps: dict[str, int | None] = {name: getattr(rules, field) for name, rules in policy.kinds.items()}
    return {name: cap for name, cap in caps.items() if cap is not None}


def is_nowhere_wider(policy: Policy, kind: str | None, than: str | None) -> bool:
    """Whether whoever is of this kind is asked as often as one of the other at most, whatever for."""
    return all(cap_of(policy, role, kind) <= cap_of(policy, role, than) for role in ASKED)
