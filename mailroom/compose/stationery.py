"""A started letter made into the message a relay is given. Filled, composed, and put under our letterhead."""

from datetime import datetime

from mailroom.compose.composition import compose
from mailroom.compose.filling import fill
from mailroom.compose.message import message
from models.base import Frozen
from store.letters.start_letter import Started


class Stationery(Frozen):
    """What stands on every letter of this house: our own address, who reads replies, where links lead."""

    sender: str
    reply_to: str  # a staffed address, where the programme names none of its own
    public_url: str

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]

    def write(self, started: Started, now: datetime) -> bytes:
        """The whole message to one receiver."""
        staff = started.programme.reply_to or self.reply_to
        view = fill(started, self.public_url, staff, now)
        return message(
            compose(view),
            from_name=view.from_name,
            from_address=self.sender,
            reply_to=view.reply_to,
            to=started.address.value,
            message_id=started.letter.message_id or "",
            language=view.language,
            at=now,
            unsubscribe=f"{self.public_url}/unsubscribe/{started.leaving}" if started.leaving else None,
        )
