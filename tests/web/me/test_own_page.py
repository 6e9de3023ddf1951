"""A person's own page is theirs alone, and says neither too much nor too early."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from models.ids import AskNumber, IntroductionId
from models.process.state.stages import Delivering, WithParties
from store.access import link_tokens
from store.tables import block, inbox, person, suppression, tie
from tests import cast
from tests.cast import CARL, CLEO, ROSA, STAN, TOMOKO, Person
from tests.support.news_phrases import approves, declines, opts_in, puts_off
from tests.support.services.databases import Place
from tests.support.statements import statements_run
from tests.web.house import Visited, nonce_on, visited


@pytest.fixture
async def house(place: Place, tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("demo"), place=place) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/me/sign-in", "/me/pause", "/me/opt-out", "/me/settings/speech"])
async def test_what_another_site_sends_is_refused(house: Visited, path: str) -> None:
    rosa = await house.signed_in(ROSA)
    sent = await rosa.post(path, headers={"origin": "https://evil.test"}, data={})
    assert sent.status_code == 403
    sent = await rosa.post(path, headers={"sec-fetch-site": "cross-site"}, data={})
    assert sent.status_code == 403


async def test_a_name_that_is_not_ours_is_not_answered(house: Visited) -> None:
    assert (await house.stranger().get("/me", headers={"host": "rebound.test:8700"})).status_code == 421


async def test_nobody_else_sees_ones_pages(house: Visited) -> None:
    assert (await house.stranger().get("/me/settings")).headers["location"] == "/me"
    stan = await house.signed_in(STAN)
    introduction = await house.engine.asked(cast.opening("demo"))
    page = await stan.get("/me")
    assert "Tomoko" not in page.text
    nonce = nonce_on((await stan.get("/me/settings/letters")).text)
    for path in (f"requests/{introduction}/withdrawal", f"consents/{introduction}/withdrawal"):
        assert (await stan.post(f"/me/{path}", data={"nonce": nonce})).status_code == 404
    assert (await stan.post(f"/me/asks/{introduction}/approve")).status_code == 404
    assert (await stan.post(f"/me/blocks/{ROSA.id}", data={"nonce": nonce})).status_code == 404


async def test_a_question_appears_once_its_letter_has_left(house: Visited) -> None:
    introduction = await house.engine.asked(cast.opening("demo"))
    carl, tomoko = await house.signed_in(CARL), await house.signed_in(TOMOKO)
    assert "Would you introduce Rosa Prieto to Tomoko Abe?" in (await carl.get("/me")).text
    assert "Rosa" not in (await tomoko.get("/me")).text
    await house.engine.heard(introduction, approves(CARL)(house.engine.states[introduction]))
    assert "Rosa" not in (await tomoko.get("/me")).text  # planned, and it may still be undone
    await house.engine.letters_arrive()
    assert "Would you like to meet Rosa Prieto?" in (await tomoko.get("/me")).text


@pytest.mark.parametrize("blind", [False, True])
async def test_how_many_were_asked_before_shows_nowhere(tmp_path: Path, blind: bool) -> None:
    """S9: the one who is asked sees the same, whether the first connector said yes or the second."""
    seen = []
    for declined in ([], [declines(CARL)]):
        folder = tmp_path / str(len(declined))
        folder.mkdir()
        async with visited(folder, cast.policy("demo")) as house:
            passed_over = update(tie).where(tie.c.connector == CARL.id).values(no_go=not declined)
            await house.database.write(lambda connection, it=passed_over: connection.execute(it))  # type: ignore[misc]
            introduction = await house.engine.asked(cast.opening("demo").model_copy(update={"blind": blind}))
            await house.engine.hear(introduction, *declined, approves(CLEO))
            tomoko = await house.signed_in(TOMOKO)
            own = await tomoko.get("/me")
            opened = await tomoko.get((await tomoko.post(f"/me/asks/{introduction}/opt_in")).headers["location"])
            seen.append([without_chance(page.text) for page in (own, opened)])
    assert seen[0] == seen[1]
    assert "Cleo Martin" in seen[0][1]
    assert "Carl" not in "".join(seen[0])


def without_chance(page: str) -> str:
    """The page without what is drawn anew each time."""
    return re.sub(r'(name="nonce" value="|"/a/)[^"]+', r"\1", page)


async def test_a_question_opens_the_same_page_as_its_letter(house: Visited) -> None:
    introduction = await house.engine.asked(cast.opening("demo"))
    carl = await house.signed_in(CARL)
    opened = await carl.post(f"/me/asks/{introduction}/approve")
    assert opened.status_code == 303
    raw = opened.headers["location"].removeprefix("/a/")
    found = await house.database.read(lambda c: link_tokens.find(c, raw, "ask"))
    assert found
    assert (found.person, found.introduction, found.ask) == (CARL.id, introduction, AskNumber(1))


async def test_a_request_shows_no_more_than_progress_until_its_letter_says_so(house: Visited) -> None:
    """Twin runs: asked and waiting, or declined by Tomoko; Rosa's page is the same, but for its nonces."""
    introduction = await house.engine.asked(cast.opening(cast.policy("demo", {"requester.closings_every": None})))
    rosa = await house.signed_in(ROSA)
    await house.engine.hear(introduction, approves(CARL))
    before = (await rosa.get("/me")).text
    await house.engine.hear(introduction, declines(TOMOKO))
    after = (await rosa.get("/me")).text
    assert without_nonces(before) == without_nonces(after)
    assert "En marcha" in after


