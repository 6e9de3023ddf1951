"""Effects: rows written with a step in one transaction; ids and facts, no texts."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from models.asks import Ask, AskState
from models.base import Frozen
from models.ids import AskNumber, ChannelId, PersonId, WordsId
from models.letters import LetterKind, Role
from models.news import ConnectorApproved
from models.time.clocks import ZoneClock


class TakeUp(Frozen):
    """Look whether anything stands between these two: a block, a pause, a full calendar. Answer: Barred, or nothing.

    `again`: whoever had said "later" is asked under this number now, and is looked at too. Where it is the connector
    who may be asked no more, the answer is Undeliverable.
    """

    kind: Literal["take_up"] = "take_up"
    again: AskNumber | None = None
    role: Role | None = None  # of whoever is asked again


class FindConnector(Frozen):
    """Choose the best candidate and count the ask against their cap. Answer: ConnectorFound or NoConnector."""

    kind: Literal["find_connector"] = "find_connector"
    prefer: PersonId | None = None
    lent: bool = False  # whoever is preferred has said yes already
    last_resort: bool = False  # only staff who know the target are left to be asked
    only: bool = False  # whoever is preferred and nobody else, and only if nothing stands between the two


class HearApproval(Frozen):
    """The connector has said yes already, when they read the request. Answer: that approval, as their own."""

    kind: Literal["hear_approval"] = "hear_approval"
    approval: ConnectorApproved


class OpenAsk(Frozen):
    """Open an ask and plan its letter, not to leave before `not_before`. `letter` is None where none is written."""

    kind: Literal["open_ask"] = "open_ask"
    ask: Ask
    letter: LetterKind | None
    not_before: datetime


class WriteAgain(Frozen):
    """Plan one more letter for an open ask: its reminder, the target's own link after a forwarded one, or the same
    letter again. `words`: an operator's line in it."""

    kind: Literal["write_again"] = "write_again"
    ask: AskNumber
    letter: LetterKind
    not_before: datetime
    reminder: bool = True
    words: WordsId | None = None


class SettleAsk(Frozen):
    """An ask is no longer open: its links stop acting and its unsent letters are dropped."""

    kind: Literal["settle_ask"] = "settle_ask"
    ask: AskNumber
    state: AskState


class ReopenAsk(Frozen):
    """An undone yes: the same ask, the same links, a new deadline."""

    kind: Literal["reopen_ask"] = "reopen_ask"
    ask: AskNumber
    due_at: datetime


class ExtendAsk(Frozen):
    kind: Literal["extend_ask"] = "extend_ask"
    ask: AskNumber
    due_at: datetime


class CheckSilence(Frozen):
    """The check that this was really silence. Replies: Silent, NotYetAccepted or AnswerWaiting."""

    kind: Literal["check_silence"] = "check_silence"
    ask: AskNumber


class WriteLetter(Frozen):
    """Plan a letter that asks nothing. `words` travel in it."""

    kind: Literal["write_letter"] = "write_letter"
    letter: LetterKind
    to: PersonId
    not_before: datetime
    words: WordsId | None = None


class Rewrite(Frozen):
    """Keep the words of a new version of the request."""

    kind: Literal["rewrite"] = "rewrite"
    why: WordsId | None = None
    read: WordsId | None = None
    offer: WordsId | None = None
    note: WordsId | None = None
    goal: WordsId | None = None
    blind: WordsId | None = None
    wanted: WordsId | None = None
    answers: tuple[tuple[str, WordsId], ...] = ()


class RecordConsent(Frozen):
    """Keep what a party agreed to: which channels, on which terms, shown in which wording."""

    kind: Literal["record_consent"] = "record_consent"
    role: Role
    person: PersonId
    ask: AskNumber | None
    channels: tuple[ChannelId, ...]
    terms: WordsId | None = None
    wording: str = ""
    valid_until: datetime | None = None  # after that they are asked again before anything is shared


class RevokeConsent(Frozen):
    kind: Literal["revoke_consent"] = "revoke_consent"
    person: PersonId


class Introduce(Frozen):
    """Disclose both parties' channels to each other and plan both letters. Answer: Introduced, HeldBack,
    CapReached or Barred."""

    kind: Literal["introduce"] = "introduce"


class KeepTie(Frozen):
    """A relationship has shown itself: the connector said how they know the target, or the two have met."""

    kind: Literal["keep_tie"] = "keep_tie"
    connector: PersonId
    person: PersonId
    how_known: WordsId | None = None
    met: bool = False


class DenyTie(Frozen):
    """The connector does not know this person after all."""

    kind: Literal["deny_tie"] = "deny_tie"
    connector: PersonId
    person: PersonId


class StopAddress(Frozen):
    """The address we used belongs to somebody else: never write to it again."""

    kind: Literal["stop_address"] = "stop_address"
    person: PersonId


class CreditHelp(Frozen):
    """Somebody helped: an answer in two lines counts as help given."""

    kind: Literal["credit_help"] = "credit_help"
    person: PersonId


class CountNoShow(Frozen):
    """The other party says that this person did not come. Whether their asks now rest for a while, the store decides:
    it spans introductions."""

    kind: Literal["count_no_show"] = "count_no_show"
    person: PersonId
    by: PersonId


class SetNoShowAside(Frozen):
    """The one it was said of tells it otherwise: what was counted no longer counts, and staff may talk to both."""

    kind: Literal["set_no_show_aside"] = "set_no_show_aside"
    person: PersonId


class ForgetMeeting(Frozen):
    """One says they met, the other that nobody came: no relationship is kept on that."""

    kind: Literal["forget_meeting"] = "forget_meeting"
    connector: PersonId
    person: PersonId


class OnTheWall(Frozen):
    """A reader whose wall shows another hour than it would have shown."""

    person: PersonId
    before: ZoneClock
    after: ZoneClock


class KeepHours(Frozen):
    """Zone law has changed: letters that wait leave at the hour they would have left at, on their reader's wall."""

    kind: Literal["keep_hours"] = "keep_hours"
    law: str
    readers: tuple[OnTheWall, ...]


class FreeSlot(Frozen):
    """This introduction no longer counts among the requester's open asks, nor as the pair's live one."""

    kind: Literal["free_slot"] = "free_slot"


Effect = Annotated[
    TakeUp
    | FindConnector
    | HearApproval
    | OpenAsk
    | WriteAgain
    | SettleAsk
    | ReopenAsk
    | ExtendAsk
    | CheckSilence
    | WriteLetter
    | Rewrite
    | RecordConsent
    | RevokeConsent
    | Introduce
    | KeepTie
    | DenyTie
    | StopAddress
    | CreditHelp
    | CountNoShow
    | SetNoShowAside
    | ForgetMeeting
    | KeepHours
    | FreeSlot,
    Field(discriminator="kind"),
]
