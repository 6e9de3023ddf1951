"""Our promises: how often we ask, how often we remind, who sees what, how to stop. Made from the policy in force."""

from fastapi import APIRouter, HTTPException, Request
from sqlalchemy import Connection, select
from starlette.responses import Response

from models.base import Frozen
from models.ids import ProgrammeId
from models.policy.policy import Policy
from models.policy.tracks import TrackRules
from store.people.looks import LOOK, OWN_LOGO, ProgrammeLook, look_of
from store.programmes.policies import policy_in_force
from store.tables import logo, programme
from web.shared.house import house_of
from web.shared.rendering import page, reader_of

router = APIRouter()


class Track(Frozen):
    """One kind of request, and the rules it is kept by."""

    rules: TrackRules
    policy: Policy


class Promised(Frozen):
    """One programme and what it has bound itself to."""

    id: ProgrammeId
    name: str
    zone: str
    reply_to: str | None
    policy: Policy
    look: ProgrammeLook

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Each kind of request has promises of its own, the patient ones first."""
        found = [Track(rules=rules, policy=self.policy.on_track(name)) for name, rules in self.policy.tracks.items()]
        return tuple(sorted(found, key=lambda each: each.policy.requester.promised_answer.nominal, reverse=True))


@router.get("/p/{programme_id}")
async def promises(request: Request, programme_id: str) -> Response:
    found = await house_of(request).database.read(lambda connection: promised(connection, ProgrammeId(programme_id)))
    if found is None:
        raise HTTPException(404)
    return page(request, "promises/promises.html", reader_of(request, zone=found.zone), look=found.look, promised=found)


def promised(connection: Connection, programme_id: ProgrammeId) -> Promised | None:
    query = select(programme, *LOOK).outerjoin(logo, OWN_LOGO).where(programme.c.id == programme_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    rules = policy_in_force(connection, programme_id)
    look = look_of(row, row.id, row.name)
    return Promised(id=row.id, name=row.name, zone=row.zone, reply_to=row.reply_to, policy=rules, look=look)
