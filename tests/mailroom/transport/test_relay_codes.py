"""Codes of relays. A dead address is known by one rule, at the relay's door and in a report."""

import pytest

from mailroom.inbound import bounce_reports
from mailroom.transport.relay_codes import enhanced_code, means_dead_address
from tests.mailroom import returned_messages


@pytest.mark.parametrize("code", ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"])
def test_nobody_is_there_any_more(code: str) -> None:
    assert means_dead_address(554, code)


@pytest.mark.parametrize(
    "code", ["5.1.4", "5.1.7", "5.1.8", "5.2.2", "5.2.3", "5.4.6", "5.4.7", "5.5.0", "5.7.1", "4.1.1"]
)
def test_what_is_about_us_or_the_letter_or_today_stops_no_address(code: str) -> None:
    assert not means_dead_address(550, code)


@pytest.mark.parametrize("code", ["", "5.0.0", "5.1.0"])
def test_where_the_code_tells_nothing_the_plain_reply_counts(code: str) -> None:
    assert means_dead_address(550, code)
    assert not means_dead_address(554, code)
    assert not means_dead_address(None, code)


@pytest.mark.parametrize("said", ["550 no", "550 blocked, see 5.1.1.7", "550 from 15.1.1.2", "v5.1"])
def test_an_address_of_the_internet_is_no_code(said: str) -> None:
    assert enhanced_code(said) == ""


@pytest.mark.parametrize(
    ("status", "diagnosis", "dead"),
    [
        ("5.0.0", "550 5.1.1", True),  # as Exim reports everything
        ("5.0.0", "550 5.7.1", False),
        ("5.0.0", "554", False),
        ("5.1.8", "550 5.1.8", False),
        ("5.5.0", "550 5.5.0", False),
    ],
)
def test_a_report_means_what_the_same_refusal_at_the_door_means(status: str, diagnosis: str, dead: bool) -> None:
    raw = returned_messages.report("x@y.test", status=status).replace(f"550 {status}".encode(), diagnosis.encode())
    assert bounce_reports.read(raw).blames_address is dead