async def told(house: Visited, later: datetime | None) -> tuple[IntroductionId, str]:
    """Rosa's page once the promised day has come: Tomoko has said no, or wants to be asked later."""
    rules = cast.policy("demo", {"requester.closings_every": None, "order": "requester_at_request"})
    asked = cast.opening(rules, asked_at=house.clock())
    introduction = await house.engine.asked(asked)
    await house.engine.hear(introduction, approves(CARL), puts_off(TOMOKO, later) if later else declines(TOMOKO))
    house.clock.now = asked.promised_at
    await house.engine.time_passes(introduction)
    return introduction, without_chance((await (await house.signed_in(ROSA)).get("/me")).text)


async def test_told_on_the_promised_day_nobody_sees_that_it_goes_on_before_there_is_a_yes(
    house: Visited, tmp_path: Path
) -> None:
    """Twin runs; then, of the one put off: the target's yes stands on her page, and Rosa's says she is asked anew."""
    async with visited(tmp_path, cast.policy("demo")) as other:
        _, after_a_no = await told(other, None)
    day = house.clock() + timedelta(minutes=45)
    introduction, page = await told(house, day)
    assert page == after_a_no

    house.clock.now = day
    await house.engine.time_passes(introduction)
    await house.engine.hear(introduction, opts_in(TOMOKO))
    tomoko, rosa = await house.signed_in(TOMOKO), await house.signed_in(ROSA)
    hers = (await tomoko.get("/me")).text
    assert "Take it back" in hers
    assert "ended" not in hers
    assert "te preguntamos de nuevo" in (await rosa.get("/me")).text
    await house.engine.hear(introduction, opts_in(ROSA))
    assert f"/me/consents/{introduction}/withdrawal" in (await rosa.get("/me")).text


async def test_a_request_can_be_withdrawn_and_a_page_sent_twice_counts_once(house: Visited) -> None:
    introduction = await house.engine.asked(cast.opening("demo"))
    rosa = await house.signed_in(ROSA)
    nonce = nonce_on((await rosa.get("/me")).text)
    for _ in range(2):
        sent = await rosa.post(f"/me/requests/{introduction}/withdrawal", data={"nonce": nonce})
        assert sent.status_code == 303
    assert house.engine.states[introduction].closed
    many = select(func.count()).select_from(inbox)
    assert await house.database.read(lambda c: c.execute(many).scalar_one()) == 1
    page = (await rosa.get("/me")).text
    assert "Cerrada" in page
    assert "Retiraste esta petición." in page
    assert "o no la confirmaste" not in page
    assert "El correo que lo cuenta" not in page


