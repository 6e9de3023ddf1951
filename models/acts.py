"""Acts: what the people in an introduction and its operators do unasked."""

from typing import Literal

from pydantic import AwareDatetime

from models.answers import Somebody
from models.base import Frozen
from models.ids import AskNumber, ChannelId, PersonId, WordsId
from models.letters import LetterKind
from models.time.clocks import ZoneClock

# What a request says, in the order in which it is told.
FIELDS = ("wanted", "goal", "why", "read", "offer", "note", "blind")
TEXTS = ("need", *FIELDS)  # and what is needed, where nobody is named: no edit changes that


class Withdrew(Frozen):
    """The requester takes the request back."""

    kind: Literal["withdrew"] = "withdrew"
    by: PersonId


class TookBack(Frozen):
    """The target takes their yes back, at any time until delivery."""

    kind: Literal["took_back"] = "took_back"
    by: PersonId


class OptedOut(Frozen):
    """Somebody in this introduction wants no more letters from the programme."""

    kind: Literal["opted_out"] = "opted_out"
    by: PersonId


class Blocked(Frozen):
    """Somebody in this introduction wants no way to be open to its requester; by the requester: nor to its target."""

    kind: Literal["blocked"] = "blocked"
    by: PersonId


class Erased(Frozen):
    """Somebody in this introduction is forgotten: nothing of theirs may be used from here on."""

    kind: Literal["erased"] = "erased"
    by: PersonId


class Lending(Frozen):
    """Whoever reads the request knows the target, and lends their own name to it in the same act."""

    by: PersonId
    vouch: Literal["introduce", "vouch"]
    sentence: WordsId | None = None
    wording: str = ""


class Screened(Frozen):
    """An operator has read the request. `lends`: they are the connector too, as the person they are."""

    kind: Literal["screened"] = "screened"
    by: PersonId
    approved: bool
    lends: Lending | None = None


class SentBack(Frozen):
    """An operator sends the request back with advice, for its requester to change it."""

    kind: Literal["sent_back"] = "sent_back"
    by: PersonId
    words: WordsId


class Proposed(Frozen):
    """An operator proposes whom to ask, for a request that named a need and nobody."""

    kind: Literal["proposed"] = "proposed"
    by: PersonId
    target: Somebody
    clock: ZoneClock | None = None  # of the target's zone, as far as it may be needed


class Stopped(Frozen):
    """An operator ends it."""

    kind: Literal["stopped"] = "stopped"
    by: PersonId


class HandedOver(Frozen):
    """An operator gives the question to another connector; who was asked before is asked no longer."""

    kind: Literal["handed_over"] = "handed_over"
    by: PersonId
    to: PersonId


class Edited(Frozen):
    """The request has new words: by the requester, who stands behind them, or by a key, and the requester confirms."""

    kind: Literal["edited"] = "edited"
    by: PersonId
    made_by: Literal["requester", "key"] = "requester"
    of: int | None = None  # the version these words were written over: an older one has been changed meanwhile
    why: WordsId | None = None
    read: WordsId | None = None
    offer: WordsId | None = None
    note: WordsId | None = None
    goal: WordsId | None = None
    blind: WordsId | None = None
    wanted: WordsId | None = None
    answers: tuple[tuple[str, WordsId], ...] = ()  # to the programme's own questions, by their ids
    channels: tuple[ChannelId, ...] = ()
    wording: str = ""


class Held(Frozen):
    """An operator holds it: no letter starts and no time runs until it is resumed."""

    kind: Literal["held"] = "held"
    by: PersonId


class Resumed(Frozen):
    """An operator lets it go on; deadlines move by as long as it was held."""

    kind: Literal["resumed"] = "resumed"
    by: PersonId


class Extended(Frozen):
    """An operator gives the person asked more time."""

    kind: Literal["extended"] = "extended"
    by: PersonId
    ask: AskNumber
    until: AwareDatetime


class Resent(Frozen):
    """An operator sends a letter again, with a line of their own where they wrote one. `ask`, or else `letter`."""

    kind: Literal["resent"] = "resent"
    by: PersonId
    ask: AskNumber | None = None
    letter: LetterKind | None = None
    words: WordsId | None = None
