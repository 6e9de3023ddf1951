"""Parts that letters have in common. To whom and from whom, a question and its link, what a connector stands for."""

from datetime import date
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import AwareDatetime, Field, model_validator

from mailroom.compose.direction import isolated
from mailroom.compose.quoted_words import Line, Lines, Name, Url
from models.base import Frozen
from models.face.colours import OURS, Palette
from models.letters import Language
from store.people.addresses import mailto
from store.people.names.first_names import first_name


class NamedPerson(Frozen):
    """Somebody in a letter: by their whole name where they are first mentioned, by what they are called after it."""

    name: Name
    called: Name

    @model_validator(mode="before")
    @classmethod
    def _by_name_alone(cls, given: Any) -> Any:
        return {"name": given, "called": first_name(given)} if isinstance(given, str) else given

    def __str__(self) -> str:
        return self.name


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
    """What every letter says: to whom, from which programme and its staff, where its promises and the own page are."""

    language: Language
    zone: str  # the receiver's: every instant is said in it
    at: AwareDatetime  # the instant the letter is written: "today" and "within ten minutes" count from it
    name: NamedPerson  # the receiver's
    programme: Name
    staff: Name  # the address that people of the programme read
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
        return isolated(self.sender)

    @property
    def reply_to(self) -> str:
        """Where an answer to this letter goes."""
        return self.staff

    @property
    def staff_mailto(self) -> str:
        return mailto(self.staff)

    @property
    def why(self) -> str:
        """Where it stands why this came to them, with everything that allowed it; empty where no page tells."""
        return ""


class SentAgain(LetterFrame):
    """A letter an operator may send once more, with a line of their own: under their name, and no connector's."""

    line: Line | None = None
    line_by: Line = ""


class Asking(SentAgain):
    """A letter that asks one question, answered behind one link."""

    link: Url
    due_at: AwareDatetime

    @property
    def why(self) -> str:
        return f"{self.link}#why"


class Reminding(Asking):
    """A question that may be asked a second time: once, and a long one twice."""

    reminder: bool = False
    only_reminder: bool = True
    changed: bool = False  # they were asked about an earlier version of the request
    back_on: AwareDatetime | None = None  # they had said "later", and named this day


class OfRequest(Reminding):
    """A question about a request: what is wanted of whom it asks for, in one line, as it is kept."""

    wanted: Line = ""  # one of models.request.wish.KINDS, or a line of the requester's own


class AnswerInLetter(Frozen):
    """An answer to a question of the programme's own, in the words of its requester."""

    asked: Line  # in the reader's language
    said: Line


class ViaConnector(SentAgain):
    """A letter that goes out because a connector lent their name to it."""

    connector: NamedPerson
    vouch: Literal["introduce", "vouch"]
    sentence: Lines | None  # the connector's own
    how_known: Line = ""  # how connector and target know each other, in the connector's words
    since: date | None = None

    @property
    def from_name(self) -> str:
        """The connector's name may lead here, and only here: they approved this very letter."""
        return f"{isolated(self.connector.name)} via {isolated(self.sender)}"


class Contact(Frozen):
    """One way to reach somebody, which they agreed to give to the reader."""

    kind: Literal["email", "phone", "link"]
    value: Name
    label: Line = ""

    @property
    def mailto(self) -> str:
        return mailto(self.value)


class Introducing(ViaConnector):
    """A letter of introduction: how the reader reaches the other, and what the other has got of the reader."""

    contacts: tuple[Contact, ...] = Field(min_length=1)  # the other's
    terms: Lines | None = None  # the target's
    shared: tuple[Name, ...]  # the reader's own, which the other got
    write_by: AwareDatetime
    by_reply: bool = False  # both shared an address: what the reader answers goes straight to the other

    @property
    def reply_to(self) -> str:
        addresses = (each.value for each in self.contacts if each.kind == "email")
        return next(addresses, self.staff) if self.by_reply else self.staff


class PublicPlace(Frozen):
    """Where somebody can be read or heard in public."""

    label: Name
    url: Url

    @property
    def host(self) -> str:
        """What is shown of the link: a label may say anything, so the reader sees where it leads."""
        return urlsplit(self.url).hostname or self.url
