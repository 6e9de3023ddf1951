"""Staff are asked once no volunteer is left, and not before; a first or unusual request is read, and no other."""

from pathlib import Path

import pytest

from models.effects import FindConnector
from models.news import Screened
from models.request.door import DoorFacts, is_read, rules_for
from models.request.request import Request
from tests.cast import CARL, CLEO, CORA, OLIVE, opening, policy
from tests.policies.core_consequences import asked
from tests.policies.store_consequences import Found
from tests.support.news_phrases import declines
from tests.support.play import Play, Store

ALUMNI = policy("alumni")
READ_ALL = policy("alumni", {"screening": None})


async def test_a_volunteer_comes_before_staff_who_know_them_better(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
    assert await Found(staff=(CARL,))(READ_ALL, tmp_path / "one") == CLEO.id
    assert await Found(staff=(CARL, CLEO))(READ_ALL, tmp_path / "two") == CARL.id, "never none, where staff know them"
    assert await Found()(READ_ALL, tmp_path / "three") == CARL.id


def test_after_the_volunteers_one_of_the_staff_is_asked() -> None:
    play = Play(opening(ALUMNI), Store((CARL.somebody, CLEO.somebody, CORA.somebody)))
    play.hear(Screened(by=OLIVE.id, approved=True), declines(CARL))
    assert FindConnector(last_resort=True) in play.effects()
    assert play.introduction.connector == CLEO.somebody
    play.hear(declines(CLEO))
    assert play.introduction.stage.kind == "resting", "nobody is asked beyond that"


@pytest.mark.parametrize(
    ("known", "said", "read"),
    [
        ({}, {}, True),
        ({"has_asked": True}, {}, False),
        ({"has_asked": True, "likeness": 70}, {}, True),
        ({"has_asked": True}, {"note": "See https://pumps.test/us"}, True),
    ],
)
def test_the_first_request_and_unusual_ones_are_read(
    known: dict[str, object], said: dict[str, str], read: bool
) -> None:
    request, facts = asked(**known)
    request = request.model_copy(update=said)
    assert _read_under_its_rules(request, facts) == is_read(request, facts, ALUMNI) == read


def _read_under_its_rules(request: Request, facts: DoorFacts) -> bool:
    return rules_for(request, facts, ALUMNI).screening is not None
