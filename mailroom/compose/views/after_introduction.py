"""Views of letters once it is over, or about nobody but the reader."""

from typing import Literal

from pydantic import AwareDatetime

from mailroom.compose.quoted_words import Line, Lines, Url
from mailroom.compose.views.parts import Asking, LetterFrame, NamedPerson, OfRequest
from models.letters import LetterKind
from models.record.closing_the_loop import Went


class HaveYouWritten(Asking):
    kind: Literal[LetterKind.HAVE_YOU_WRITTEN] = LetterKind.HAVE_YOU_WRITTEN
    target: NamedPerson
    delivered_at: AwareDatetime


class HaveTheyWritten(Asking):
    """To the target: before anybody is told that nothing came, they are asked."""

    kind: Literal[LetterKind.HAVE_THEY_WRITTEN] = LetterKind.HAVE_THEY_WRITTEN
    requester: NamedPerson
    delivered_at: AwareDatetime


class DidYouMeet(OfRequest):
    kind: Literal[LetterKind.DID_YOU_MEET] = LetterKind.DID_YOU_MEET
    target: NamedPerson
    connector: NamedPerson
    delivered_at: AwareDatetime


class ThankYou(Asking):
    """To the requester, the morning after: an invitation to two lines of thanks."""

    kind: Literal[LetterKind.THANK_YOU] = LetterKind.THANK_YOU
    target: NamedPerson
    connector: NamedPerson


class WasItUseful(Asking):
    """To the target: the requester's thanks, where there are any, and the only question afterwards."""

    kind: Literal[LetterKind.WAS_IT_USEFUL] = LetterKind.WAS_IT_USEFUL
    requester: NamedPerson
    delivered_at: AwareDatetime
    wanted: Line = ""  # as the request had it
    thanks: Lines | None = None
    asked_again: bool = False  # as the term ends


class TermOver(Asking):
    """To the requester, as the term ends: the last question."""

    kind: Literal[LetterKind.TERM_OVER] = LetterKind.TERM_OVER
    target: NamedPerson
    connector: NamedPerson


class TermOverToTarget(Asking):
    """To the target, as the term ends: the last question."""

    kind: Literal[LetterKind.TERM_OVER_TO_TARGET] = LetterKind.TERM_OVER_TO_TARGET
    requester: NamedPerson
    delivered_at: AwareDatetime


class HowItWent(LetterFrame):
    """To the connector: the loop closed, in one letter. "not_together" has one wording for every cause."""

    kind: Literal[LetterKind.HOW_IT_WENT] = LetterKind.HOW_IT_WENT
    requester: NamedPerson
    target: NamedPerson
    approved_at: AwareDatetime
    outcome: Went
    thanks: Lines | None = None  # the requester's own words, where they share them: on thanking, and on reporting
    requester_said: Lines | None = None
    target_said: Lines | None = None
    term_over: bool = False  # it comes as the term ends, with thanks for it


class AsksPaused(LetterFrame):
    """To somebody whose asks rest for a while: why, until when, and one press that ends it. It names nobody else."""

    kind: Literal["asks_paused"] = "asks_paused"
    reason: Literal["no_shows", "unanswered"]
    until: AwareDatetime
    link: Url


class Welcome(LetterFrame):
    """To somebody whom a file brought, once staff invite them: what this is, what is promised, and how to leave."""

    kind: Literal["welcome"] = "welcome"
    connects: bool  # they are asked to look at whom they know
    link: Url
    leave: Url


class SignIn(LetterFrame):
    """To anybody with a page of their own who asked for a way in."""

    kind: Literal["sign_in"] = "sign_in"
    link: Url
    until: AwareDatetime
