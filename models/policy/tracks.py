"""Tracks of a policy. The requester chooses one; it replaces a few of the rules.

What a track leaves out is as in the policy at large. An introduction lives under the policy its track makes of it,
whole, so nothing behind the door needs to know that there was a choice.
"""

from typing import Any, Literal

from models.base import Frozen
from models.policy.durations import Lasting
from models.policy.names import InEachLanguage

TRACK = r"^[a-z][a-z0-9-]{1,40}$"


class TrackRequesterRules(Frozen):
    promised_answer: Lasting | None = None


class TrackScreeningRules(Frozen):
    answer_within: Lasting | None = None
    backup_within: Lasting | None = None


class TrackConnectorRules(Frozen):
    answer_within: Lasting | None = None
    remind_after: Lasting | None = None
    sentence: Literal["optional", "required"] | None = None
    vouch: Literal["optional", "required"] | None = None


class TrackTargetRules(Frozen):
    answer_within: Lasting | None = None
    remind_after: Lasting | None = None


class TrackRules(InEachLanguage):
    """One track: what it is called in each language, and the rules in which it differs."""

    requester: TrackRequesterRules = TrackRequesterRules()
    screening: TrackScreeningRules = TrackScreeningRules()
    connector: TrackConnectorRules = TrackConnectorRules()
    target: TrackTargetRules = TrackTargetRules()

    def laid_over(self, rules: dict[str, Any]) -> dict[str, Any]:
        """The rules of a policy, as they are written, with this track's in their place."""
        changes = self.model_dump(mode="json", exclude={"en", "es", "pt"}, exclude_none=True)
        changed = {table: (rules[table] or {}) | values for table, values in changes.items() if values}
        return rules | changed
