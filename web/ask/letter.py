"""The letter itself, in a frame on the page that is looked at before sending."""

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from models.policy.questions import CONNECTOR
from models.time.patience import due
from store.people.person import Profile
from store.programmes.faces import KeptFace
from telling.languages import Reader
from web.ask.requester_page import RequestDesk
from web.shared.house import house_of

FRAMED = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


def letter(request: Request, me: Profile, desk: RequestDesk, face: KeptFace, whom: str, reader: Reader) -> Response:
    """As whoever may introduce them gets it; the language of that reader is not known yet, so it is the requester's."""
    house, look = house_of(request), desk.programme.look
    now, rules = house.clock(), desk.policy
    who = me.person
    html = house.request_letter(
        language=reader.language,
        zone=reader.zone,
        programme=desk.programme.name,
        staff=desk.programme.name,
        elsewhere=f"{house.public_url}/p/{desk.programme.programme}",
        face=(face.sender, face.signature, look.colour, (look.logo.path, *look.logo.shown) if look.logo else None),
        requester=(who.name, who.called, ", ".join(each for each in (who.headline, who.organisation) if each)),
        target=whom,
        texts=desk.texts,
        answers=tuple(
            (each.called(reader.language), answer)
            for each in rules.request.read_by(CONNECTOR)
            if (answer := desk.draft.answers.get(each.id, "").strip())
        ),
        now=now,
        due_at=due(now, rules.connector.answer_within, rules.calendar(desk.facts.clock, desk.facts.days)),
    )
    framed = HTMLResponse(html)
    framed.headers["content-security-policy"] = FRAMED
    framed.headers["x-frame-options"] = "SAMEORIGIN"
    return framed
