"""What a face would look like: a letter, or a page, in a frame beside the form. Nothing is kept for it."""

import base64

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from images.results import CleanImage
from models.face.words import opening_for
from models.ids import ProgrammeId
from store.people.looks import Logo, ProgrammeLook
from store.programmes.faces import KeptFace
from telling.languages import Reader
from web.shared.house import house_of
from web.shared.rendering import page

FRAMED = "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
OF_LETTER = f"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox; {FRAMED}"
OF_PAGE = f"default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; {FRAMED}"


class LogoAtHand(Logo):
    """A picture that is at no address yet: it is in the page itself."""

    data: str

    @property
    def path(self) -> str:
        return self.data


def at_hand(picture: CleanImage) -> Logo:
    data = "data:image/png;base64," + base64.b64encode(picture.png).decode()
    return LogoAtHand(mark=picture.mark, width=picture.width, height=picture.height, data=data)


def letter(request: Request, face: KeptFace, logo: Logo | None, reader: Reader) -> Response:
    """The first letter somebody gets, with the opening above it."""
    house = house_of(request)
    html = house.sample_letter(
        programme=face.name,
        language=reader.language,
        sender=face.sender,
        signature=face.signature,
        opening=opening_for(face.opening, reader.language, next(iter(face.opening), reader.language)),
        colour=face.colour,
        picture=(logo.path, *logo.shown) if logo else None,
        now=house.clock(),
    )
    return framed(HTMLResponse(html), OF_LETTER)


def answer_page(
    request: Request, of: ProgrammeId, face: KeptFace, logo: Logo | None, reader: Reader, faults: dict[str, str]
) -> Response:
    """As whoever is asked sees one; where something cannot stand, that is said instead."""
    look = ProgrammeLook(programme=of, name=face.name, colour=face.colour, logo=logo)
    status = 422 if faults else 200
    return framed(page(request, "console/face_page.html", reader, status, look, faults=faults, face=face), OF_PAGE)


def framed(answer: Response, policy: str) -> Response:
    answer.headers["content-security-policy"] = policy
    answer.headers["x-frame-options"] = "SAMEORIGIN"
    return answer
