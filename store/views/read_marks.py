"""Marks of how far an introduction has been read by staff, for acts that are done over what somebody has read."""

from sqlalchemy import Connection

from models.process.conflict_of_interest import OPERATING
from store.journal.inbox import how_many_wait
from store.views.introductions import ListedIntroduction

BY_OPERATORS = tuple(str(each.model_fields["kind"].default) for each in OPERATING)


def read_mark(connection: Connection, line: ListedIntroduction) -> str:
    """Every step is another, and so is each act of staff that waits to be heard: whoever acts on an older one reads the
    newer first."""
    waiting = how_many_wait(connection, line.id, BY_OPERATORS)
    return f"{line.step}+{waiting}" if waiting else str(line.step)
