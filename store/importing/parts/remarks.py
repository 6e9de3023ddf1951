"""Remarks on a record that its file alone could not tell. A code each; whoever asked words it."""

from collections.abc import Callable
from enum import StrEnum

from models.base import Frozen


class Why(StrEnum):
    # These stop the file, unless it is a connector's export, whose rows are passed over instead.
    ADDRESS_OF_ANOTHER = "address_of_another"
    SAME_PERSON = "same_person"
    NOBODY = "nobody"
    SAME_PAIR = "same_pair"
    THEMSELF = "themself"
    SAME_SIDES = "same_sides"
    # These are only said.
    ERASED = "erased"
    OPTED_OUT = "opted_out"
    ADDRESS_STOPPED = "address_stopped"
    ADDRESS_ADDED = "address_added"
    LISTED_BY_THEMSELF = "listed_by_themself"
    MAY_NOT_ASK = "may_not_ask"
    KIND_IS_WIDER = "kind_is_wider"
    CONNECTOR_OUTSIDE = "connector_outside"


class Remark(Frozen):
    """About one row. `about`: the key or the line it collides with."""

    line: int | None
    field: str | None
    why: Why
    stops: bool = False
    about: str = ""


Hear = Callable[[Remark], None]


class Remarks:
    """Passes on what is found, and knows whether any of it stops the file."""

    def __init__(self, hear: Hear) -> None:
        self._hear = hear
        self.stopped = False

    def object(self, line: int | None, field: str | None, why: Why, about: str = "") -> None:
        self.stopped = True
        self._hear(Remark(line=line, field=field, why=why, stops=True, about=about))

    def mention(self, line: int | None, field: str | None, why: Why, about: str = "") -> None:
        self._hear(Remark(line=line, field=field, why=why, about=about))
