"""Runs of a workflow: what each starts with, how long it may grow, and what it hands to the next (continue-as-new).

Passed through the sandbox, as `models` is: nothing here gives a command.
"""

from collections.abc import Mapping
from itertools import islice
from typing import Self

from models.base import Frozen
from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from models.process.verdict import Taken

TURNS = 120  # of a run, after which a new one begins: at most seven events each; the monitor alarms at 1,000 events
LONGEST = 800  # events, the bound of a run that began before turns were counted
KEYS = 300  # answers of which a new run knows that they were heard: more than a full run can have taken


class Carried(Frozen):
    """Where an introduction stands as a run ends, every step of it recorded, and the keys of the newest answers.

    An update's id protects one run only: the same answer handed over once more would be heard by the next run again.
    """

    introduction: Introduction
    heard: tuple[tuple[str, Taken], ...]


class RunStart(Opening):
    """What a run starts with. The first one carries nothing, and its input is the opening itself."""

    carried: Carried | None = None
    counts_turns: bool = False  # a replay may see other lengths of its history than were lived, but no other turns

    @classmethod
    def first(cls, opening: Opening) -> "RunStart":
        return cls.model_construct(**opening.__dict__, counts_turns=True)

    def carrying(self, introduction: Introduction, heard: Mapping[str, Taken]) -> Self:
        """What the next run starts with."""
        newest = tuple(islice(heard.items(), max(0, len(heard) - KEYS), None))
        carried = Carried(introduction=introduction, heard=newest)
        return self.model_copy(update={"carried": carried, "counts_turns": True})

    @property
    def stands(self) -> Introduction | None:
        """With the opening's own policy: a worker keeps each policy once, not with each introduction."""
        return self.carried.introduction.model_copy(update={"policy": self.policy}) if self.carried else None

    @property
    def heard(self) -> dict[str, Taken]:
        return dict(self.carried.heard) if self.carried else {}