async def test_of_two_pages_sent_at_the_same_instant_one_act_is_kept_and_both_are_told(house: Visited) -> None:
    """Held against what lies there in the transaction that keeps it: looked at before, both would have been kept."""
    introduction = await house.engine.asked(cast.opening("demo"))
    rosa = await house.signed_in(ROSA)
    nonces = [nonce_on((await rosa.get("/me")).text) for _ in range(2)]
    house.engine.away = True
    path = f"/me/requests/{introduction}/withdrawal"
    sent = await asyncio.gather(*(rosa.post(path, data={"nonce": nonce}) for nonce in nonces))
    assert sorted(each.headers["location"] for each in sent) == ["/me?said=closed", "/me?said=withdrawn"]
    many = select(func.count()).select_from(inbox)
    assert await house.database.read(lambda c: c.execute(many).scalar_one()) == 1


async def test_the_page_asks_the_database_no_more_often_the_more_there_is_on_it(house: Visited) -> None:
    rosa, asked = await house.signed_in(ROSA), list[int]()
    for target in (TOMOKO, CARL, CLEO):
        another = {"id": IntroductionId(f"int_{target.id}")}
        await house.engine.asked(cast.opening("demo", target=target).model_copy(update=another))
        with statements_run(house.database) as statements:
            page = (await rosa.get("/me")).text
        assert page.count("/withdrawal") == len(asked) + 1
        asked.append(len(statements))
    assert asked[0] == asked[1] == asked[2]


async def test_a_forged_nonce_changes_nothing(house: Visited) -> None:
    introduction = await house.engine.asked(cast.opening("demo"))
    rosa, carl = await house.signed_in(ROSA), await house.signed_in(CARL)
    carls = nonce_on((await carl.get("/me/settings/letters")).text)
    for nonce in ("", "made.up", carls):
        sent = await rosa.post(f"/me/requests/{introduction}/withdrawal", data={"nonce": nonce})
        assert sent.status_code == 422
    assert not house.engine.states[introduction].closed


async def test_a_yes_is_taken_back_until_delivery(house: Visited) -> None:
    introduction = await house.engine.asked(cast.opening("demo"))
    await house.engine.hear(introduction, approves(CARL), opts_in(TOMOKO))
    assert isinstance(house.engine.states[introduction].stage, WithParties)
    tomoko = await house.signed_in(TOMOKO)
    page = (await tomoko.get("/me")).text
    assert "tomoko@example.test" in page
    await tomoko.post(f"/me/consents/{introduction}/withdrawal", data={"nonce": nonce_on(page)})
    await house.engine.hear(introduction, opts_in(ROSA))
    assert not isinstance(house.engine.states[introduction].stage, Delivering)
    page = (await tomoko.get("/me")).text
    assert "Taken back" in page
    assert "They would get" not in page


async def test_who_blocks_after_a_yes_reads_that_the_yes_is_gone_behind_the_letters_link_too(house: Visited) -> None:
    introduction = await house.engine.asked(cast.opening("demo"))
    await house.engine.hear(introduction, approves(CARL))
    tomoko = await house.signed_in(TOMOKO)
    link = (await tomoko.post(f"/me/asks/{introduction}/opt_in")).headers["location"]
    await house.engine.hear(introduction, opts_in(TOMOKO))
    assert "taken your yes back" not in (await tomoko.get(link)).text
    nonce = nonce_on((await tomoko.get("/me/settings/letters")).text)
    await tomoko.post(f"/me/blocks/{ROSA.id}", data={"nonce": nonce})
    assert "taken your yes back" in (await tomoko.get(link)).text


