"""Faces as they are kept: signatures go with whoever is forgotten, logos once nobody shows them."""

from sqlalchemy import select, update

from images.cleaning import clean
from models.ids import ProgrammeId
from store.privacy.erasure.deletion import CLEARED, foreseen
from store.programmes.faces import KeptFace, face_of, keep
from store.tables import logo, person, programme
from tests.cast import MONDAY, OLIVE, PROGRAMME, ROSA
from tests.store.importing.fixtures import Archive

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><path d="M2 2h56v16h-56z"/></svg>'
PICTURE = clean(DRAWING)
OF = ProgrammeId(PROGRAMME)
FACE = KeptFace(
    name="Spring",
    sender="olive okafor, Spring",
    signature=f"{OLIVE.name}\nSpring",
    opening={"en": "Hello."},
    colour="#0e6a63",
    logo=None,
)


async def test_who_is_forgotten_signs_nothing_and_others_are_left_alone(archive: Archive) -> None:
    database = archive.database
    await database.write(lambda connection: keep(connection, OF, FACE, OLIVE.id, MONDAY))
    nothing = await database.write(lambda connection: foreseen(connection, ROSA.id, MONDAY))
    foretold = await database.write(lambda connection: foreseen(connection, OLIVE.id, MONDAY))
    assert ("programme" in nothing, foretold["programme"]) == (False, 1)
    assert await database.read(lambda connection: face_of(connection, OF)) == FACE
    await database.write(lambda connection: CLEARED["programme"](connection, OLIVE.id, MONDAY))
    left = await database.read(lambda connection: face_of(connection, OF))
    assert (left.signature, left.sender, left.opening, left.name) == (None, None, FACE.opening, "Spring")


async def test_a_record_without_a_name_takes_no_signature_with_it(archive: Archive) -> None:
    database = archive.database
    await database.write(lambda connection: keep(connection, OF, FACE, OLIVE.id, MONDAY))
    await archive.change(update(person).where(person.c.id == OLIVE.id).values(name=""))
    assert await database.write(lambda connection: CLEARED["programme"](connection, OLIVE.id, MONDAY)) == 0


async def test_a_name_within_another_word_takes_no_signature_with_it(archive: Archive) -> None:
    await archive.change(update(person).where(person.c.id == OLIVE.id).values(name="Spri"))
    await archive.database.write(lambda connection: keep(connection, OF, FACE, OLIVE.id, MONDAY))
    assert await archive.database.write(lambda connection: CLEARED["programme"](connection, OLIVE.id, MONDAY)) == 0


async def test_a_logo_that_another_programme_shows_is_not_dropped(archive: Archive) -> None:
    database = archive.database
    await database.write(lambda connection: keep(connection, OF, FACE, None, MONDAY, PICTURE))
    other = programme.insert().values(
        id="prg_other", tenant="ten_other", name="O", language="en", zone="UTC", created_at=MONDAY, logo=PICTURE.mark
    )
    await archive.change(other)
    await database.write(lambda connection: keep(connection, OF, FACE, None, MONDAY))
    dropped = select(logo.c.dropped_at)
    assert await database.read(lambda connection: connection.execute(dropped).scalar_one()) is None
    await archive.change(update(programme).where(programme.c.id == "prg_other").values(logo=None))
    await database.write(lambda connection: keep(connection, OF, FACE, None, MONDAY, PICTURE))
    await database.write(lambda connection: keep(connection, OF, FACE, None, MONDAY))
    assert await database.read(lambda connection: connection.execute(dropped).scalar_one()) == MONDAY
