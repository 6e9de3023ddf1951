"""A request. Whom they want to meet, why, what they offer, and the note written to be forwarded."""

from typing import Annotated, Literal

from pydantic import Field

from models.acts import FIELDS
from models.base import Frozen
from models.ids import ChannelId, PersonId, ProgrammeId
from models.process.state.opening import MadeBy


class Listed(Frozen):
    """Somebody who agreed to be listed by name, headline and topics."""

    kind: Literal["listed"] = "listed"
    person: PersonId


class Outside(Frozen):
    """Somebody outside, by name and where they work. Never an address: that is the connector's to give."""

    kind: Literal["outside"] = "outside"
    name: str
    organisation: str


class Need(Frozen):
    """ "I don't know who: this is what I need." An operator proposes somebody."""

    kind: Literal["need"] = "need"
    words: str


Whom = Annotated[Listed | Outside | Need, Field(discriminator="kind")]


class Request(Frozen):
    """One request as it comes to the door. `whom` is None while nobody has been chosen."""

    programme: ProgrammeId
    requester: PersonId
    whom: Whom | None
    why: str = ""
    read: str = ""
    offer: str = ""
    note: str = ""
    wanted: str = ""  # of the person asked for: one of models.request.wish.KINDS, or a line of their own
    goal: str = ""  # what success would be
    blind: str = ""  # what the target reads instead of all this, where they are asked without a name
    answers: dict[str, str] = Field(default={})  # to the programme's own questions, by their ids
    unnamed: bool = False  # the requester wants to be asked for without a name, where that is theirs to choose
    track: str = ""  # one of the policy's, where it has any
    channels: tuple[ChannelId, ...] = ()
    wording: str = ""  # what the requester was shown when they agreed to share these channels
    made_by: MadeBy = MadeBy.REQUESTER

    @property
    def texts(self) -> dict[str, str]:
        """What was written, by the name of its field."""
        need = {"need": self.whom.words} if isinstance(self.whom, Need) else {}
        return need | {name: getattr(self, name) for name in FIELDS}