async def test_what_they_have_just_said_stands_there_though_nobody_hears_for_hours(house: Visited) -> None:
    """As behind the letter's link: a yes, a yes taken back, a request withdrawn."""
    introduction = await house.engine.asked(cast.opening("demo"))
    await house.engine.hear(introduction, approves(CARL), opts_in(TOMOKO))
    rosa, tomoko = await house.signed_in(ROSA), await house.signed_in(TOMOKO)
    link = (await rosa.post(f"/me/asks/{introduction}/opt_in")).headers["location"]
    house.engine.away = True
    answer = {"choice": "yes", "channels": "cha_rosa_mail"}
    await rosa.post(link, data={"nonce": nonce_on((await rosa.get(link)).text)} | answer)
    assert "rosa@example.test" in (await rosa.get("/me")).text
    for client, path in ((tomoko, "consents"), (rosa, "consents")):
        house.clock.passes(timedelta(seconds=1))
        sent = {"nonce": nonce_on((await client.get("/me")).text)}
        await client.post(f"/me/{path}/{introduction}/withdrawal", data=sent)
    house.clock.passes(timedelta(hours=5))
    of_tomoko, of_rosa = (await tomoko.get("/me")).text, (await rosa.get("/me")).text
    assert "Taken back" in of_tomoko
    assert "tomoko@example.test" not in of_tomoko
    assert "Retiraste esta petición." in of_rosa
    assert "En marcha" not in of_rosa
    assert "rosa@example.test" not in of_rosa.split('id="agreed"')[1]


async def test_after_delivery_it_says_truthfully_that_it_was_too_late(house: Visited) -> None:
    introduction = await house.engine.asked(cast.opening("demo"))
    await house.engine.hear(introduction, approves(CARL), opts_in(TOMOKO), opts_in(ROSA))
    tomoko = await house.signed_in(TOMOKO)
    nonce = nonce_on((await tomoko.get("/me/settings/letters")).text)
    house.clock.passes(timedelta(seconds=10))
    await house.engine.time_passes(introduction)
    sent = await tomoko.post(f"/me/consents/{introduction}/withdrawal", data={"nonce": nonce})
    page = (await tomoko.get(sent.headers["location"])).text
    assert "introduced already" in page
    assert "Shared" in page


@pytest.mark.parametrize(
    ("who", "path"),
    [(ROSA, "requests/{}"), (ROSA, "consents/{}"), (TOMOKO, "consents/{}")],
    ids=["her request", "hers", "his"],
)
async def test_what_is_too_late_is_said_to_be_even_while_nobody_hears(house: Visited, who: Person, path: str) -> None:
    """It was kept, and answered as done."""
    introduction = await house.engine.asked(cast.opening("demo"))
    await house.engine.hear(introduction, approves(CARL), opts_in(TOMOKO), opts_in(ROSA))
    client = await house.signed_in(who)
    nonce = nonce_on((await client.get("/me")).text)
    house.clock.passes(timedelta(seconds=10))
    await house.engine.time_passes(introduction)
    house.engine.away = True
    sent = await client.post(f"/me/{path.format(introduction)}/withdrawal", data={"nonce": nonce})
    assert sent.headers["location"] == "/me?said=already_introduced"
    many = select(func.count()).select_from(inbox)
    assert await house.database.read(lambda c: c.execute(many).scalar_one()) == 0


async def test_opting_out_stops_letters_at_once_even_while_nobody_hears(house: Visited) -> None:
    introduction = await house.engine.asked(cast.opening("demo"))
    await house.engine.hear(introduction, approves(CARL))
    tomoko = await house.signed_in(TOMOKO)
    house.engine.away = True
    nonce = nonce_on((await tomoko.get("/me/settings/letters")).text)
    await tomoko.post("/me/opt-out", data={"nonce": nonce})
    news = select(inbox.c.kind, inbox.c.state, inbox.c.via)
    waiting = await house.database.read(lambda c: [tuple(row) for row in c.execute(news)])
    assert waiting == [("opted_out", "waiting", "own_page")]
    marks = select(func.count()).select_from(suppression)
    assert await house.database.read(lambda c: c.execute(marks).scalar_one()) == 1
    assert (await tomoko.post("/me/opt-out/end")).status_code == 422  # nothing is loosened but from a page of ours
    assert await house.database.read(lambda c: c.execute(marks).scalar_one()) == 1
    await tomoko.post("/me/opt-out/end", data={"nonce": nonce})
    assert await house.database.read(lambda c: c.execute(marks).scalar_one()) == 0


