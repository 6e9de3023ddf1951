"""The operator who is signed in, with the programmes they work for.

Whoever is signed in and operates a programme; everybody else finds nothing under these addresses.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Form, HTTPException, Request
from sqlalchemy import Connection

from models.ids import IntroductionId, PersonId, ProgrammeId
from store.people.conflict_of_interest import has_another_operator
from store.people.person import Belonging, Profile
from store.privacy.erasure import records_of
from store.views.introductions import DeskReader, ListedIntroduction, one
from web.shared.error_pages import OwnPart
from web.shared.house import House, house_of
from web.shared.http.security import read_nonce
from web.shared.sessions import bound_to, somebody


@dataclass(frozen=True, slots=True)
class Operator:
    """A signed-in person in their work; `programmes` are those they operate, and none other is there for them."""

    profile: Profile
    programmes: tuple[Belonging, ...]
    records: tuple[PersonId, ...]  # theirs, where several were put together

    @property
    def id(self) -> PersonId:
        return self.profile.person.id

    @property
    def programme_ids(self) -> tuple[str, ...]:
        return tuple(each.programme for each in self.programmes)

    def programme(self, wanted: str | None) -> ProgrammeId:
        """The one asked for, or the first."""
        if wanted is None:
            return self.programmes[0].programme
        if wanted not in self.programme_ids:
            raise HTTPException(404)
        return ProgrammeId(wanted)


async def operator(request: Request, me: Annotated[Profile, Depends(somebody)]) -> Operator:
    """404 rather than 403: whoever does not work here is not told that anybody does."""
    operated = tuple(each for each in me.belongings if each.operates)
    if not operated:
        raise HTTPException(404)
    records = await house_of(request).database.read(lambda connection: records_of.records(connection, me.person.id))
    return Operator(profile=me, programmes=operated, records=records)


Working = Annotated[Operator, Depends(operator)]


async def own(request: Request, working: Operator, introduction: str) -> ListedIntroduction:
    """One introduction of a programme this person operates."""
    house = house_of(request)
    return await house.database.read(lambda connection: look(connection, working, introduction, house.clock()))


def look(connection: Connection, working: Operator, introduction: str, now: datetime) -> ListedIntroduction:
    """Their own requests are another operator's; whoever is to be met hears of it as anybody does, and not here."""
    reader = DeskReader(working.programme_ids, working.records)
    found = one(connection, IntroductionId(introduction), now, reader)
    if found is None:
        raise HTTPException(404)
    if found.requester in working.records:
        raise OwnPart(working.profile, is_alone=not has_another_operator(connection, found.programme, working.id))
    return found


def own_nonce(house: House, working: Operator, nonce: str) -> str:
    kept_as = read_nonce(house.keys, bound_to(working.profile), nonce)
    if kept_as is None:
        raise HTTPException(422)
    return kept_as


async def _recognised(request: Request, working: Working, nonce: Annotated[str, Form()] = "") -> Operator:
    own_nonce(house_of(request), working, nonce)
    return working


Pressing = Annotated[Operator, Depends(_recognised)]  # whoever works here, and pressed a button on a page of ours
