"""A relay that takes everything. One that remembers, can be asked, and is told when to be slow or silent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from mailroom.transport.relay import Accepted, RelayAnswer, Unknown


@dataclass
class Post:
    """Takes every letter. `before` runs when one is handed over; `forgetful` relays cannot be asked."""

    forgetful: bool = False
    silent: bool = False  # takes the letter and does not say so
    loses: bool = False  # and does not even take it
    before: Callable[[], Awaitable[None]] | None = None
    taken: list[tuple[str, str, bytes]] = field(default_factory=list)

    async def ready(self) -> bool:
        return True

    async def send(self, message: bytes, to: str, message_id: str, sender: str = "") -> RelayAnswer:
        if self.before:
            await self.before()
        if not self.loses:
            self.taken.append((to, message_id, message))
        return Unknown(said="silence") if self.silent or self.loses else Accepted(said="250 at the final dot")

    async def knows(self, message_id: str) -> bool | None:
        return None if self.forgetful else any(taken[1] == message_id for taken in self.taken)

    async def close(self) -> None:
        pass

    def received(self, address: str) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for to, _, raw in self.taken if to == address]