async def test_their_page_asks_nothing_that_they_have_answered_even_while_nobody_hears(house: Visited) -> None:
    introduction = await house.engine.asked(cast.opening("demo"))
    await house.engine.hear(introduction, approves(CARL))
    tomoko = await house.signed_in(TOMOKO)
    link = (await tomoko.post(f"/me/asks/{introduction}/opt_in")).headers["location"]
    house.engine.away = True
    asked = []
    for choice in ({"choice": "yes", "channels": "cha_tomoko_mail"}, {"choice": "undo"}, {"choice": "no"}):
        sent = await tomoko.post(link, data={"nonce": nonce_on((await tomoko.get(link)).text), **choice})
        assert sent.status_code == 303
        house.clock.passes(timedelta(seconds=1))
        asked.append("Read and answer" in (await tomoko.get("/me")).text)
    assert asked == [False, True, False]


async def test_blocking_ends_what_is_open_between_the_two(house: Visited) -> None:
    introduction = await house.engine.asked(cast.opening("demo"))
    await house.engine.hear(introduction, approves(CARL))
    tomoko = await house.signed_in(TOMOKO)
    page = (await tomoko.get("/me/settings/blocks")).text
    assert "Rosa Prieto" in page
    await tomoko.post(f"/me/blocks/{ROSA.id}", data={"nonce": nonce_on(page)})
    assert {ask.person for ask in house.engine.states[introduction].open_asks()} == {ROSA.id}
    many = select(func.count()).select_from(block)
    assert await house.database.read(lambda c: c.execute(many).scalar_one()) == 1
    assert (await tomoko.post(f"/me/blocks/{ROSA.id}/end")).status_code == 422
    assert await house.database.read(lambda c: c.execute(many).scalar_one()) == 1
    await tomoko.post(f"/me/blocks/{ROSA.id}/end", data={"nonce": nonce_on(page)})
    assert await house.database.read(lambda c: c.execute(many).scalar_one()) == 0


async def test_what_they_said_of_how_it_went_is_undone_there_before_anybody_knows(house: Visited) -> None:
    introduction, rosa = await house.engine.asked(cast.opening("demo")), await house.signed_in(ROSA)
    await house.engine.hear(introduction, approves(CARL))
    house.clock.passes(timedelta(seconds=6))
    await house.engine.hear(introduction, opts_in(TOMOKO), opts_in(ROSA))
    while not any(ask.kind == "meet" for ask in house.engine.states[introduction].asks):
        house.clock.passes(timedelta(seconds=6))
        await house.engine.time_passes(introduction)
    opened = await rosa.post(f"/me/asks/{introduction}/meet")
    path = opened.headers["location"]
    await rosa.post(path, data={"nonce": nonce_on((await rosa.get(path)).text), "choice": "met"})
    page = (await rosa.get("/me")).text
    assert "Nadie se entera antes de" in page
    undo, data = f"/me/asks/{introduction}/meet/undo", {"nonce": nonce_on(page)}
    tomoko = await house.signed_in(TOMOKO)
    assert (
        await tomoko.post(undo, data={"nonce": nonce_on((await tomoko.get("/me/settings/letters")).text)})
    ).status_code == 404
    assert (await rosa.post(undo)).status_code == 422
    for _ in range(2):  # a double tap
        assert (await rosa.post(undo, data=data)).headers["location"] == "/me?said=undone"
    assert "Deshiciste esta respuesta" in (await rosa.get("/me?said=undone")).text
    assert "Nadie se entera antes de" not in (await rosa.get("/me")).text
    assert 'value="not_met"' in (await rosa.get(path)).text


async def test_a_pause_begins_again_on_the_morning_it_names(house: Visited) -> None:
    tomoko = await house.signed_in(TOMOKO)
    for wrong in ("", "yesterday", "2026-03-02", "2030-01-01"):
        assert (await tomoko.post("/me/pause", data={"until": wrong})).status_code == 422
    await tomoko.post("/me/pause", data={"until": "2026-06-01"})
    until = select(person.c.paused_until).where(person.c.id == TOMOKO.id)
    kept = await house.database.read(lambda c: c.execute(until).scalar_one())
    assert kept.isoformat() == "2026-05-31T15:00:00+00:00"  # midnight in Tokyo
    assert "1 June 2026" in (await tomoko.get("/me")).text


