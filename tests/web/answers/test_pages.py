"""Each reader sees what is theirs to see, and nothing else."""

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import insert, update

from models.asks import AskKind
from models.process.state.opening import MadeBy
from store.tables import consent, introduction, person, tie, words
from tests.cast import CARL, CLEO, MONDAY, PROGRAMME, ROSA, TOMOKO, opening
from tests.support.rows import NOTE
from tests.web.answers.house import Visits, visits, words_of


async def test_the_connector_sees_who_asks_for_whom_and_with_which_words(house: Visits) -> None:
    page = await house.page(await house.link(CARL, AskKind.APPROVE))
    assert "Would you introduce Rosa Prieto to Tomoko Abe?" in page
    assert NOTE in page
    assert "Cleo Martin reads" not in page


async def test_the_target_sees_the_connector_who_approved_and_no_other(house: Visits) -> None:
    await house.post(await house.link(CARL, AskKind.APPROVE), choice="no")
    await house.heard()
    await house.post(await house.link(CLEO, AskKind.APPROVE), choice="vouch", sentence="Worth an hour of yours.")
    await house.shell.time_passes(timedelta(seconds=6))
    page = await house.page(await house.link(TOMOKO, AskKind.OPT_IN))
    assert "Cleo Martin vouches for Rosa Prieto" in page
    assert "Worth an hour of yours." in page
    assert "Carl" not in page


async def test_the_requester_does_not_learn_who_approved_before_the_introduction(house: Visits) -> None:
    await house.approved(sentence="You two should meet.")
    page = await house.page(await house.link(ROSA, AskKind.OPT_IN))
    assert "Alguien que conoce a Tomoko Abe" in page
    assert "Carl" not in page
    assert "You two should meet." not in page


async def test_the_requester_reads_of_somebody_outside_what_they_typed_themselves(house: Visits) -> None:
    named = {"id": "wrd_named", "introduction": house.opening.id, "owner": ROSA.id, "kind": "named"}
    await house.run(insert(words).values(named | {"body": "Tomo Abe\nValves & Co", "at": MONDAY}))
    await house.run(update(person).where(person.c.id == TOMOKO.id).values(headline="A secret headline"))
    await house.approved()
    page = await house.page(await house.link(ROSA, AskKind.OPT_IN))
    assert "Tomo Abe" in page
    assert "Tomoko Abe" not in page
    assert "A secret headline" not in page


async def test_a_page_shows_the_other_s_address_once_they_are_introduced_and_to_a_connector_none(house: Visits) -> None:
    links = {}
    for who, said in ((CARL, "introduce"), (TOMOKO, "yes"), (ROSA, "yes")):
        links[who] = await house.link(who, AskKind.APPROVE if who == CARL else AskKind.OPT_IN)
        shared = {} if who == CARL else {"channels": f"cha_{who.id.removeprefix('per_')}_mail"}
        answer = await house.post(links[who], choice=said, **shared)
        assert not any(each.address in answer.text for each in (CARL, ROSA, TOMOKO))
        await house.heard()
    told = {who: await house.page(path) for who, path in links.items()}
    shown = {who: [each for each in (CARL, ROSA, TOMOKO) if each.address in told[who]] for who in told}
    assert shown == {CARL: [], TOMOKO: [ROSA], ROSA: [TOMOKO]}


async def test_why_am_i_getting_this_tells_the_chain_of_the_ledger(house: Visits) -> None:
    await house.run(update(tie).where(tie.c.connector == CARL.id).values(since=date(2019, 5, 1)))
    await house.approved()
    page = await house.page(await house.link(TOMOKO, AskKind.OPT_IN))
    assert "Rosa Prieto asked for this introduction on 2 March 2026." in page
    assert "Carl Lindqvist read this request and agreed to it on 2 March 2026." in page
    assert "Carl Lindqvist has known you since 2019." in page
    assert "Rosa Prieto does not have your address." in page


async def test_nothing_is_chosen_for_anybody(house: Visits) -> None:
    await house.approved()
    for somebody, kind in ((TOMOKO, AskKind.OPT_IN), (ROSA, AskKind.OPT_IN)):
        assert " checked" not in (await house.client.get(await house.link(somebody, kind))).text


async def test_a_request_made_for_somebody_is_shown_to_them_first(tmp_path: Path) -> None:
    begun = opening("demo", made_by=MadeBy.KEY)
    async with visits(tmp_path, begun) as house:
        path = await house.link(ROSA, AskKind.CONFIRM)
        assert "¿Quieres que te presentemos a Tomoko Abe con este texto?" in await house.page(path)
        answer = await house.post(path, choice="yes", channels="cha_rosa_mail")
        assert "Buscamos a alguien que conozca a Tomoko Abe" in words_of(answer.text)
        assert house.introduction.stage.kind == "with_connector"


async def test_who_has_agreed_before_is_offered_the_same_again(house: Visits) -> None:
    terms = {"id": "wrd_terms", "introduction": "int_old", "owner": TOMOKO.id, "kind": "terms", "body": "Mornings."}
    await house.run(insert(words).values(terms | {"at": MONDAY}))
    await house.approved()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    assert "Yes, as last time" not in await house.page(path)
    await house.run(
        insert(consent).values(
            introduction=await _another_introduction(house),
            step=3,
            role="target",
            person=TOMOKO.id,
            version=1,
            channels=["cha_tomoko_mail"],
            terms="wrd_terms",
            wording="earlier",
            at=MONDAY,
        )
    )
    page = await house.page(path)
    assert "Yes, as last time" in page
    assert "Mornings." in page
    await house.post(path, choice="as_last_time")
    news = next(entry for entry in await house.news() if entry.kind == "opted_in")
    assert news.channels == ("cha_tomoko_mail",)
    assert await house.body(news.terms) == "Mornings."


async def test_a_programme_with_many_members_looks_a_name_up(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    page = (await house.client.get(path)).text
    assert "Cora Duarte" in page
    assert "Stan Novak" not in page, "he has not agreed to be listed"
    answer = await house.post(path, choice="redirect", who="cora", find="yes")
    assert "Cora Duarte" in answer.text
    assert "Cleo Martin" not in answer.text
    assert await house.kept() == 0


async def _another_introduction(house: Visits) -> str:
    other = opening("demo").model_copy(update={"id": "int_earlier"})
    row = {"id": other.id, "programme": PROGRAMME, "requester": CLEO.id, "target": TOMOKO.id, "made_by": "requester"}
    rest = {"opening": other.model_dump(mode="json"), "asked_at": MONDAY, "promised_at": MONDAY, "live": False}
    state = {"step": 9, "stage": "closed", "waiting_on": "nobody", "version": 1, "approved": True, "told": True}
    await house.run(insert(introduction).values(row | rest | state | {"ledger_seq": 0, "ledger_hash": ""}))
    return other.id
