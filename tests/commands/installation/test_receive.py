"""Exit codes that a mail server understands. 0 for whatever is taken in or not ours, 75 for "try again"."""

from typer.testing import CliRunner

from cli import app
from commands.installation.receive import TRY_AGAIN
from tests.commands.terminal import Terminal
from tests.mailroom import returned_messages

BOUNCES = {"INTROBROKER_BOUNCES": "bounces@example.org"}


def receive(terminal: Terminal, raw: bytes, **told: str) -> tuple[int, str]:
    own = {"INTROBROKER_DATA": str(terminal.data)} | told
    done = CliRunner().invoke(app, ["receive", "--to", "bounces+x@example.org"], input=raw, env=own)
    return done.exit_code, done.stdout.strip()


def test_what_is_not_ours_ends_well_so_that_nobody_is_answered(terminal: Terminal) -> None:
    assert terminal.type("migrate").code == 0
    for raw in (
        b"",
        returned_messages.report("bounces+x@example.org"),
        returned_messages.mail("x@y.test"),
        b"\x00\xff" * 2_000_000,
    ):
        assert receive(terminal, raw, **BOUNCES) == (0, "nothing")


def test_what_is_our_own_fault_is_tried_again(terminal: Terminal) -> None:
    assert receive(terminal, b"", **BOUNCES) == (TRY_AGAIN, "")  # there is no database yet
    assert terminal.type("migrate").code == 0
    assert receive(terminal, b"") == (TRY_AGAIN, "")  # nor an address
    assert receive(terminal, b"", INTROBROKER_BOUNCES="no address") == (TRY_AGAIN, "")
