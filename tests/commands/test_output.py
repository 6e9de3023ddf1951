"""Output of commands: instants say whose clock they go by."""

from commands.output import moment
from tests.cast import MONDAY


def test_an_instant_says_its_zone() -> None:
    assert moment(MONDAY).endswith(f" {MONDAY.astimezone().tzname()}")
    assert moment(None) == "–"
