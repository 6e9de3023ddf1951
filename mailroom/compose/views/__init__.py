"""Views of letters: what each may say, and to whom.

One frozen view per kind: a template knows its fields and nothing else.

Least disclosure is held by these types. Contacts of another person stand in the two letters of introduction only, and
no letter to the requester before them has a place for a connector's name. To let a letter say more, a field has to be
added here, where a test reads them all.
"""

from typing import Annotated

from pydantic import Field

from mailroom.compose.views.after_introduction import (
    AsksPaused,
    DidYouMeet,
    HaveTheyWritten,
    HaveYouWritten,
    HowItWent,
    SignIn,
    TermOver,
    TermOverToTarget,
    ThankYou,
    WasItUseful,
    Welcome,
)
from mailroom.compose.views.asks import (
    AdviceLetter,
    AskAddress,
    AskConnector,
    AskRequester,
    AskTarget,
    AskTargetBlind,
    ConfirmRequest,
)
from mailroom.compose.views.desk import DeskLine, DeskNews
from mailroom.compose.views.introduction import IntroductionToRequester, IntroductionToTarget, NoIntroduction, TwoLines
from mailroom.compose.views.parts import (
    Asking,
    Contact,
    LetterFrame,
    NamedPerson,
    PublicPlace,
    Reminding,
    SentAgain,
    ViaConnector,
)
from models.letters import Language

LetterView = Annotated[
    ConfirmRequest
    | AdviceLetter
    | AskConnector
    | AskAddress
    | AskTarget
    | AskTargetBlind
    | AskRequester
    | IntroductionToRequester
    | IntroductionToTarget
    | TwoLines
    | NoIntroduction
    | HaveYouWritten
    | HaveTheyWritten
    | DidYouMeet
    | ThankYou
    | WasItUseful
    | TermOver
    | TermOverToTarget
    | HowItWent
    | AsksPaused
    | Welcome
    | DeskNews
    | SignIn,
    Field(discriminator="kind"),
]

__all__ = [
    "AdviceLetter",
    "AskAddress",
    "AskConnector",
    "AskRequester",
    "AskTarget",
    "AskTargetBlind",
    "Asking",
    "AsksPaused",
    "ConfirmRequest",
    "Contact",
    "DeskLine",
    "DeskNews",
    "DidYouMeet",
    "HaveTheyWritten",
    "HaveYouWritten",
    "HowItWent",
    "IntroductionToRequester",
    "IntroductionToTarget",
    "Language",
    "LetterFrame",
    "LetterView",
    "NamedPerson",
    "NoIntroduction",
    "PublicPlace",
    "Reminding",
    "SentAgain",
    "SignIn",
    "TermOver",
    "TermOverToTarget",
    "ThankYou",
    "TwoLines",
    "ViaConnector",
    "WasItUseful",
    "Welcome",
]
