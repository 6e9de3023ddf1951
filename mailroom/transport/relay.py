"""The relay a letter is handed to, and what it answers: alike for real mail and for the mail page."""

from typing import Protocol

from models.base import Frozen


class Accepted(Frozen):
    """The relay has taken the letter and answers for it."""

    said: str


class RelayRefused(Frozen):
    """The relay said no to this letter. `blames_address`: because nobody has this address."""

    said: str
    permanent: bool
    blames_address: bool = False

    @property
    def is_policy(self) -> bool:
        """They want no letters like this, or none of ours: 554, or a code of class 5.7."""
        return self.permanent and not self.blames_address and (self.said.startswith("554") or " 5.7." in self.said)


class NotSent(Frozen):
    """It cannot have been taken: the last byte of it never left us."""

    said: str


class Unknown(Frozen):
    """All of it was sent and no answer came. Nobody may guess."""

    said: str


RelayAnswer = Accepted | RelayRefused | NotSent | Unknown


class Relay(Protocol):
    """Takes letters, one recipient each. `said` is a code and a place, never an address."""

    async def ready(self) -> bool:
        """Whether it can be reached now. Asked before letters are started, so that none starts in vain."""
        ...

    async def send(self, message: bytes, to: str, message_id: str, sender: str = "") -> RelayAnswer:
        """`sender`: the envelope's, where it is another than the relay's own."""
        ...

    async def knows(self, message_id: str) -> bool | None:
        """Whether it has taken this letter; None where it cannot be asked."""
        ...

    async def close(self) -> None: ...
