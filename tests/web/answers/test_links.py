"""No link does more than it was made for, and no robot does anything at all.

Only a person's POST with a choice acts.
"""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from models.asks import AskKind
from models.news import Withdrew
from store.access import link_tokens
from store.steps import unclaimed
from store.tables import ask, introduction, ledger, token
from tests.cast import CARL, CLEO, ROSA, STAN, TOMOKO
from tests.web.answers.house import OURS, Visits, nonce_of, words_of

CONNECTORS = ("introduce", "vouch", "forward", "later", "redirect", "not_me", "no")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH"])
async def test_no_other_method_acts(house: Visits, method: str) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    before = await _everything(house)
    for choice in CONNECTORS:
        await house.client.request(method, f"{path}?choice={choice}", headers={"sec-fetch-site": "same-origin"})
    assert await _everything(house) == before


async def test_robots_that_open_and_send_everything_cause_nothing(house: Visits) -> None:
    await house.introduced()
    await house.shell.time_passes(timedelta(seconds=31))
    before = await house.kept()
    for who, kind in ((CARL, AskKind.APPROVE), (TOMOKO, AskKind.OPT_IN), (ROSA, AskKind.OPT_IN), (ROSA, AskKind.MEET)):
        path = await house.link(who, kind)
        page = (await house.client.get(path)).text
        await house.client.head(path)
        for form in re.findall(r"<form.*?</form>", page, flags=re.S):
            fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
            await house.client.post(path, data=fields)
            await house.client.post(path, data=fields | {"choice": ""})
    assert await house.kept() == before


