"""Logos and colours are served to anybody, for ever the same, and as nothing but what they are."""

from datetime import timedelta
from pathlib import Path

import pytest

from images.cleaning import clean
from models.ids import ProgrammeId
from store.privacy.retention import LOGOS, keep
from store.programmes import faces
from tests import cast
from tests.web.house import Visited, visited

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><path fill="#b5521b" d="M2 2h56v16h-56z"/></svg>'
PICTURE, OTHER = clean(DRAWING.encode()), clean(DRAWING.replace("b5521b", "1b52b5").encode())
PROGRAMME = ProgrammeId(cast.PROGRAMME)


async def test_a_logo_is_a_picture_kept_for_ever_and_nothing_runs_in_it(tmp_path: Path) -> None:
    async with visited(tmp_path, cast.policy("demo")) as house:
        await hang(house, PICTURE)
        got = await house.stranger().get(f"/logo/{PICTURE.mark}.png")
        assert (got.status_code, got.content) == (200, PICTURE.png)
        assert got.headers["content-type"] == "image/png"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert got.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
        assert got.headers["cross-origin-resource-policy"] == "cross-origin"
        assert "set-cookie" not in got.headers
        for other in ("0" * 32, PICTURE.mark.upper(), "..", f"{PICTURE.mark}.png"):
            assert (await house.stranger().get(f"/logo/{other}.png")).status_code == 404


async def test_an_old_logo_is_served_as_long_as_letters_with_it_may_be_read(tmp_path: Path) -> None:
    async with visited(tmp_path, cast.policy("demo")) as house:
        await hang(house, PICTURE)
        await hang(house, OTHER)
        for passes, status in ((LOGOS - timedelta(days=1), 200), (timedelta(days=2), 404)):
            house.clock.passes(passes)
            await house.database.write(lambda connection: keep(connection, house.clock()))
            assert (await house.stranger().get(f"/logo/{PICTURE.mark}.png")).status_code == status
            assert (await house.stranger().get(f"/logo/{OTHER.mark}.png")).status_code == 200


@pytest.mark.parametrize("address", ["ffd400", "000000"])
async def test_a_colour_is_a_sheet_of_properties(tmp_path: Path, address: str) -> None:
    async with visited(tmp_path, cast.policy("demo")) as house:
        got = await house.stranger().get(f"/colour/{address}.css")
        assert got.headers["content-type"].startswith("text/css")
        assert got.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert "--deep: #" in got.text
        for other in ("FFD400", "fff", "ffd40", "red", "ffd400;}"):
            assert (await house.stranger().get(f"/colour/{other}.css")).status_code == 404


async def test_a_programme_without_a_face_looks_as_we_do(tmp_path: Path) -> None:
    async with visited(tmp_path, cast.policy("demo")) as house:
        shown = (await house.stranger().get(f"/p/{cast.PROGRAMME}")).text
        assert "/logo/" not in shown
        assert "/colour/" not in shown
        assert '<span class="mark" aria-hidden="true"></span>' in shown


async def hang(house: Visited, picture: object) -> None:
    def write(connection: object) -> None:
        face = faces.face_of(connection, PROGRAMME)  # type: ignore[arg-type]
        faces.keep(connection, PROGRAMME, face, None, house.clock(), picture)  # type: ignore[arg-type]

    await house.database.write(write)
