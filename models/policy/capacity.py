"""Capacity: how many requests a week a programme can place. Whose cap is reached first says it."""

from datetime import timedelta
from typing import Literal, NamedTuple

from pydantic import Field

from models.base import Frozen
from models.letters import Role
from models.policy import caps
from models.policy.durations import Lasting
from models.policy.policy import Policy

WEEK = timedelta(days=7)
YES = 0.7  # of connectors who are asked: published rates lie between 60 and 80 per cent

Whose = Literal["requesters", "requests under way", "connectors", "targets"]


class People(Frozen):
    """Who is there, and how many requests they make a week, all together."""

    requesters: int
    connectors: int
    targets: int
    asks_a_week: float
    connectors_of: dict[str, int] = Field(default={}, description="of the connectors, those of a kind, by its name")
    targets_of: dict[str, int] = Field(default={}, description="of the targets, likewise")


class Limit(Frozen):
    """The most requests a week that one cap lets through."""

    whose: Whose
    asks_a_week: float
    rule: str


class Capacity(Frozen):
    asks_a_week: float
    fit: float
    limits: tuple[Limit, ...]  # the tightest first
    unplaced: float  # of all requests, between 0 and 1

    @property
    def sentence(self) -> str:
        tightest = self.limits[0]
        if not self.unplaced:
            return (
                f"All of these asks can be placed. The tightest cap is that of the {tightest.whose}: {tightest.rule}."
            )
        about = "Up to" if tightest.whose == "requests under way" else "About"
        share = max(1, round(100 * self.unplaced))
        return f"{about} {share} % of these asks cannot be placed: {tightest.rule}."


def capacity(policy: Policy, people: People) -> Capacity:
    """From people, caps and patience, on an even week. A busy week is worse."""
    limits = sorted(_limits(policy, people), key=lambda limit: limit.asks_a_week)
    fit = min(people.asks_a_week, limits[0].asks_a_week)
    unplaced = 1 - fit / people.asks_a_week if people.asks_a_week else 0.0
    return Capacity(asks_a_week=people.asks_a_week, fit=fit, limits=tuple(limits), unplaced=unplaced)


def connectors_a_request(policy: Policy) -> float:
    """How many connectors one request asks, on average: the next one only where the one before does not say yes."""
    return sum((1 - YES) ** before for before in range(policy.connector.candidates))


def _limits(policy: Policy, people: People) -> list[Limit]:
    asks, knows, asked = policy.requester, policy.connector, policy.target
    each = connectors_a_request(policy)
    among_connectors = _among(policy, Role.CONNECTOR, people.connectors, people.connectors_of)
    among_targets = _among(policy, Role.TARGET, people.targets, people.targets_of)
    return [
        Limit(
            whose="requesters",
            asks_a_week=people.requesters * _a_week(asks.new_asks, asks.new_asks_per),
            rule=f"{people.requesters} requesters make {asks.new_asks} requests in {asks.new_asks_per} each, at most",
        ),
        Limit(
            whose="requests under way",
            asks_a_week=people.requesters * _a_week(asks.open_asks, asks.promised_answer),
            rule=f"{people.requesters} requesters have {asks.open_asks} requests under way each, at most, "
            f"and one may take {asks.promised_answer}",
        ),
        Limit(
            whose="connectors",
            asks_a_week=_a_week(_room(among_connectors), knows.cap_per) / each,
            rule=f"{_said(among_connectors, 'connectors', knows.cap_per)}, and a request asks {each:.2g} of them",
        ),
        Limit(
            whose="targets",
            asks_a_week=_a_week(_room(among_targets), asked.cap_per),
            rule=_said(among_targets, "targets", asked.cap_per),
        ),
    ]


class Among(NamedTuple):
    """So many people who are asked so often each, at most; `kind` is empty of those under the general cap."""

    kind: str
    many: int
    cap: int


def _among(policy: Policy, role: Role, many: int, of_kind: dict[str, int]) -> list[Among]:
    own = caps.own_caps(policy, role)
    theirs = [Among(kind, number, own[kind]) for kind, number in of_kind.items() if kind in own and number]
    others = Among("", max(0, many - sum(each.many for each in theirs)), caps.cap_of(policy, role, None))
    return [*theirs, others] if others.many or not theirs else theirs


def _room(among: list[Among]) -> int:
    return sum(each.many * each.cap for each in among)


def _said(among: list[Among], whose: str, within: Lasting) -> str:
    """“2 connectors are asked 8 times in 30 d each, at most”, kind by kind where there are kinds."""
    first, *more = among
    of_kind = f" of the kind {first.kind}" if first.kind else ""
    begins = f"{first.many} {whose}{of_kind} are asked {first.cap} times in {within} each, at most"
    goes_on = (f"{each.many} {each.kind or 'others'} {each.cap} times" for each in more)
    return ", ".join([begins, *goes_on])


def _a_week(amount: int, within: Lasting) -> float:
    return amount * (WEEK / within.nominal)
