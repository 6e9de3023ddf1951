"""The base of every model: it never changes, and it refuses fields it does not know."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value. Changing one means making another; an unknown field is an error, not a surprise."""

    model_config = ConfigDict(frozen=True, extra="forbid")
