"""A requester changes a request under way, with fit words only, and nobody else's yes to the old ones counts."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import Browser
from sqlalchemy import Connection, select, update

from models.ids import IntroductionId
from models.process.state.stages import WithConnector
from store.requests import words as request_words
from store.tables import consent, inbox, letter, person, request, words
from tests import cast
from tests.cast import CARL, ROSA, ROSAS_MAIL, STAN, TOMOKO
from tests.support import rows
from tests.support.news_phrases import approves, declines, opts_in
from tests.web.console.introduction.test_resent_letters import leave
from tests.web.house import Visited, nonce_on, visited
from tests.web.http_server import serving
from tests.web.page_checks import NARROW, in_each_language, is_well, looking, sign_in

RULES = cast.policy("accelerator", {"screening": None, "requester.edits": 2})
NOTE = "Tomoko, my pumps have run for a year in the rain now, and your silent valve is the part that never failed."
NEW = {
    "wanted": "twenty_minutes",
    "why": "Nobody else has kept a seal dry for ten years.",
    "read": "",
    "offer": "Test data from forty villages.",
    "note": NOTE,
    "channels": ROSAS_MAIL,
}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, RULES) as opened:
        await opened.database.write(lambda connection: speak(connection, "en"))
        yield opened


def speak(connection: Connection, language: str) -> None:
    connection.execute(update(person).where(person.c.id.in_([ROSA.id, CARL.id])).values(language=language))


@pytest.fixture
async def introduction(house: Visited) -> IntroductionId:
    return await house.engine.asked(cast.opening(RULES))


@pytest.fixture
async def rosa(house: Visited) -> httpx2.AsyncClient:
    return await house.signed_in(ROSA)


async def change(rosa: httpx2.AsyncClient, introduction: IntroductionId, **fields: str) -> httpx2.Response:
    path = f"/me/requests/{introduction}/edit"
    page = (await rosa.get(path)).text
    version = page.split('name="version" value="')[1].split('"')[0]
    return await rosa.post(path, data={"nonce": nonce_on(page), "version": version, **NEW, **fields})


async def test_new_words_are_asked_of_whoever_had_agreed(
    house: Visited, rosa: httpx2.AsyncClient, introduction: IntroductionId
) -> None:
    await house.engine.hear(introduction, approves(CARL), opts_in(TOMOKO))
    assert "Change this request" in (await rosa.get("/me")).text
    sent = await change(rosa, introduction)
    assert sent.headers["location"] == "/me?said=edited"
    assert "Your new words are in." in (await rosa.get(sent.headers["location"])).text
    state = house.engine.states[introduction]
    assert isinstance(state.stage, WithConnector)
    assert [(ask.person, ask.version) for ask in state.open_asks()] == [(CARL.id, 2)]
    assert await house.database.read(_note_of_newest) == NOTE
    assert await house.database.read(_counting) == {ROSA.id: 2}
    page = (await rosa.get("/me")).text
    assert page.count("To be introduced to Tomoko Abe") == 1
    assert "Taken back" not in page, "she changed her words, and took nothing back"
    await house.engine.hear(introduction, approves(CARL), opts_in(TOMOKO))


def _note_of_newest(connection: Connection) -> str:
    query = select(words.c.body).join(request, request.c.note == words.c.id).order_by(request.c.version.desc())
    return str(connection.execute(query.limit(1)).scalar_one())


def _counting(connection: Connection) -> dict[str, int]:
    rows = connection.execute(select(consent.c.person, consent.c.version).where(consent.c.revoked_at.is_(None)))
    return {row.person: row.version for row in rows}


async def test_of_two_changes_sent_at_once_one_is_kept_and_nobody_is_told_otherwise(
    house: Visited, rosa: httpx2.AsyncClient, introduction: IntroductionId
) -> None:
    house.engine.away = True
    path = f"/me/requests/{introduction}/edit"
    form = NEW | {"nonce": nonce_on((await rosa.get(path)).text), "version": "1"}
    sent = await asyncio.gather(*(rosa.post(path, data=form | {"note": note}) for note in (NOTE, f"{NOTE} Truly.")))
    sent.append(await rosa.post(path, data=form | {"note": f"{NOTE} Well."}))
    assert sorted(each.status_code for each in sent) == [303, 409, 409]
    assert all("A change of yours is on its way" in each.text for each in sent if each.status_code == 409)


async def test_an_old_link_says_that_the_request_has_changed(
    house: Visited, rosa: httpx2.AsyncClient, introduction: IntroductionId
) -> None:
    carl = await house.signed_in(CARL)
    link = (await carl.post(f"/me/asks/{introduction}/approve")).headers["location"]
    await change(rosa, introduction)
    page = (await house.stranger().get(link)).text
    assert "The request has changed" in page
    assert "Rosa" not in page.split("<main")[1]


async def test_whoever_read_the_earlier_words_is_told_that_they_have_changed(
    house: Visited, rosa: httpx2.AsyncClient, introduction: IntroductionId
) -> None:
    await change(rosa, introduction)
    sent = await house.database.write(lambda connection: leave(connection, house))
    assert sent
    assert "The request has changed." in sent


async def test_words_that_are_not_fit_ask_nobody_anything(
    house: Visited, rosa: httpx2.AsyncClient, introduction: IntroductionId
) -> None:
    before = house.engine.states[introduction]
    sent = await change(rosa, introduction, note="Dear {{name}}, " + "word " * 120)
    assert sent.status_code == 422
    assert "Nothing has been changed." in sent.text
    assert "looks like a blank" in sent.text
    assert (await change(rosa, introduction, channels="cha_somebody_elses")).status_code == 422
    assert house.engine.states[introduction] == before


async def test_a_change_is_sent_once_and_over_the_words_that_were_read(
    house: Visited, rosa: httpx2.AsyncClient, introduction: IntroductionId
) -> None:
    path = f"/me/requests/{introduction}/edit"
    pages = [(await rosa.get(path)).text for _ in range(2)]
    sent = [
        await rosa.post(path, data={"nonce": nonce_on(page), "version": "1", **NEW})
        for page in (pages[0], pages[0], pages[1])
    ]
    assert [answer.status_code for answer in sent] == [303, 303, 409], (
        "the same page sent twice is one change, and done"
    )
    assert house.engine.states[introduction].edits == 1
    assert (await change(rosa, introduction)).status_code == 422  # nothing new in it
    assert (await change(rosa, introduction, note=NOTE + " Twice.")).status_code == 303
    assert "Change this request" not in (await rosa.get("/me")).text
    assert (await rosa.get(path)).status_code == 404


async def test_words_sent_from_an_older_window_come_back_beside_those_that_stand(
    house: Visited, rosa: httpx2.AsyncClient, introduction: IntroductionId
) -> None:
    path = f"/me/requests/{introduction}/edit"
    nonce = nonce_on((await rosa.get(path)).text)
    await change(rosa, introduction)
    mine = f"{NOTE} I wrote this in the other window."
    late = await rosa.post(path, data={"nonce": nonce, "version": "1", **NEW, "note": mine})
    assert late.status_code == 409
    assert "your new words were not sent" in late.text
    assert mine in late.text.replace("&#39;", "'")
    assert NOTE in late.text.split("As it stands now")[1].split("</section>")[0].replace("&#39;", "'")
    assert house.engine.states[introduction].edits == 1


async def test_nobody_elses_request_is_there_to_change(
    house: Visited, rosa: httpx2.AsyncClient, introduction: IntroductionId
) -> None:
    page = (await rosa.get(f"/me/requests/{introduction}/edit")).text
    for who in (CARL, TOMOKO, STAN):
        client = await house.signed_in(who)
        path = f"/me/requests/{introduction}/edit"
        missing = await client.get("/me/requests/int_nobody/edit")
        assert ((await client.get(path)).status_code, (await client.get(path)).text) == (404, missing.text)
        sent = await client.post(path, data={"nonce": nonce_on(page), "version": "1", **NEW})
        assert sent.status_code == 422
    assert house.engine.states[introduction].version == 1


async def test_how_far_it_has_got_does_not_show(house: Visited, rosa: httpx2.AsyncClient) -> None:
    """S8. The page of an introduction that has quietly ended is the page of one under way."""
    introduction = await house.engine.asked(cast.opening(RULES))
    path = f"/me/requests/{introduction}/edit"
    before = _unmarked((await rosa.get(path)).text)
    await house.engine.hear(introduction, declines(CARL), declines(cast.CLEO))
    assert house.engine.states[introduction].stage.kind == "resting"
    assert _unmarked((await rosa.get(path)).text) == before
    assert (await change(rosa, introduction)).headers["location"] == "/me?said=edited"
    assert not await house.database.read(
        lambda connection: connection.execute(select(letter.c.id).where(letter.c.version == 2)).all()
    )


def _unmarked(page: str) -> str:
    return page.replace(nonce_on(page), "")


@pytest.mark.browser
@in_each_language
async def test_the_pages_of_a_change_are_clean_and_fit(
    house: Visited, introduction: IntroductionId, browser: Browser, language: str, tmp_path: Path
) -> None:
    await house.database.write(lambda connection: speak(connection, language))
    carl = await house.signed_in(CARL)
    link = (await carl.post(f"/me/asks/{introduction}/approve")).headers["location"]
    async with serving(house.app) as address, looking(browser, NARROW) as page:
        await sign_in(page, address, ROSA)
        await page.locator(f'a[href="/me/requests/{introduction}/edit"]').click()
        await page.locator("#note").fill("{{name}}")
        await is_well(page, tmp_path / f"edit-{language}.png")
        await page.locator("#asking button:not(.unseen)").click()
        await page.locator("#faults").wait_for()
        await is_well(page, tmp_path / f"faulty-{language}.png")
        for name in ("why", "offer", "note"):
            await page.locator(f"#{name}").fill(NEW[name])
        await page.locator(f"#wanted-{NEW['wanted']}").check()
        await page.locator("#channel-1").check()
        await page.locator("#asking button:not(.unseen)").click()
        await page.wait_for_url(f"{address}/me?said=edited")
        await is_well(page, tmp_path / f"own-{language}.png")
        await page.goto(f"{address}{link}")
        await is_well(page, tmp_path / f"changed-{language}.png")


async def test_words_without_a_name_are_changed_too_and_still_tell_nothing(tmp_path: Path) -> None:
    rules = cast.policy(RULES, {"target.blind": "always", "requester.goal": True})
    fresh = {
        "goal": "A seal that lasts two monsoons.",
        "blind": "A founder in southern Europe, with a year of field data.",
    }
    async with visited(tmp_path, rules) as house:
        await house.database.write(lambda connection: speak(connection, "en"))
        introduction = await house.engine.asked(cast.opening(rules).model_copy(update={"blind": True}))
        rosa = await house.signed_in(ROSA)
        assert rows.BLIND in (await rosa.get(f"/me/requests/{introduction}/edit")).text
        telling = await change(rosa, introduction, **fresh | {"blind": "Rosa would like to meet you."})
        assert (telling.status_code, "“Rosa” would tell who you are" in telling.text) == (422, True)
        assert (await change(rosa, introduction, **fresh)).status_code == 303
        await house.engine.hear(introduction, approves(CARL))
        tomoko = await house.signed_in(TOMOKO)
        asked = await tomoko.get((await tomoko.post(f"/me/asks/{introduction}/opt_in")).headers["location"])
        assert fresh["blind"] in asked.text
        assert not any(told in asked.text for told in (rows.BLIND, fresh["goal"], NOTE, "Rosa"))
        texts = await house.database.read(lambda connection: request_words.texts(connection, introduction, 2))
        assert texts == {name: text for name, text in NEW.items() if name not in ("read", "channels")} | fresh


async def test_a_page_to_change_it_opens_as_long_as_the_own_page_offers_it_whoever_hears(
    house: Visited, rosa: httpx2.AsyncClient, introduction: IntroductionId
) -> None:
    """Both hear what lies in the inbox: a link to a page whose words would be refused was open here, and not there."""
    path = f"/me/requests/{introduction}/edit"
    nonce = nonce_on((await rosa.get("/me")).text)
    form = NEW | {"nonce": nonce_on((await rosa.get(path)).text), "version": "1"}
    house.engine.away = True
    await rosa.post(f"/me/requests/{introduction}/withdrawal", data={"nonce": nonce})
    assert path not in (await rosa.get("/me")).text
    assert (await rosa.get(path)).status_code == 404
    assert (await rosa.post(path, data=form)).status_code == 404
    kept = select(inbox.c.kind)
    assert await house.database.read(lambda c: c.execute(kept).scalars().all()) == ["withdrew"]
