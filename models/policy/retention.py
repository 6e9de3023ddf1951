"""Retention: days each class of data is kept; what is older goes."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator

from models.base import Frozen
from models.time.patience import Patience


def _whole_days(patience: Patience) -> Patience:
    if not patience.amount or patience.unit != "d":
        raise ValueError("must be counted in days, one at least")
    return patience


WholeDays = Annotated[Patience, AfterValidator(_whole_days)]


def _days(amount: int) -> Patience:
    return Patience(amount=amount, unit="d")


class RetentionRules(Frozen):
    """Counted from the ending, from the last change, or from the import."""

    texts: WholeDays = _days(365)
    consents: WholeDays = _days(730)
    drafts: WholeDays = _days(30)
    unused_imports: WholeDays = _days(30)

    def until(self, now: datetime) -> dict[str, datetime]:
        """Everything of a class that is older than this goes now."""
        return {name: now - getattr(self, name).nominal for name in RetentionRules.model_fields}
