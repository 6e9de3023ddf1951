"""News that no person says: the store's replies, the fate of letters, and time."""

from typing import Literal

from pydantic import AwareDatetime, Field

from models.answers import Somebody
from models.base import Frozen
from models.ids import AskNumber
from models.letters import LetterKind, Role
from models.time.clocks import Clocks, ZoneClock


class Barred(Frozen):
    """The store says this may not go on: a block, a suppression, a pause, a full calendar. Which, stays there."""

    kind: Literal["barred"] = "barred"


class ConnectorFound(Frozen):
    """The best candidate left, already counted against their cap."""

    kind: Literal["connector_found"] = "connector_found"
    connector: Somebody
    clock: ZoneClock | None = None  # of their zone, where the introduction has not been told of it


class NoConnector(Frozen):
    kind: Literal["no_connector"] = "no_connector"


class Silent(Frozen):
    """The deadline passed, the letter had been accepted, and no answer is waiting to be heard."""

    kind: Literal["silent"] = "silent"
    ask: AskNumber


class NotYetAccepted(Frozen):
    """The ask's letter was never accepted by the relay: the person cannot have been silent."""

    kind: Literal["not_yet_accepted"] = "not_yet_accepted"
    ask: AskNumber


class AnswerWaiting(Frozen):
    """An answer lies in the inbox, not yet handed over: the person was not silent."""

    kind: Literal["answer_waiting"] = "answer_waiting"
    ask: AskNumber


class AcceptedLate(Frozen):
    """The relay took the ask's letter much later than planned: the person's time to answer starts then."""

    kind: Literal["accepted_late"] = "accepted_late"
    ask: AskNumber
    at: AwareDatetime


class Undeliverable(Frozen):
    """A letter cannot reach its receiver. `ask` is the ask it carried, if it carried one."""

    kind: Literal["undeliverable"] = "undeliverable"
    letter: LetterKind
    role: Role
    ask: AskNumber | None = None
    address_is_dead: bool = False  # nobody is reached there, and no other address is on file


class Introduced(Frozen):
    """Both letters of delivery are planned and both parties' channels disclosed, in one transaction."""

    kind: Literal["introduced"] = "introduced"


class HeldBack(Frozen):
    """Delivery found somebody's withdrawal or undo in the inbox: it waits to be heard first."""

    kind: Literal["held_back"] = "held_back"


class ClocksChanged(Frozen):
    """Zone law is another than when it was last told: the clocks of these zones, from now on."""

    kind: Literal["clocks_changed"] = "clocks_changed"
    law: str  # the release that says so, such as "2026f"
    clocks: Clocks = Field(min_length=1)


class CapReached(Frozen):
    """Delivery found that one of the two has had as many introductions as they said, and has not chosen one more."""

    kind: Literal["cap_reached"] = "cap_reached"
    role: Role


class TimeIsUp(Frozen):
    """The instant the introduction was waiting for has come."""

    kind: Literal["time_is_up"] = "time_is_up"
