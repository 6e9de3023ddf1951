"""A photo is drawn anew, seen where its owner says so, and gone with its address."""

import re
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import httpx2
import pytest
from PIL import Image
from sqlalchemy import func, select, update

from models.asks import AskKind
from store.people import photos
from store.privacy.erasure import jobs
from store.privacy.erasure.deletion import foreseen
from store.tables import person, photo
from tests import cast
from tests.cast import CARL, ROSA, TOMOKO
from tests.support.news_phrases import approves
from tests.web.house import Visited, nonce_on, visited

ADDRESS = re.compile(r"/photo/[0-9a-f]{32}\.png")
STEP = "/me/settings/photo"
PLACES = [{"label": "Essays", "url": "https://rosa.test/essays"}]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("demo")) as opened:
        yield opened


async def test_it_is_served_without_anything_of_its_file_until_it_is_removed_hidden_or_replaced(house: Visited) -> None:
    rosa = await house.signed_in(ROSA)
    assert (await send(rosa, b"", "")).status_code == 422
    first = await kept_at(house, rosa, shown=True)
    got = await house.stranger().get(first)
    assert (got.status_code, got.headers["content-type"]) == (200, "image/png")
    assert got.headers["cross-origin-resource-policy"] == "same-origin"
    assert "immutable" not in got.headers["cache-control"]
    assert b"Exif" not in got.content
    assert Image.open(BytesIO(got.content)).size == (128, 128)
    second = await kept_at(house, rosa, shown=True)
    hidden = await kept_at(house, rosa, shown=False, data=b"")
    for gone, there in ((first, second), (second, hidden)):
        assert gone != there
        assert (await house.stranger().get(gone)).status_code == 404
    nonce = nonce_on((await rosa.get(STEP)).text)
    assert (await rosa.post(f"{STEP}/removal")).status_code == 422
    await rosa.post(f"{STEP}/removal", data={"nonce": nonce})
    assert (await house.stranger().get(hidden)).status_code == 404
    assert not ADDRESS.search((await rosa.get(STEP)).text)
    assert await house.database.read(lambda c: c.execute(select(func.count()).select_from(photo)).scalar_one()) == 0


async def test_whoever_is_asked_sees_it_only_where_its_owner_and_the_policy_let_them(house: Visited) -> None:
    rosa = await house.signed_in(ROSA)
    await house.database.write(lambda c: c.execute(update(person).where(person.c.id == ROSA.id).values(places=PLACES)))
    address = await kept_at(house, rosa, shown=False)
    introduction = await house.engine.asked(cast.opening("demo"))
    asked = await page_of(house, CARL, introduction, AskKind.APPROVE)
    assert not ADDRESS.search(asked)
    assert "rosa.test" not in asked
    await house.database.write(lambda c: photos.show(c, ROSA.id, shown=True))
    await rosa.post("/me/settings/places/showing", data={"places_shown": "yes"})
    for who, kind in ((CARL, AskKind.APPROVE), (TOMOKO, AskKind.OPT_IN)):
        asked = await page_of(house, who, introduction, kind)
        assert f'src="{address}"' in asked
        link = '<a href="https://rosa.test/essays" rel="noopener noreferrer nofollow" dir="auto">Essays</a>'
        assert f'{link} <span class="quiet">(rosa.test)</span>' in asked
        if who is CARL:
            await house.engine.hear(introduction, approves(CARL))
    await rosa.post("/me/settings/places/showing", data={})
    assert "rosa.test" not in await page_of(house, TOMOKO, introduction, AskKind.OPT_IN)


@pytest.mark.parametrize(("rules", "changes"), [({"photos_and_places": False}, {}), ({}, {"blind": True})])
async def test_where_the_policy_forbids_it_and_where_no_name_is_told_there_is_none(
    tmp_path: Path, rules: dict[str, object], changes: dict[str, object]
) -> None:
    asked = cast.policy("demo", rules)
    async with visited(tmp_path, asked) as house:
        await kept_at(house, await house.signed_in(ROSA), shown=True)
        introduction = await house.engine.asked(cast.opening(asked).model_copy(update=changes))
        await house.engine.hear(introduction, approves(CARL))
        assert not ADDRESS.search(await page_of(house, TOMOKO, introduction, AskKind.OPT_IN))


async def test_it_is_in_the_copy_and_goes_as_its_owner_asks_to_be_forgotten(house: Visited) -> None:
    rosa = await house.signed_in(ROSA)
    address = await kept_at(house, rosa, shown=True)
    with ZipFile(BytesIO((await rosa.get("/me/copy")).content)) as pack:
        assert pack.read("your_photo.png") == (await house.stranger().get(address)).content
    assert (await house.database.write(lambda c: foreseen(c, ROSA.id, house.clock())))["photo"] == 1
    await house.database.write(lambda c: jobs.ask(c, ROSA.id, house.keys, "themself", house.clock()))
    assert (await house.stranger().get(address)).status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "me.svg", "We cannot use this as a photo"),
        (b"\xff\xd8\xff" + b"\0" * 200, "me.jpg", "damaged"),
        (b"\xff\xd8\xff" + b"\0" * 11 * 1024 * 1024, "me.jpg", "10 MB at most."),
    ],
)
async def test_a_file_that_is_no_photo_is_refused_with_a_sentence(
    house: Visited, data: bytes, name: str, why: str
) -> None:
    tomoko = await house.signed_in(TOMOKO)
    told = await send(tomoko, data, name)
    assert told.status_code == 422
    assert why in told.text
    told = await tomoko.post(STEP, files={"photo": ("me.jpg", a_photo())}, data={"photo_shown": "yes"})
    assert told.status_code == 422, "without the nonce of a page"


def a_photo() -> bytes:
    held, image = BytesIO(), Image.effect_noise((300, 200), 60)
    exif = image.getexif()
    exif.get_ifd(0x8825)[2] = (41.0, 23.0, 7.0)
    image.save(held, "JPEG", exif=exif)
    return held.getvalue()


async def send(client: httpx2.AsyncClient, data: bytes, name: str, *, shown: bool = False) -> httpx2.Response:
    fields = {"nonce": nonce_on((await client.get(STEP)).text)} | ({"photo_shown": "yes"} if shown else {})
    return await client.post(STEP, files={"photo": (name, data)}, data=fields)


async def kept_at(house: Visited, rosa: httpx2.AsyncClient, *, shown: bool, data: bytes | None = None) -> str:
    sent = await send(rosa, a_photo() if data is None else data, "IMG_1.JPG" if data is None else "", shown=shown)
    assert sent.status_code == 303
    found = ADDRESS.search((await rosa.get(STEP)).text)
    assert found
    return found[0]


async def page_of(house: Visited, who: cast.Person, introduction: str, kind: AskKind) -> str:
    client = await house.signed_in(who)
    opened = await client.post(f"/me/asks/{introduction}/{kind}")
    return (await client.get(opened.headers["location"])).text
