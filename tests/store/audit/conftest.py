"""The desk and the relay of the mailroom, for tests of the audit."""

from tests.mailroom.conftest import at_desk, relay

__all__ = ["at_desk", "relay"]
