"""The base of every model: it never changes, and refuses fields it does not know, but for what we wrote ourselves."""

from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict

# For what is read back from our own rows and histories: a newer version may have written more, and is passed over.
# What comes in from outside is read without it, and refused.
OWN: Final[Literal["ignore"]] = "ignore"


class Frozen(BaseModel):
    """A value. Changing one means making another; an unknown field is an error, not a surprise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def read_back(cls, kept: Any) -> Self:
        """What we have written ourselves, or a newer version of us."""
        return cls.model_validate(kept, extra=OWN)