async def test_language_zone_face_places_and_channels_are_kept_and_checked(house: Visited) -> None:
    tomoko = await house.signed_in(TOMOKO)
    assert (await tomoko.post("/me/settings/speech", data={"language": "xx", "zone": "Mars/One"})).status_code == 422
    await tomoko.post("/me/settings/speech", data={"language": "pt", "zone": "Europe/Lisbon"})
    assert "Configurações" in (await tomoko.get("/me/settings")).text
    await tomoko.post(
        "/me/settings/face", data={"headline": "<b>Bold\r\nBcc:", "topics": "one, two,,one", "listed": []}
    )
    place = {"place_label": "Essays", "place_url": "https://tomoko.test/essays"}
    assert (await tomoko.post("/me/settings/places", data=place | {"place_url": "javascript:1"})).status_code == 422
    for _ in range(2):  # pressed twice, each is there once
        await tomoko.post("/me/settings/places", data=place)
        await tomoko.post("/me/settings/channels", data={"kind": "phone", "value": "+81 3 1234 5678"})
    assert (await tomoko.post("/me/settings/channels", data={"kind": "phone", "value": "call me"})).status_code == 422
    steps = ("face", "places", "channels")
    page = "".join([(await tomoko.get(f"/me/settings/{step}")).text for step in steps])
    for shown in ("&lt;b&gt;Bold Bcc:", "one, two", "https://tomoko.test/essays", "+81 3 1234 5678"):
        assert shown in page
    assert page.count("/removal") == 3  # with the mail address, which stays
    assert "<b>Bold" not in page


@pytest.mark.parametrize(
    ("topics", "why"),
    [
        (
            "supercalifragilistic resilience engineering for small islands and grids",
            "A topic has 60 characters at most",
        ),
        (", ".join(f"topic {number}" for number in range(26)), "keep 20 topics at most; you have 26"),
    ],
)
async def test_topics_are_kept_whole_or_not_at_all(house: Visited, topics: str, why: str) -> None:
    tomoko = await house.signed_in(TOMOKO)
    told = await tomoko.post("/me/settings/face", data={"headline": "x" * 250, "topics": topics})
    assert told.status_code == 422
    assert why in told.text
    assert topics in told.text, "given back to be shortened"
    kept = select(person.c.topics, person.c.headline).where(person.c.id == TOMOKO.id)
    before = await house.database.read(lambda c: c.execute(kept).one())
    assert before.headline != "x" * 250
    whole = ", ".join("t" * 58 + f"{number:02}" for number in range(20))  # as many and as long as an import may bring
    assert (await tomoko.post("/me/settings/face", data={"headline": "x" * 250, "topics": whole})).status_code == 303
    after = await house.database.read(lambda c: c.execute(kept).one())
    assert (", ".join(after.topics), after.headline) == (whole, "x" * 250)


def without_nonces(page: str) -> str:
    return page.replace(nonce_on(page), "")


async def test_days_off_are_those_of_a_country_and_then_of_one_of_its_regions(house: Visited) -> None:
    tomoko = await house.signed_in(TOMOKO)
    bavarian = {"country": "DE", "region": "BY"}
    assert (await tomoko.post("/me/settings/days", data={"country": "XX"})).status_code == 422
    await tomoko.post("/me/settings/days", data=bavarian)  # the regions of Germany were not on offer yet
    assert await _lives(house) == ("DE", None)
    assert "Bayern" in (await tomoko.get("/me/settings/days")).text
    await tomoko.post("/me/settings/days", data=bavarian)
    assert await _lives(house) == ("DE", "BY")
    assert (await tomoko.post("/me/settings/days", data={"country": "DE", "region": "MD"})).status_code == 422
    await tomoko.post("/me/settings/days", data={"country": ""})
    assert await _lives(house) == (None, None)


async def _lives(house: Visited) -> tuple[str | None, str | None]:
    query = select(person.c.country, person.c.region).where(person.c.id == TOMOKO.id)
    row = await house.database.read(lambda c: c.execute(query).one())
    return row.country, row.region
