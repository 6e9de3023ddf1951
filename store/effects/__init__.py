"""Effects, written as rows. One writer per kind; a test holds that none is missing."""

from collections.abc import Callable
from typing import Any

from models.effects import Effect
from store.effects import again, asking, letters, pausing, people, routes
from store.effects.writing import Writing

WRITERS: dict[str, Callable[[Writing, Any], None]] = {
    "take_up": again.take_up,
    "find_connector": routes.find_connector,
    "hear_approval": routes.hear_approval,
    "open_ask": asking.open_ask,
    "write_again": asking.write_again,
    "settle_ask": asking.settle_ask,
    "reopen_ask": asking.reopen_ask,
    "extend_ask": asking.extend_ask,
    "check_silence": asking.check_silence,
    "write_letter": letters.write_letter,
    "rewrite": people.rewrite,
    "record_consent": people.record_consent,
    "revoke_consent": people.revoke_consent,
    "introduce": letters.introduce,
    "keep_tie": people.keep_tie,
    "deny_tie": people.deny_tie,
    "stop_address": people.stop_address,
    "credit_help": people.credit_help,
    "count_no_show": pausing.count_no_show,
    "set_no_show_aside": pausing.set_no_show_aside,
    "forget_meeting": pausing.forget_meeting,
    "free_slot": people.free_slot,
}


def write(writing: Writing, effect: Effect) -> None:
    """Write one effect's rows. Once something has barred the way, nothing more is looked for in the same step."""
    if effect.kind == "find_connector" and writing.is_barred:
        return
    WRITERS[effect.kind](writing, effect)
