"""Effects, written as rows. One writer per kind; a test holds that none is missing."""

from collections.abc import Callable
from typing import Any

from models.effects import Effect
from store.steps.effects import asks, freshness, hours, letters, no_shows, people, routes
from store.steps.effects.writer import Writing

WRITERS: dict[str, Callable[[Writing, Any], None]] = {
    "take_up": freshness.take_up,
    "find_connector": routes.find_connector,
    "hear_approval": routes.hear_approval,
    "open_ask": asks.open_ask,
    "write_again": asks.write_again,
    "settle_ask": asks.settle_ask,
    "reopen_ask": asks.reopen_ask,
    "extend_ask": asks.extend_ask,
    "check_silence": asks.check_silence,
    "write_letter": letters.write_letter,
    "rewrite": people.rewrite,
    "record_consent": people.record_consent,
    "revoke_consent": people.revoke_consent,
    "introduce": letters.introduce,
    "keep_tie": people.keep_tie,
    "deny_tie": people.deny_tie,
    "stop_address": people.stop_address,
    "credit_help": people.credit_help,
    "count_no_show": no_shows.count_no_show,
    "set_no_show_aside": no_shows.set_no_show_aside,
    "forget_meeting": no_shows.forget_meeting,
    "keep_hours": hours.keep_hours,
    "free_slot": people.free_slot,
}


def write(writing: Writing, effect: Effect) -> None:
    """Write one effect's rows. Once something has barred the way, nothing more is looked for in the same step."""
    if effect.kind == "find_connector" and writing.is_barred:
        return
    WRITERS[effect.kind](writing, effect)