async def test_a_choice_is_needed_and_one_only(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    none = await house.post(path, sentence="Typed already.")
    assert none.status_code == 422
    assert "Please choose an answer. Nothing has been sent yet." in none.text
    assert "Typed already." in none.text
    both = await house.post(path, choice=["introduce", "no"])
    assert both.status_code == 422
    assert "Please choose one answer only." in both.text
    assert (await house.post(path, choice="maybe")).status_code == 422
    assert (await house.post(path, choice="yes")).status_code == 422, "an answer of another ask"
    assert await house.kept() == 0


@pytest.mark.parametrize("nonce", ["", "made-up", "a.b", "é.x", "x" * 5000, "AAAAAAAAAAAAAAAAAAAAAA." + "0" * 64])
async def test_a_post_needs_the_nonce_of_a_page_of_ours(house: Visits, nonce: str) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    answer = await house.client.post(path, data={"nonce": nonce, "choice": "introduce"})
    assert answer.status_code == 422
    assert "This page could not be recognised." in answer.text
    assert await house.kept() == 0


async def test_the_nonce_of_somebody_elses_page_is_none(house: Visits) -> None:
    await house.approved()
    before = await house.kept()
    other = nonce_of((await house.client.get(await house.link(ROSA, AskKind.OPT_IN))).text)
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    answer = await house.client.post(path, data={"nonce": other, "choice": "no"})
    assert answer.status_code == 422
    assert await house.kept() == before


@pytest.mark.parametrize("times", [15, pytest.param(100, marks=pytest.mark.soak)])
async def test_the_same_page_sent_many_times_at_once_is_one_answer(house: Visits, times: int) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    data = {"nonce": nonce_of((await house.client.get(path)).text), "choice": "introduce", "sentence": "Do meet."}
    sent = await asyncio.gather(*(house.client.post(path, data=data, follow_redirects=True) for _ in range(times)))
    assert {answer.status_code for answer in sent} == {200}
    assert all("We have your answer" in answer.text for answer in sent)
    assert await house.kept() == 1


async def test_the_second_tab_and_the_back_button_meet_the_first_answer(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    first, second = (await house.client.get(path)).text, (await house.client.get(path)).text
    await house.post(path, page=first, choice="vouch")
    again = await house.post(path, page=second, choice="introduce")
    assert "We have your answer" in again.text
    assert "you vouch for them" in words_of(again.text)
    back = await house.post(path, page=first, choice="introduce")
    assert "you vouch for them" in words_of(back.text)
    assert await house.kept() == 1


async def test_two_answers_at_once_are_one(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    pages = [(await house.client.get(path)).text for _ in range(2)]
    await asyncio.gather(
        house.post(path, page=pages[0], choice="introduce"), house.post(path, page=pages[1], choice="vouch")
    )
    taken = await house.value(select(func.count()).select_from(ledger).where(ledger.c.body.contains('"by":"per_carl"')))
    assert taken == 1


async def test_every_link_that_opens_nothing_gets_the_same_page(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    raw = path.removeprefix("/a/")
    short_lived = await house.link(CARL, AskKind.APPROVE, life=timedelta(seconds=1))
    signing_in = await house.mint("sign_in", CARL.id, None, timedelta(days=1))
    forwarded = await house.mint("forwarded", TOMOKO.id, 1, timedelta(days=1))
    strangers = await house.mint("ask", STAN.id, 1, timedelta(days=1))
    no_such_ask = await house.mint("ask", CARL.id, 99, timedelta(days=1))
    await house.shell.time_passes(timedelta(seconds=2))
    broken = [raw[:-5], raw + "x", raw[:-1] + "%20", raw.upper(), raw.lower(), raw[:10] + "/" + raw[10:], "x"]
    foreign = [short_lived.removeprefix("/a/"), signing_in, forwarded, strangers, no_such_ask]
    pages = [await house.client.get(f"/a/{each}") for each in [*broken, *foreign, "never-made", "%00", "é" * 400]]
    posts = [await house.client.post(f"/a/{each}", data={"choice": "introduce"}) for each in [*broken, *foreign]]
    answers = {(each.status_code, each.text) for each in [*pages, *posts]}
    assert len(answers) == 1
    assert all(name not in answers.copy().pop()[1] for name in ("Carl", "Rosa", "Tomoko"))
    assert (await house.client.get(f"/f/{raw}")).text == pages[0].text


BEHIND = (
    ".",
    "%3E,",
    "%20",
    "%C2%A0",
    "%22)",
    "/",
    "=%0D%0A",
    "%E2%80%8B",
    "_",
    "-?utm_source=mail",
    "?utm_source=a&fbclid=b",
)


async def test_a_link_opens_and_answers_whatever_a_mail_program_added_to_it(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    shown = words_of((await house.client.get(path)).text)
    for sent in (*(f"{path}{behind}" for behind in BEHIND), f"{path[:20]}=%0D%0A{path[20:]}"):
        assert words_of((await house.client.get(sent)).text) == shown, sent
    answered = await house.post(f"{path}%C2%A0).", choice="introduce", sentence="Do meet.")
    assert "We have your answer" in answered.text
    undone = await house.post(f"{path}%22%3E?utm_source=mail", choice="undo")
    assert "You have undone your answer" in undone.text
    assert await house.kept() == 2


async def test_a_flipped_bit_opens_nothing(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    nothing = (await house.client.get("/a/never-made")).text
    for place in range(len("/a/"), len(path)):
        for bit in (0, 1, 4):
            flipped = path[:place] + chr(ord(path[place]) ^ (1 << bit)) + path[place + 1 :]
            assert (await house.client.get(_quoted(flipped))).text == nothing


async def test_a_link_opens_its_own_ask_and_no_other(house: Visits) -> None:
    carls = await house.link(CARL, AskKind.APPROVE)
    await house.post(carls, choice="no")
    await house.heard()
    cleos = await house.link(CLEO, AskKind.APPROVE)
    assert "We have your answer" in await house.page(carls)
    await house.post(carls, choice="introduce")
    await house.post(carls, choice="undo")
    assert house.introduction.stage.kind == "with_connector"
    await house.post(cleos, choice="introduce")
    assert house.introduction.approved


async def test_a_question_that_is_no_longer_open_says_so_and_nothing_else(house: Visits) -> None:
    await house.approved()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    await house.shell.hear(Withdrew(by=ROSA.id))
    page = await house.page(path)
    assert "This question is no longer open" in page
    assert "Rosa" not in page
    before = await house.kept()
    await house.post(path, page=f'name="nonce" value="{await house.nonce(path)}"', choice="yes")
    assert await house.kept() == before


async def test_an_answer_to_an_older_version_of_the_request_is_not_taken(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    await house.run(update(introduction).values(version=2))
    assert "The request has changed" in await house.page(path)


async def test_while_nobody_can_hear_it_an_answer_is_kept_and_shown(house: Visits) -> None:
    house.shell.engine.away = True
    path = await house.link(CARL, AskKind.APPROVE)
    answer = await house.post(path, choice="vouch", sentence="Do meet.")
    assert answer.status_code == 200
    assert "We have your answer" in answer.text
    assert "you vouch for them" in words_of(answer.text)
    assert house.introduction.stage.kind == "with_connector", "nobody has heard it yet"
    await house.post(path, choice="introduce")
    assert await house.kept() == 1


async def test_what_was_heard_is_not_told_again(house: Visits) -> None:
    await house.post(await house.link(CARL, AskKind.APPROVE), choice="vouch", sentence="Do meet.")
    later = house.shell.now + timedelta(hours=1)
    assert house.introduction.approved
    assert not await house.shell.database.read(lambda connection: unclaimed.is_unheard(connection, later))


async def test_whoever_holds_a_link_cannot_go_on_and_on(house: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_tokens, "BURST", 3)
    path = await house.link(CARL, AskKind.APPROVE)
    for choice in ("vouch", "undo", "vouch"):
        assert (await house.post(path, choice=choice, sentence="Do meet.")).status_code == 200
    another = await house.link(CARL, AskKind.APPROVE)  # as in a reminder: the same question
    held_up = await house.post(another, choice="undo")
    assert held_up.status_code == 429
    assert "Please wait a minute" in held_up.text
    assert await house.kept() == 3
    house.shell.now += link_tokens.EACH
    assert (await house.post(path, choice="no")).status_code == 200
    assert await house.kept() == 4


async def test_a_refusal_is_said_in_words(house: Visits) -> None:
    await house.approved()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    page = (await house.client.get(path)).text
    house.shell.engine.courses[house.opening.id].introduction = house.introduction.model_copy(update={"version": 2})
    answer = await house.post(path, page=page, choice="yes", channels="cha_tomoko_mail")
    assert answer.status_code == 409
    assert "The request has changed since you were asked." in answer.text
    await house.post(path, choice="two_lines", lines="Do.")
    assert "Would you like to be introduced" in await house.page(path), "a refusal leaves the link open"


@pytest.mark.parametrize("words", ["\x00", "a\x07b", "a\ufffdb", "\u202eabc\x1b"])
async def test_what_cannot_be_read_is_refused_beside_its_field(house: Visits, words: str) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    answer = await house.post(path, choice="introduce", sentence=words)
    assert answer.status_code == 422
    assert 'id="sentence-fault"' in answer.text


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{7*7}}", "[x](javascript:1)", "%n%s"]
)
async def test_words_are_shown_as_they_were_typed(house: Visits, words: str) -> None:
    await house.approved(sentence=words)
    page = (await house.client.get(await house.link(TOMOKO, AskKind.OPT_IN))).text
    assert words in words_of(page.replace("&lt;", "‹").replace("&gt;", "›")).replace("‹", "<").replace("›", ">")
    assert "<img" not in page
    assert page.count("<script") == 1


async def test_a_long_or_odd_body_is_no_answer(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    assert (await house.client.post(path, content=b"a" * 70_000)).status_code == 413
    json = {"content-type": "application/json"}
    assert (await house.client.post(path, content=b'{"choice":"no"}', headers=json)).status_code == 415
    parts = {"content-type": "multipart/form-data; boundary=x"}
    assert (await house.client.post(path, content=b"--x\r\nbroken", headers=parts)).status_code in (400, 422)
    many = {f"f{each}": "1" for each in range(200)}
    assert (await house.client.post(path, data=many)).status_code in (400, 422)
    assert await house.kept() == 0


async def test_another_site_cannot_send_an_answer(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    data = {"nonce": nonce_of((await house.client.get(path)).text), "choice": "introduce"}
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.test"}):
        assert (await house.client.post(path, data=data, headers=headers)).status_code == 403
    assert await house.kept() == 0
    own = await house.client.post(path, data=data, headers={"origin": OURS}, follow_redirects=True)
    assert "We have your answer" in own.text


async def _everything(house: Visits) -> tuple[int, ...]:
    tables = (ledger, token, ask)
    counts = [await house.value(select(func.count()).select_from(each)) for each in tables]
    return (await house.kept(), house.introduction.step, *counts)


def _quoted(path: str) -> str:
    return "/a/" + "".join(each if each.isalnum() or each in "-_" else f"%{ord(each):02x}" for each in path[3:])
