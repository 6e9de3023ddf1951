"""People ask for an introduction on their page, knowing beforehand who sees what, and without losing a word."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, insert, select, update

from models.policy.policy import Policy
from store.access import sessions
from store.tables import consent, draft, introduction, person, words
from tests import cast
from tests.cast import CARL, PROGRAMME, ROSA, ROSAS_MAIL, STAN, TOMOKO
from tests.support import rows
from tests.support.services.databases import Place
from tests.web.house import Visited, nonce_on, visited

ASK = f"/ask/{PROGRAMME}"
LOOKED_AT = re.compile(r'name="looked_at" value="([0-9a-f]{64})"')


@pytest.fixture
async def house(place: Place, tmp_path: Path) -> AsyncIterator[Visited]:
    rules: Policy = cast.policy("accelerator", {"requester.new_asks": 9})
    async with visited(tmp_path, rules, place=place) as opened:
        speaks_english = update(person).where(person.c.id == ROSA.id).values(language="en")
        await opened.database.write(lambda connection: connection.execute(speaks_english))
        yield opened


@pytest.fixture
async def rosa(house: Visited) -> httpx2.AsyncClient:
    return await house.signed_in(ROSA)


def written(**changed: Any) -> dict[str, Any]:
    form = {
        "who": "member",
        "person": TOMOKO.id,
        "wanted": "twenty_minutes",
        "why": "Nobody else has kept a seal dry for ten years.",
        "read": "Your paper of 2024.",
        "offer": "Our test data from forty villages.",
        "note": rows.NOTE,
        "channels": [ROSAS_MAIL],
    }
    return form | changed


async def look(visitor: httpx2.AsyncClient, **changed: Any) -> httpx2.Response:
    return await visitor.post(ASK, data=written(**changed) | {"do": "preview"})


async def send(visitor: httpx2.AsyncClient, preview: httpx2.Response) -> httpx2.Response:
    mark = LOOKED_AT.search(preview.text)
    assert mark, preview.text
    return await visitor.post(ASK, data={"do": "send", "nonce": nonce_on(preview.text), "looked_at": mark[1]})


async def how_many(house: Visited, table: Any = introduction) -> int:
    query = select(func.count()).select_from(table)
    return await house.database.read(lambda connection: connection.execute(query).scalar_one())


async def test_a_stranger_signs_in_first(house: Visited) -> None:
    answer = await house.stranger().get(ASK)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")


async def test_the_only_programme_is_chosen_by_itself(rosa: httpx2.AsyncClient) -> None:
    answer = await rosa.get("/ask")
    assert (answer.status_code, answer.headers["location"]) == (303, ASK)


async def test_whoever_may_not_ask_is_told_so(house: Visited) -> None:
    carl = await house.signed_in(CARL)
    assert "You cannot ask for introductions here yet" in (await carl.get("/ask")).text
    assert "In this programme you are not set up to ask" in (await carl.get(ASK)).text


async def test_another_programme_is_not_there(rosa: httpx2.AsyncClient) -> None:
    for path in ("/ask/prg_other", f"{ASK}/sent/int_nobody", "/ask/prg_other/sent/int_nobody"):
        assert (await rosa.get(path)).status_code == 404
    assert (await rosa.post("/ask/prg_other", data=written())).status_code == 404


async def test_the_page_says_limits_promise_and_members_but_no_address(rosa: httpx2.AsyncClient) -> None:
    page = (await rosa.get(ASK)).text
    assert "Requests you can make now: <strong>6</strong>" in page
    assert "23 March" in page
    assert TOMOKO.name in page
    assert STAN.name not in page
    assert ROSA.name not in page[page.index("Members who are listed") :]
    assert "tomoko@example.test" not in page


async def test_nothing_is_chosen_for_anybody(rosa: httpx2.AsyncClient) -> None:
    assert "checked" not in (await rosa.get(ASK)).text


async def test_a_look_before_sending_shows_who_sees_what_and_when(rosa: httpx2.AsyncClient, house: Visited) -> None:
    page = await look(rosa)
    assert page.status_code == 200
    for said in (
        rows.NOTE,
        "Who sees what",
        "Whose time it costs",
        "3 working days",
        "2 at most",
        "Monday 23 March",
        "Requests left after this one",
        "rosa@example.test",
        "Nothing has been sent yet",
    ):
        assert said in page.text, said
    assert "tomoko@example.test" not in page.text
    assert await how_many(house) == 0


async def test_what_is_looked_at_is_the_letter_itself_with_sending_below_it(rosa: httpx2.AsyncClient) -> None:
    page = await look(rosa, goal="We know which seal to buy.")
    frame, button = page.text.index(f'src="{ASK}/letter"'), page.text.index('value="send"')
    assert frame < button < page.text.index("Who sees what")
    letter = await rosa.get(f"{ASK}/letter")
    assert "sandbox" in letter.headers["content-security-policy"]
    for said in ("Would you introduce them?", "twenty minutes by phone", "We know which seal to buy.", "Rosa"):
        assert said in letter.text, said
    assert rows.NOTE[:40] in letter.text
    assert TOMOKO.name in letter.text
    assert CARL.name not in letter.text, "who might be asked is told to nobody"
    empty = await rosa.post(ASK, data={"do": "discard"})
    assert (empty.status_code, (await rosa.get(f"{ASK}/letter")).text) == (303, "")


async def test_sending_keeps_the_request_and_says_what_comes_next(rosa: httpx2.AsyncClient, house: Visited) -> None:
    answer = await send(rosa, await look(rosa))
    assert answer.status_code == 303
    after = await rosa.get(answer.headers["location"])
    assert f"Your request to meet <bdi>{TOMOKO.name}</bdi> is on its way" in after.text
    assert "23 March" in after.text
    row = await house.database.read(lambda connection: connection.execute(select(introduction)).one())
    assert (row.requester, row.target, row.made_by, row.stage) == (ROSA.id, TOMOKO.id, "requester", "screening")
    assert row.started_at == house.clock()
    agreed = await house.database.read(lambda connection: connection.execute(select(consent)).one())
    assert agreed.channels == [ROSAS_MAIL]
    assert re.fullmatch(r"request-en-[0-9a-f]{16}", agreed.wording)
    assert await how_many(house, draft) == 0


async def test_a_button_pressed_twice_sends_once(rosa: httpx2.AsyncClient, house: Visited) -> None:
    page = await look(rosa)
    answers = await asyncio.gather(*(send(rosa, page) for _ in range(5)))
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await how_many(house) == 1
    assert len(house.engine.states) == 1


async def test_only_what_was_looked_at_is_sent(rosa: httpx2.AsyncClient, house: Visited) -> None:
    page = await look(rosa)
    other_window = "Tomoko, these are other words, typed in another window at the very same moment."
    await rosa.post(ASK, data=written(note=other_window) | {"do": "keep"})
    answer = await send(rosa, page)
    assert "changed in another window" in answer.text
    assert other_window in answer.text
    assert await how_many(house) == 0
    assert (await send(rosa, answer)).status_code == 303


async def test_a_send_without_a_look_is_refused(rosa: httpx2.AsyncClient, house: Visited) -> None:
    await rosa.post(ASK, data=written() | {"do": "keep"})
    for nonce in ("", "abc.def", "é"):
        answer = await rosa.post(ASK, data={"do": "send", "nonce": nonce, "looked_at": "0" * 64})
        assert answer.status_code == 422
    assert await how_many(house) == 0


async def test_all_faults_stand_beside_their_fields_and_nothing_typed_is_lost(rosa: httpx2.AsyncClient) -> None:
    broken = written(person="", why=" ", note="Hi {{name}}, " + "word " * 120, channels=[])
    page = await rosa.post(ASK, data=broken | {"do": "preview"})
    assert page.status_code == 422
    for field in ("target", "why", "note", "channels"):
        assert f'href="#{field}"' in page.text
        assert f'id="{field}-fault"' in page.text
    assert "“{{name}}” looks like a blank" in page.text
    assert "122 words; the most is 100" in page.text
    assert "word word word" in page.text
    again = (await rosa.get(ASK)).text
    assert "word word word" in again
    assert "looks like a blank" not in again


async def test_the_draft_survives_search_and_signing_out(rosa: httpx2.AsyncClient, house: Visited) -> None:
    typed = written(person="", looked_for="cleo", note="Half a thought")
    answer = await rosa.post(ASK, data=typed | {"do": "search"})
    assert answer.headers["location"] == f"{ASK}#target"
    page = (await (await house.signed_in(ROSA)).get(ASK)).text
    assert "Half a thought" in page
    assert "Cleo Martin" in page
    assert "Tomoko Abe" not in page


async def test_a_search_never_stands_in_an_address(rosa: httpx2.AsyncClient) -> None:
    page = (await rosa.get(ASK)).text
    assert 'method="get"' not in page
    part = await rosa.post(f"{ASK}/people", data=written(looked_for="TOMÓKO abe"))
    assert part.status_code == 200
    assert "Tomoko Abe" in part.text
    assert "Carl" not in part.text
    assert "<html" not in part.text


async def test_a_draft_is_kept_while_it_is_typed(rosa: httpx2.AsyncClient) -> None:
    assert (await rosa.post(f"{ASK}/draft", data=written(note="Half a"))).status_code == 204
    assert "Half a" in (await rosa.get(ASK)).text
    for cut_off in ({}, {"do": "search"}, {"something": "else"}):
        assert (await rosa.post(ASK, data=cut_off)).status_code == 303
        assert (await rosa.post(f"{ASK}/draft", data=cut_off)).status_code == 204
    assert "Half a" in (await rosa.get(ASK)).text
    await rosa.post(ASK, data={"do": "discard"})
    assert "Half a" not in (await rosa.get(ASK)).text


async def test_an_old_draft_is_forgotten(rosa: httpx2.AsyncClient, house: Visited) -> None:
    await rosa.post(f"{ASK}/draft", data=written(note="Half a thought"))
    house.clock.passes(timedelta(days=13))
    rosa = await house.signed_in(ROSA)
    assert "Half a thought" in (await rosa.get(ASK)).text
    house.clock.passes(timedelta(days=18))
    assert "Half a thought" not in (await (await house.signed_in(ROSA)).get(ASK)).text
    await (await house.signed_in(CARL)).post(f"{ASK}/draft", data={"note": "Another one's"})
    kept = await house.database.read(lambda connection: connection.execute(select(draft.c.person)).scalars().all())
    assert kept == [CARL.id]


async def test_a_session_that_ended_gives_the_words_back(house: Visited, rosa: httpx2.AsyncClient) -> None:
    await house.database.write(lambda connection: sessions.end_all(connection, ROSA.id))
    answer = await rosa.post(ASK, data=written() | {"do": "preview"})
    assert answer.status_code == 401
    assert rows.NOTE in answer.text
    assert "Nothing has been sent" in answer.text
    assert await how_many(house, draft) == 0


async def test_somebody_outside_is_named_as_typed(rosa: httpx2.AsyncClient, house: Visited) -> None:
    page = await look(rosa, who="outside", name="ada king", organisation="Analytical Engines")
    assert "<bdi>Ada King</bdi>" in page.text
    answer = await send(rosa, page)
    assert "Ada King" in (await rosa.get(answer.headers["location"])).text
    bodies = select(words.c.body).where(words.c.kind == "named")
    typed = await house.database.read(lambda connection: connection.execute(bodies).scalars().all())
    assert typed == ["Ada King\nAnalytical Engines"]


async def test_no_field_for_an_address_is_ever_there(rosa: httpx2.AsyncClient) -> None:
    page = (await rosa.get(ASK)).text
    assert 'type="email"' not in page
    assert "We never ask you for an address" in page


async def test_a_need_asks_for_no_reason_and_shares_nothing_yet(rosa: httpx2.AsyncClient, house: Visited) -> None:
    page = await look(rosa, who="need", need="Somebody who has sealed a valve in the cold", why="", channels=[])
    assert page.status_code == 200
    assert "Before you are introduced you are asked" in page.text
    answer = await send(rosa, page)
    assert "look for somebody who fits" in (await rosa.get(answer.headers["location"])).text
    row = await house.database.read(lambda connection: connection.execute(select(introduction)).one())
    assert (row.target, row.stage) == (None, "seeking")


async def test_a_published_pause_is_said_with_its_day(rosa: httpx2.AsyncClient, house: Visited) -> None:
    until = house.clock() + timedelta(days=30)
    pause = update(person).where(person.c.id == TOMOKO.id).values(paused_until=until)
    await house.database.write(lambda connection: connection.execute(pause))
    assert "can be asked again from 1 April 2026" in (await rosa.get(ASK)).text
    assert "They can be asked again from 1 April 2026." in (await look(rosa)).text


async def test_limits_reached_are_said_before_anybody_writes(rosa: httpx2.AsyncClient, house: Visited) -> None:
    answer = await send(rosa, await look(rosa))
    assert answer.status_code == 303
    await house.database.write(lambda connection: connection.execute(_five_more(house)))
    page = (await rosa.get(ASK)).text
    assert "as many requests under way as this programme allows (6)" in page
    assert "You cannot send a request at the moment" in page
    again = await look(rosa, person=CARL.id, note="Carl, how does frost get into your wells in Lund each year?")
    assert again.status_code == 422
    assert "Carl, how does frost" in again.text


async def test_while_temporal_is_away_the_request_is_taken(rosa: httpx2.AsyncClient, house: Visited) -> None:
    house.engine.away = True
    answer = await send(rosa, await look(rosa))
    assert (await rosa.get(answer.headers["location"])).status_code == 200
    row = await house.database.read(lambda connection: connection.execute(select(introduction)).one())
    assert (row.started_at, row.stage) == (None, "asked")


async def test_only_its_requester_sees_the_page_after_sending(rosa: httpx2.AsyncClient, house: Visited) -> None:
    answer = await send(rosa, await look(rosa))
    carl = await house.signed_in(CARL)
    assert (await carl.get(answer.headers["location"])).status_code == 404


async def test_looking_changes_nothing(rosa: httpx2.AsyncClient, house: Visited) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        for path in ("/ask", ASK, f"{ASK}/draft", f"{ASK}/people", f"{ASK}/sent/x"):
            assert (await rosa.request(method, path)).status_code in (200, 303, 404, 405)
    assert await how_many(house) == 0
    assert await how_many(house, draft) == 0


async def test_a_page_elsewhere_cannot_send(rosa: httpx2.AsyncClient, house: Visited) -> None:
    for headers in ({"origin": "https://elsewhere.test"}, {"sec-fetch-site": "cross-site"}):
        answer = await rosa.post(ASK, data=written() | {"do": "keep"}, headers=headers)
        assert answer.status_code == 403
    assert await how_many(house, draft) == 0


async def test_whoever_types_like_a_machine_is_asked_to_wait(rosa: httpx2.AsyncClient) -> None:
    answers = [await rosa.post(f"{ASK}/draft", data={"note": "a"}) for _ in range(121)]
    assert {answer.status_code for answer in answers[:120]} == {204}
    assert answers[120].status_code == 429


PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "{{7*7}}",
    "${7*7}",
    "%n%s",
    "=cmd|'/C calc'!A0",
    "A\r\nBcc: e@z.test",
    "\u202egnp.exe",
    "a\x00b",
    "\u0085\u2028",
)


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_whatever_is_typed_comes_back_as_text(rosa: httpx2.AsyncClient, payload: str) -> None:
    fields = (
        "who",
        "person",
        "looked_for",
        "wanted",
        "wanted_words",
        "name",
        "organisation",
        "need",
        "why",
        "read",
        "offer",
        "note",
        "channels",
    )
    for who in ("outside", "need", payload):
        page = await rosa.post(ASK, data=dict.fromkeys(fields, payload) | {"who": who, "do": "preview"})
        assert page.status_code in (200, 422)
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert ">49<" not in page.text
        assert (await rosa.get(ASK)).status_code == 200


async def test_a_body_beyond_reason_is_refused(rosa: httpx2.AsyncClient) -> None:
    assert (await rosa.post(ASK, data=written(note="a" * 70_000) | {"do": "preview"})).status_code == 413
    long = await rosa.post(ASK, data=written(note="é" * 4000) | {"do": "preview"})
    assert "the most is 4096" in long.text


def _five_more(house: Visited) -> Any:
    own = {"programme": PROGRAMME, "requester": ROSA.id, "made_by": "requester", "opening": {}, "live": True}
    rest = {"asked_at": house.clock() - timedelta(days=20), "promised_at": house.clock(), "step": 1, "stage": "finding"}
    more = {"waiting_on": "nobody", "version": 1, "approved": False, "told": False, "ledger_seq": 0, "ledger_hash": "0"}
    return insert(introduction).values([own | rest | more | {"id": f"int_{number}"} for number in range(5)])
