"""Modules are loaded without a search for garbage among them; afterwards it is searched again, and for what is new."""

import gc

import pytest

from commands.errors import CommandRefusal
from commands.installation.loading import loading


def test_garbage_is_looked_for_again_once_all_is_loaded() -> None:
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_also_where_the_process_refuses_to_begin() -> None:
    with pytest.raises(CommandRefusal), loading():
        raise CommandRefusal("It needs a Temporal server.")
    assert gc.isenabled()
