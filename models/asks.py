"""Asks: one question to one person each, with a deadline, a reminder or two, one answer."""

from datetime import datetime
from enum import StrEnum

from models.base import Frozen
from models.ids import AskNumber, PersonId
from models.letters import LetterKind, Role


class AskKind(StrEnum):
    CONFIRM = "confirm"  # requester: is this what you want to say, and may we share your details?
    APPROVE = "approve"  # connector: would you introduce them?
    OPT_IN = "opt_in"  # a party: would you like to be introduced?
    ADDRESS = "address"  # connector: do you know another address of theirs?
    WRITTEN = "written"  # requester: have you written? target: have they?
    MEET = "meet"  # a party: did you meet, was it useful?
    THANKS = "thanks"  # requester: two lines of thanks
    CLOSING = "closing"  # a party: the term is over, how was it?


WITH_DEADLINE = (AskKind.CONFIRM, AskKind.APPROVE, AskKind.ADDRESS, AskKind.OPT_IN)  # silence on these means something


HOW_IT_WAS = (AskKind.MEET, AskKind.CLOSING)  # each is answered by a report
ASKED_AFTERWARDS = (AskKind.WRITTEN, AskKind.THANKS, *HOW_IT_WAS)  # asked after the introduction


class AskState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    PUT_OFF = "put_off"  # answered "later"; a fresh ask follows on the date they named
    LAPSED = "lapsed"
    SETTLED = "settled"  # no longer needed: the introduction went on or ended without it


class Ask(Frozen):
    """One question to one person about one version of a request. All instants are UTC."""

    number: AskNumber
    kind: AskKind
    role: Role
    person: PersonId
    zone: str
    version: int
    opened_at: datetime
    due_at: datetime
    remind_at: datetime | None = None
    remind_again_at: datetime | None = None
    state: AskState = AskState.OPEN
    answered_at: datetime | None = None
    until: datetime | None = None  # of an ask put off
    by_hand: bool = False  # the connector forwards the link; we write only when the person asks for their own
    on_page: bool = False  # shown on the person's own page; no letter carries it, so none reminds of it
    renews: bool = False  # asked again because the yes they had given grew old
    unreached: bool = False  # its letter came back, or never left
    sent_again: bool = False  # an operator has sent its letter once more
    checking: bool = False  # its deadline has passed and the store is being asked whether this is silence
    looks: int = 0  # in a row at silence, each of which found an answer on its way
    undone: int = 0  # times that a yes to it was taken back
    extended: int = 0  # times that an operator gave more time
    agreed: bool = False  # the answer is a yes of some kind, and whoever gave it has not taken it back

    @property
    def is_open(self) -> bool:
        return self.state == AskState.OPEN


LETTER_OF: dict[tuple[AskKind, Role], LetterKind] = {
    (AskKind.CONFIRM, Role.REQUESTER): LetterKind.CONFIRM_REQUEST,
    (AskKind.APPROVE, Role.CONNECTOR): LetterKind.ASK_CONNECTOR,
    (AskKind.ADDRESS, Role.CONNECTOR): LetterKind.ASK_ADDRESS,
    (AskKind.OPT_IN, Role.TARGET): LetterKind.ASK_TARGET,
    (AskKind.OPT_IN, Role.REQUESTER): LetterKind.ASK_REQUESTER,
    (AskKind.WRITTEN, Role.REQUESTER): LetterKind.HAVE_YOU_WRITTEN,
    (AskKind.WRITTEN, Role.TARGET): LetterKind.HAVE_THEY_WRITTEN,
    (AskKind.MEET, Role.REQUESTER): LetterKind.DID_YOU_MEET,
    (AskKind.MEET, Role.TARGET): LetterKind.WAS_IT_USEFUL,
    (AskKind.THANKS, Role.REQUESTER): LetterKind.THANK_YOU,
    (AskKind.CLOSING, Role.REQUESTER): LetterKind.TERM_OVER,
    (AskKind.CLOSING, Role.TARGET): LetterKind.TERM_OVER_TO_TARGET,
}
