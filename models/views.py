"""The requester's view of where it stands. Three words, and nothing that tells whose no it was."""

from typing import Literal

from models.introduction import Closed, FollowingUp, Introduction
from models.outcomes import INTRODUCED

Progress = Literal["in_progress", "introduced", "closed"]


def requester_progress(introduction: Introduction) -> Progress:
    """What the requester's pages, letters, API answers and webhooks may say; a quiet ending is still in progress."""
    match introduction.stage:
        case FollowingUp():
            return "introduced"
        case Closed(ending=ending):
            return "introduced" if ending in INTRODUCED else "closed"
        case _ if introduction.told and not introduction.asked_afresh():
            return "closed"  # somebody said "later": it goes on, and comes back as a fresh question if there is a yes
        case _:
            return "in_progress"
