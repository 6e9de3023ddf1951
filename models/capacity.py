"""How many requests a week can a programme place? Whose cap is reached first says it."""

from datetime import timedelta
from typing import Literal

from models.base import Frozen
from models.lasting import Lasting
from models.policy import Policy

WEEK = timedelta(days=7)
YES = 0.7  # of connectors who are asked: published rates lie between 60 and 80 per cent

Whose = Literal["requesters", "requests under way", "connectors", "targets"]


class People(Frozen):
    """Who is there, and how many requests they make a week, all together."""

    requesters: int
    connectors: int
    targets: int
    asks_a_week: float


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
            asks_a_week=people.connectors * _a_week(knows.cap, knows.cap_per) / each,
            rule=f"{people.connectors} connectors are asked {knows.cap} times in {knows.cap_per} each, at most, "
            f"and a request asks {each:.2g} of them",
        ),
        Limit(
            whose="targets",
            asks_a_week=people.targets * _a_week(asked.cap, asked.cap_per),
            rule=f"{people.targets} targets are asked {asked.cap} times in {asked.cap_per} each, at most",
        ),
    ]


def _a_week(amount: int, within: Lasting) -> float:
    return amount * (WEEK / within.nominal)
