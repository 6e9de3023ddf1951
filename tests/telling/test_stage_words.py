"""Words for letters: where one arrived is said as it is."""

from mailroom.transport.mail_page import ARRIVED
from telling.stage_words import state_of


def test_without_a_relay_a_letter_arrives_on_the_mail_page() -> None:
    assert state_of("accepted", ARRIVED) == "on the mail page"
    assert state_of("accepted", "250 OK") == "arrived at the relay"
    assert state_of("failed", None) == "failed"
