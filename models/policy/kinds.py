"""Kinds of people a policy tells apart. A short key of its own, with caps in place of the general ones.

Whoever has no kind, or one that the policy no longer knows, falls under `connector.cap` and `target.cap`.
"""

from typing import Self

from pydantic import Field, model_validator

from models.policy.names import InEachLanguage

KIND = r"^[a-z][a-z0-9-]{1,30}$"


class KindRules(InEachLanguage):
    """One kind of people: what it is called in each language, and how often one of them is asked."""

    connector_cap: int | None = Field(
        default=None, ge=1, le=100, description="in place of `connector.cap`, in each `connector.cap_per`"
    )
    target_cap: int | None = Field(
        default=None, ge=1, le=100, description="in place of `target.cap`, in each `target.cap_per`"
    )

    @model_validator(mode="after")
    def _caps_something(self) -> Self:
        if self.connector_cap is None and self.target_cap is None:
            raise ValueError("connector_cap or target_cap must be given; leave the table out for the general caps")
        return self
