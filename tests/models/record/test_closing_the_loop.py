"""A connector hears nothing of how it went that only one of the two has said against it."""

from datetime import timedelta

import pytest

from models.letters import Role
from models.outcomes import Ending
from models.record.closing_the_loop import PartyReport, Reports
from models.record.disclosure import LoopClosed
from tests.cast import MONDAY

REQUESTER, TARGET = Role.REQUESTER, Role.TARGET


def said(role: Role, kind: str, *, useful: bool | None = None, late: bool = False) -> PartyReport:
    return PartyReport(role=role, kind=kind, useful=useful, at=MONDAY + timedelta(hours=1 if late else -1))


def reports(ending: Ending, *given: PartyReport) -> Reports:
    return Reports(ending=ending, closed_at=MONDAY, given=given)


@pytest.mark.parametrize(
    ("ending", "given", "reads"),
    [
        (Ending.MET, [said(REQUESTER, "met")], "met"),
        (Ending.MET, [said(REQUESTER, "met"), said(TARGET, "met", useful=True)], "met_useful"),
        (Ending.MET, [said(REQUESTER, "met"), said(TARGET, "met", useful=True, late=True)], "met"),
        (Ending.TWO_LINES, [], "two_lines"),
        (Ending.DID_NOT_MEET, [said(REQUESTER, "did_not_meet"), said(TARGET, "no_show")], "did_not_meet"),
        (Ending.DID_NOT_MEET, [said(REQUESTER, "did_not_meet")], "not_heard"),
        (Ending.DID_NOT_MEET, [said(REQUESTER, "no_show"), said(TARGET, "no_show", late=True)], "not_heard"),
        (Ending.DELIVERED, [said(REQUESTER, "did_not_meet"), said(TARGET, "meeting_ahead")], "not_heard"),
    ],
)
def test_what_they_read(ending: Ending, given: list[PartyReport], reads: str) -> None:
    assert reports(ending, *given).to_connector(LoopClosed.CAME_TOGETHER) == reads
    assert reports(ending, *given).to_connector(LoopClosed.DID_NOT) == "not_together"


def test_a_sentence_is_read_only_where_it_came_in_time_and_the_two_agree() -> None:
    yes, no, absent = said(REQUESTER, "met"), said(REQUESTER, "did_not_meet"), said(REQUESTER, "no_show")
    assert reports(Ending.MET, yes).is_agreed(yes)
    assert not reports(Ending.MET, yes, no).is_agreed(no)
    assert not reports(Ending.MET, yes).is_agreed(said(TARGET, "met", late=True))
    assert not reports(Ending.DID_NOT_MEET, no).is_agreed(no)
    assert reports(Ending.DID_NOT_MEET, no, said(TARGET, "no_show")).is_agreed(no)
    assert not reports(Ending.DID_NOT_MEET, absent, said(TARGET, "did_not_meet")).is_agreed(absent)
