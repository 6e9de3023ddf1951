"""Parts that letters have in common. To whom and from whom, a question and its link, what a connector stands for."""

from datetime import date
from enum import StrEnum
from typing import Literal
from urllib.parse import quote, urlsplit

from pydantic import AwareDatetime

from mailroom.compose.quoted_words import Line, Lines, Name, Url
from models.base import Frozen
from models.face.colours import OURS, Palette
from models.letters import Language


class LogoInLetter(Frozen):
    """A picture at an address of ours, the same for everybody who gets a letter."""

    url: Url
    width: int
    height: int


class LetterFace(Frozen):
    """The face of its programme, as a letter wears it. Without one it looks as ours do."""

    sender: Name | None = None
    signature: Lines | None = None  # who reads what is answered
    opening: Line = ""  # the programme's own sentence; in the first letter to somebody alone
    logo: LogoInLetter | None = None
    colours: Palette = OURS


class LetterFrame(Frozen):
    """What every letter says: to whom, from which programme, and where its promises and the own page are."""

    language: Language
    zone: str  # the receiver's: every instant is said in it
    at: AwareDatetime  # the instant the letter is written: "today" and "within ten minutes" count from it
    name: Name  # the receiver's
    programme: Name
    promises: Url
    own_page: Url  # pause, stop, language
    face: LetterFace = LetterFace()

    @property
    def sender(self) -> str:
        """The programme, by the name it sends letters under."""
        return self.face.sender or self.programme

    @property
    def from_name(self) -> str:
        """Whom the letter comes from, as a mailbox shows it: the programme, always."""
        return self.sender


class SentAgain(LetterFrame):
    """A letter an operator may send once more, with a line of their own: under their name, and no connector's."""

    line: Line | None = None
    line_by: Line = ""


class Asking(SentAgain):
    """A letter that asks one question, answered behind one link."""

    link: Url
    due_at: AwareDatetime


class Reminding(Asking):
    """A question that may be asked a second time: once, and a long one twice."""

    reminder: bool = False
    only_reminder: bool = True
    changed: bool = False  # they were asked about an earlier version of the request


class ViaConnector(SentAgain):
    """A letter that goes out because a connector lent their name to it."""

    connector: Name
    vouch: Literal["introduce", "vouch"]
    sentence: Lines | None  # the connector's own
    how_known: Line = ""  # how connector and target know each other, in the connector's words
    since: date | None = None

    @property
    def from_name(self) -> str:
        """The connector's name may lead here, and only here: they approved this very letter."""
        return f"{self.connector} via {self.sender}"


class Contact(Frozen):
    """One way to reach somebody, which they agreed to give to the reader."""

    kind: Literal["email", "phone", "link"]
    value: Name
    label: Line = ""

    @property
    def mailto(self) -> str:
        return "mailto:" + quote(self.value, safe="@")


class PublicPlace(Frozen):
    """Where somebody can be read or heard in public."""

    label: Name
    url: Url

    @property
    def host(self) -> str:
        """What is shown of the link: a label may say anything, so the reader sees where it leads."""
        return urlsplit(self.url).hostname or self.url


class AddressFrom(StrEnum):
    """Where we have the target's address from; they are told."""

    CONNECTOR = "connector"
    PROGRAMME = "programme"  # its own records: an import, or a sign-up
    THEMSELVES = "themselves"
