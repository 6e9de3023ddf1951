"""Records an import hands over: nothing in them needs checking again, nobody in them is yet known."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from models.base import Frozen
from models.letters import Language
from store.people.addresses import Address

LINKEDIN = "linkedin:"  # how a ref begins that is the last part of a LinkedIn profile's address

MemberRole = Literal["requester", "connector"]
Strength = Annotated[int, Field(ge=1, le=5)]
Since = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
"""As exact as the file is: 2019, 2019-05 or 2019-05-31."""


class PersonRecord(Frozen):
    line: int
    ref: str | None
    """The file's own key, compared without regard to case; None for a LinkedIn connection without a profile address."""
    name: str
    email: Address | None = None
    language: Language | None = None
    zone: str | None = None
    country: str | None = None
    region: str | None = None
    called: str = ""
    headline: str = ""
    organisation: str = ""
    topics: tuple[str, ...] = ()
    listed: bool | None = None
    """None where the file says nothing: then whatever was agreed before stays."""
    roles: tuple[MemberRole, ...] = ()
    kind: str | None = None
    """One that the programme's policy knows; None where the file says nothing."""
    linkedin: str | None = None
    """The last part of the profile's address, which stays the same in everybody's export."""

    def facts(self) -> tuple[object, ...]:
        """Everything the file says of this person, for telling a repeated row from a contradicting one."""
        address = self.email.key if self.email else None
        return tuple({**self.__dict__, "line": 0, "email": address}.values())


@dataclass(frozen=True, kw_only=True)  # without slots: read back from a file in a fraction of the time
class ByRef:
    kind: Literal["ref"] = "ref"
    ref: str

    @cached_property
    def key(self) -> str:
        return self.ref.casefold()


@dataclass(frozen=True, kw_only=True)
class ByAddress:
    kind: Literal["address"] = "address"
    address: Address

    @property
    def key(self) -> str:
        return self.address.key


Named = Annotated[ByRef | ByAddress, Field(discriminator="kind")]
"""How a file names a person. Two ways of naming one person share a key; one of a ref never has an @ in it."""


@dataclass(frozen=True, kw_only=True)
class TieRecord:
    line: int
    connector: Named
    person: Named
    strength: Strength | None = None
    evidence: str = ""
    since: Since | None = None
    confirmed_on: date | None = None
    """The day the connector said how well they know the person; None: nobody has said so yet."""

    def facts(self) -> tuple[object, ...]:
        return (self.strength, self.evidence, self.since, self.confirmed_on)


class ConflictRecord(Frozen):
    """Two who are not to be introduced to one another: of each side either somebody or an organisation."""

    line: int
    one: Named | None = None
    one_organisation: str = ""
    other: Named | None = None
    other_organisation: str = ""


class Connection(Frozen):
    """One row of a connector's LinkedIn export: a person, and the tie that the export is evidence of."""

    person: PersonRecord
    tie: TieRecord
