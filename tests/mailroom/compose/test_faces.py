"""A programme's face on its letters: its sender and signature on each, its own sentence above the first to somebody."""

from email.message import EmailMessage

import pytest

from images.cleaning import clean
from models.ids import ProgrammeId
from models.letters import LetterKind
from store.programmes import faces
from store.programmes.faces import KeptFace
from tests.cast import CARL, PROGRAMME, TOMOKO
from tests.mailroom.compose.test_stationery import carried
from tests.mailroom.desk import Desk
from tests.store.letters.planned_letters import planned

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><path d="M2 2h56v16h-56z"/></svg>'
PICTURE = clean(DRAWING)
FACE = KeptFace(
    name="Spring Batch",
    sender="Spring introductions",
    signature="Olive Ortega\nfor the Spring Batch",
    opening={"en": "The Spring Batch introduces founders to people who can help."},
    colour="#7a1f3d",
    logo=None,
)


async def wears(desk: Desk) -> None:
    await desk.database.write(
        lambda connection: faces.keep(connection, ProgrammeId(PROGRAMME), FACE, None, desk.clock(), PICTURE)
    )


def parts(mail: EmailMessage) -> tuple[str, str]:
    found = [mail.get_body((kind,)) for kind in ("plain", "html")]
    text, html = (str(each.get_content()) if each else "" for each in found)
    return text, html


@pytest.mark.parametrize(("kind", "is_first"), [(LetterKind.ASK_TARGET, True), (LetterKind.DID_YOU_MEET, False)])
async def test_the_opening_stands_above_the_first_letter_to_somebody_and_no_other(
    at_desk: Desk, kind: LetterKind, is_first: bool
) -> None:
    case = await planned(at_desk, kind)
    await wears(at_desk)
    text, html = parts(await carried(at_desk, case, kind))
    assert text.startswith(FACE.opening["en"]) == is_first
    assert (FACE.opening["en"] in html) == is_first
    assert "\n\nOlive Ortega\nfor the Spring Batch\n\n———\n" in text.replace("\r\n", "\n")
    assert f'src="https://programme.example.test/logo/{PICTURE.mark}.png"' in html
    assert "#7a1f3d" in html


async def test_the_sender_stands_behind_a_connectors_name_and_our_address_stays(at_desk: Desk) -> None:
    case = await planned(at_desk, LetterKind.ASK_TARGET)
    await wears(at_desk)
    mail = await carried(at_desk, case, LetterKind.ASK_TARGET)
    assert mail["From"].addresses[0].display_name == f"{CARL.name} via Spring introductions"
    assert mail["To"].addresses[0].addr_spec == TOMOKO.address
    assert mail["Reply-To"] == "office@example.test"
