"""The stages of an introduction: where it stands, and the instants it waits for there."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from models.base import Frozen
from models.ids import AskNumber, WordsId
from models.letters import LetterKind, Role
from models.outcomes import Ending, Outcome


class Confirming(Frozen):
    """The requester is asked whether a request made for them is what they want to say."""

    kind: Literal["confirming"] = "confirming"


class Seeking(Frozen):
    """An operator looks for somebody who fits a need."""

    kind: Literal["seeking"] = "seeking"


class Screening(Frozen):
    """An operator reads the request; after a deadline, a backup does."""

    kind: Literal["screening"] = "screening"
    due_at: datetime
    backup: bool = False


class Revising(Frozen):
    """The requester has the request back with advice: they change it, or it ends on the promised day."""

    kind: Literal["revising"] = "revising"


class Finding(Frozen):
    """The store is asked for the best connector left."""

    kind: Literal["finding"] = "finding"


class WithConnector(Frozen):
    """A connector has been asked, and nobody else knows."""

    kind: Literal["with_connector"] = "with_connector"


class WithParties(Frozen):
    """A connector has approved; the parties are asked."""

    kind: Literal["with_parties"] = "with_parties"


class PassingOn(Frozen):
    """The target answered in two lines; they leave when the answer can no longer be undone."""

    kind: Literal["passing_on"] = "passing_on"
    ask: AskNumber
    words: WordsId
    due_at: datetime


class Delivering(Frozen):
    """Both said yes; the letters leave at `due_at`. While `handing_over`, the store is writing them."""

    kind: Literal["delivering"] = "delivering"
    due_at: datetime
    by: datetime | None = None  # until then it waits for an hour open to both; None: it waits for nothing
    handing_over: bool = False
    looks: int = 0  # in a row, each of which found something said that was not heard yet


class FollowingUp(Frozen):
    """They were introduced. Each instant is None once it has passed or is no longer needed."""

    kind: Literal["following_up"] = "following_up"
    delivered_at: datetime
    written_at: datetime | None
    meet_at: datetime | None
    meet_again_at: datetime | None
    thanks_at: datetime | None = None
    outcome_at: datetime
    outcomes: tuple[tuple[Role, Outcome], ...] = ()
    thanks: WordsId | None = None
    thanks_for_connector: bool = False
    first_contact_at: datetime | None = None
    unreached: tuple[LetterKind, ...] = ()  # letters of the introduction that came back
    sent_again: tuple[LetterKind, ...] = ()  # and those an operator has sent once more
    closing_at: datetime | None = None  # the term ends, and both are asked once more


class Resting(Frozen):
    """It has ended without an introduction, and nobody is told before `tell_at`, whatever the cause."""

    kind: Literal["resting"] = "resting"
    ending: Ending
    tell_at: datetime


class Closed(Frozen):
    kind: Literal["closed"] = "closed"
    ending: Ending


Stage = Annotated[
    Confirming
    | Seeking
    | Screening
    | Revising
    | Finding
    | WithConnector
    | WithParties
    | PassingOn
    | Delivering
    | FollowingUp
    | Resting
    | Closed,
    Field(discriminator="kind"),
]
