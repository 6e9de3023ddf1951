"""Reports of how it went: at the end of a term, too; taken back by whoever gave them, and until then nobody knows."""

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import func, select

from models.asks import AskKind
from models.news import OptedOut
from models.outcomes import DidNotMeet, Ending, Met
from models.process.bounds import MOST_UNDONE
from models.process.state.stages import Closed, FollowingUp
from models.process.verdict import Reason
from store.asks import asks, held_answers, private_notes
from store.audit import verify
from store.journal import inbox as journal
from store.journal.state import as_people_said
from store.privacy.export import copy, staff_copy
from store.steps import unclaimed
from store.tables import ask, inbox, ledger, letter, person, private_note, tie, words
from store.views import staff_story, stalled_workflows
from store.views.own import questions
from store.views.progress import seen
from tests.cast import CARL, INTRODUCTION, PROGRAMME, ROSA, TOMOKO, opening, policy
from tests.web.answers.house import Visits, nonce_of, visits, words_of

WORDS, NOTE = "She never wrote to me", "a word for the staff"
SAID = {
    "choice": "met",
    "useful": "yes",
    "words": WORDS,
    "share_words": "yes",
    "note": NOTE,
    "note_readers": "programme",
}

NOTED = {each: SAID[each] for each in ("words", "note", "note_readers")}


async def introduced(house: Visits) -> None:
    await house.run(person.update().values(language="en"))
    await house.introduced()


async def asked(house: Visits) -> str:
    """They were introduced, and Rosa is asked whether they met."""
    await introduced(house)
    await house.shell.time_passes(timedelta(seconds=31))
    return await house.link(ROSA, AskKind.MEET)


async def known_to_others(house: Visits) -> dict[str, Any]:
    """All that others can know of it: the record, staff, the key, the other party and the connector."""
    now, numbers = house.shell.now, [each.number for each in house.introduction.asks if each.person != ROSA.id]

    def look(connection: Any) -> dict[str, Any]:
        story = staff_story.story(connection, INTRODUCTION, now)
        others = {who.id: copy.copy_of(connection, who.id, now).sections for who in (TOMOKO, CARL)}
        return {
            "ledger": connection.execute(select(ledger.c.hash)).scalars().all(),
            "letters": connection.execute(select(letter.c.id, letter.c.state).order_by(letter.c.id)).all(),
            "ties": connection.execute(select(tie)).all(),
            "staff": story,
            "notes": private_notes.for_staff(connection, INTRODUCTION, ()),
            "key": seen(connection, PROGRAMME, INTRODUCTION),
            "pages": [asks.by_number(connection, INTRODUCTION, each, now) for each in numbers],
            "copies": others,
            "in other hands": [staff_copy.copy_for_staff(connection, who.id, now).sections for who in (ROSA, TOMOKO)],
            "stalled": stalled_workflows.suspects(connection, now + timedelta(minutes=2), limit=9),
        }

    return await house.shell.database.read(look)


async def kept(house: Visits) -> tuple[int, int]:
    """Words and notes, apart from those that went back to whoever undid what they were written with."""
    texts = await house.value(select(func.count()).where(words.c.kind.not_like("unsent.%")))
    return texts, await house.value(select(func.count()).select_from(private_note))


async def on_her_own_page(house: Visits) -> tuple[questions.WaitingAsk, ...]:
    """What waits for Rosa there: to be answered, or to be undone."""
    now = house.shell.now
    return await house.shell.database.read(lambda connection: questions.open_asks(connection, ROSA.id, now))


async def again(house: Visits, path: str, page: httpx2.Response, **fields: str) -> httpx2.Response:
    return await house.client.post(path, data={"nonce": nonce_of(page.text), **fields}, follow_redirects=True)


async def test_until_it_can_be_undone_no_longer_nobody_knows_of_it(house: Visits) -> None:
    path = await asked(house)
    before = await known_to_others(house)
    sent = await house.post(path, **SAID)
    assert "You have met. It was useful." in sent.text
    assert "What you wrote comes back with an undo." in sent.text
    assert await known_to_others(house) == before
    await house.shell.time_passes(house.opening.policy.undo_for.nominal)
    assert "Undo" not in await house.page(path)
    assert isinstance(house.introduction.stage, FollowingUp)
    assert [outcome for _, outcome in house.introduction.stage.outcomes] == [Met(useful=True)]
    after = await known_to_others(house)
    assert [each.body for each in after["notes"]] == [NOTE]
    assert len(after["ledger"]) == len(before["ledger"]) + 1
    assert len(after["ties"]) > len(before["ties"])
    of_her, _ = after["in other hands"]
    assert ([each["body"] for each in of_her["private_notes"]], WORDS in str(of_her["what_you_wrote"])) == (
        [NOTE],
        True,
    )


async def test_undone_its_words_go_back_to_whoever_wrote_them(house: Visits) -> None:
    path = await asked(house)
    others, rows = await known_to_others(house), await kept(house)
    page = await house.post(path, **SAID)
    assert await kept(house) == (rows[0] + 1, rows[1] + 1)
    for _ in range(2):  # a double tap is one act
        undone = await again(house, path, page, choice="undo")
        assert "You have undone your answer, and nothing has left. You can answer again." in undone.text
        assert "Did you meet Tomoko Abe?" in words_of(undone.text)
    assert WORDS in undone.text, "what was typed comes back"
    assert NOTE in undone.text
    assert await kept(house) == rows
    assert await known_to_others(house) == others
    await house.post(path, choice="not_met")
    await house.shell.time_passes(house.opening.policy.undo_for.nominal)
    assert isinstance(house.introduction.stage, FollowingUp)
    assert [outcome for _, outcome in house.introduction.stage.outcomes] == [DidNotMeet()]
    assert (await known_to_others(house))["notes"] == others["notes"]
    found = await house.shell.database.read(lambda c: verify.verify_one(c, house.opening.id))
    assert not [each for each in found.faults if each.rule != "S36 letters"]  # these letters only seem to have left


async def test_a_press_of_before_the_undo_does_not_bring_it_back(house: Visits) -> None:
    path = await asked(house)
    form = await house.client.get(path)
    await again(house, path, form, **SAID)
    await house.post(path, choice="undo")
    stale = await again(house, path, form, **SAID)
    assert "You have undone this answer, so it does not count." in stale.text
    assert await house.value(select(func.count()).where(inbox.c.state == "waiting")) == 0


async def test_of_two_pages_pressed_at_the_same_instant_the_later_holds_and_can_be_undone(house: Visits) -> None:
    path, before = await asked(house), await kept(house)
    tabs = [await house.client.get(path) for _ in range(2)]
    fields = ({"choice": "no_show"} | NOTED, {"choice": "met"} | NOTED)
    pages = await asyncio.gather(*(again(house, path, tab, **each) for tab, each in zip(tabs, fields, strict=True)))
    assert await kept(house) == (before[0] + 1, before[1] + 1), "of the earlier no word is left"
    waits = await house.row(select(inbox.c.kind, inbox.c.held_until).where(inbox.c.state == "waiting"))
    assert waits.held_until
    undone = await again(house, path, pages[0], choice="undo")
    assert "You have undone your answer" in undone.text
    assert await kept(house) == before


async def test_what_can_be_undone_no_longer_counts_while_nobody_hears_it(house: Visits) -> None:
    path = await asked(house)
    await house.post(path, **SAID)

    async def outcomes() -> Any:
        here, now = house.opening.id, house.shell.now
        said = await house.shell.database.read(lambda c: as_people_said(c, [here], now))
        stage = said[here].stage
        assert isinstance(stage, FollowingUp)
        return [outcome for _, outcome in stage.outcomes]

    assert await outcomes() == []
    house.shell.now += house.opening.policy.undo_for.nominal
    assert await outcomes() == [Met(useful=True)]


async def test_an_answer_is_undone_as_often_as_a_yes_and_then_stands(house: Visits) -> None:
    path = await asked(house)
    for _ in range(MOST_UNDONE):
        earlier = await house.post(path, **SAID)
        assert "You have undone your answer" in (await house.post(path, choice="undo")).text
    stands = await house.post(path, **SAID)
    assert "Undo" not in stands.text
    assert await on_her_own_page(house) == ()
    refused = await house.client.post(path, data={"nonce": nonce_of(earlier.text), "choice": "undo"})
    assert "This has been done as often as it can be; what stands now counts." in refused.text
    await house.shell.time_passes(house.opening.policy.undo_for.nominal)
    assert isinstance(house.introduction.stage, FollowingUp)
    assert [outcome for _, outcome in house.introduction.stage.outcomes] == [Met(useful=True)]


async def test_an_old_press_says_nothing_of_what_was_said_since(house: Visits) -> None:
    path = await asked(house)
    await house.post(path, **SAID)
    this = (house.opening.id, next(each.number for each in house.introduction.asks if each.kind == "meet"), ROSA.id)

    async def press() -> Any:
        undo = partial(held_answers.take_back, press="an old page", now=house.shell.now)
        return await house.shell.database.write(lambda connection: undo(connection, *this))

    assert (await press(), await press()) == (None, None)
    await house.post(path, choice="not_met")
    assert await press() == Reason.ALREADY_ANSWERED
    assert await house.value(select(func.count()).where(inbox.c.state == "waiting")) == 1


async def test_what_two_tabs_say_is_answered_by_what_stands(house: Visits) -> None:
    path = await asked(house)
    one, other = await house.client.get(path), await house.client.get(path)
    answered = await again(house, path, one, **SAID)
    assert "You have met." in (await again(house, path, other, choice="not_met")).text
    refused = await again(house, path, other, choice="not_met", words="Not at all.")
    assert refused.status_code == 409
    assert "Not at all." in refused.text
    beside = await house.client.get(path)
    assert "You have undone your answer" in (await again(house, path, answered, choice="undo")).text
    assert (await again(house, path, beside, choice="undo")).status_code == 422, "there is nothing left to undo"
    assert "Did you meet Tomoko Abe?" in await house.page(path)


async def test_once_it_is_on_its_way_it_stands(house: Visits) -> None:
    path = await asked(house)
    page = await house.post(path, **SAID)
    house.shell.now += house.opening.policy.undo_for.nominal
    late = await again(house, path, page, choice="undo")
    assert "We had your answer already, and it stands." in late.text or "You have met." in late.text
    await house.shell.sweep()
    assert isinstance(house.introduction.stage, FollowingUp)
    assert house.introduction.stage.outcomes


async def test_a_report_of_after_the_end_can_be_undone_too(house: Visits) -> None:
    await introduced(house)
    await house.shell.time_passes(timedelta(days=2))
    assert house.introduction.stage == Closed(ending=Ending.DELIVERED)
    path = await house.link(ROSA, AskKind.MEET)
    before = await known_to_others(house)
    assert "Undo" in (await house.post(path, choice="not_met", words=WORDS)).text
    undone = await house.post(path, choice="undo")
    assert "You have undone your answer, and nothing has left. You can answer again." in undone.text
    assert "You can still tell us." in undone.text
    house.shell.now += timedelta(minutes=1)
    await house.shell.sweep()
    assert (await known_to_others(house))["ledger"] == before["ledger"]


async def test_thanks_are_theirs_until_then(house: Visits) -> None:
    path = await asked(house)
    await house.post(path, choice="met")
    await house.shell.time_passes(timedelta(seconds=16))
    path = await house.link(ROSA, AskKind.THANKS)
    rows = await kept(house)
    await house.post(path, choice="thank", thanks=WORDS, share="yes")
    assert "Two lines of thanks to Tomoko Abe?" in words_of((await house.post(path, choice="undo")).text)
    assert await kept(house) == rows


async def test_thanks_that_are_heard_only_after_the_end_are_kept(house: Visits) -> None:
    """They were acknowledged before it: the mailroom was away, and time has ended it without them."""
    path = await asked(house)
    await house.post(path, choice="met")
    await house.shell.time_passes(timedelta(seconds=16))
    path = await house.link(ROSA, AskKind.THANKS)
    await house.post(path, choice="thank", thanks=WORDS, share="yes")
    house.shell.now += timedelta(days=2)
    while not house.introduction.closed:
        await house.shell.engine.time_passes(house.opening.id)
    house.shell.now += timedelta(seconds=10)
    await house.shell.sweep()
    assert await house.value(select(inbox.c.state).where(inbox.c.kind == "thanked")) == "taken"
    assert await house.value(select(ask.c.state).where(ask.c.kind == "thanks")) == "answered"
    page = await house.page(path)
    assert "We have your thanks for Tomoko Abe." in page
    assert "we send no more letters about it" in page
    found = await house.shell.database.read(lambda c: verify.verify_one(c, house.opening.id))
    assert not [each for each in found.faults if each.rule != "S36 letters"]  # these letters only seem to have left


async def test_what_a_sweep_has_in_hand_is_not_undone_by_a_clock_that_lags_behind(house: Visits) -> None:
    path = await asked(house)
    page = await house.post(path, **SAID)
    rows, mailrooms_clock = await kept(house), house.shell.now + house.opening.policy.undo_for.nominal
    claimed = await house.shell.database.write(lambda c: unclaimed.claim_unheard(c, mailrooms_clock))
    assert claimed
    late = await again(house, path, page, choice="undo")
    assert "You have undone your answer" not in late.text
    assert await kept(house) == rows
    house.shell.now = mailrooms_clock + unclaimed.CLAIM
    await house.shell.sweep()
    assert isinstance(house.introduction.stage, FollowingUp)
    assert [outcome for _, outcome in house.introduction.stage.outcomes] == [Met(useful=True)]


async def test_who_says_something_else_stands_by_it(house: Visits) -> None:
    path = await asked(house)
    await house.post(path, **SAID)
    house.shell.now += timedelta(seconds=1)
    await house.put(OptedOut(by=ROSA.id))
    assert "Undo" not in await house.page(path)
    house.shell.now += journal.FIRST_TRY
    await house.shell.sweep()
    heard = select(inbox.c.kind).where(inbox.c.state == "taken", inbox.c.kind.in_(("reported", "opted_out")))
    found = await house.shell.database.read(
        lambda c: c.execute(heard.order_by(inbox.c.heard_step, inbox.c.at)).scalars().all()
    )
    assert found == ["reported", "opted_out"]


async def test_on_ones_own_page_it_can_be_undone(house: Visits) -> None:
    path = await asked(house)
    await house.post(path, **SAID)
    (mine,) = await on_her_own_page(house)
    assert (mine.kind, mine.undo_until) == ("meet", house.shell.now + house.opening.policy.undo_for.nominal)


A_TERM = {
    "follow_up.term": {"ends": ["03-20"], "answer_within": "7 d"},
    "letters.requester": 5,
    "letters.target": 4,
}


async def test_both_answer_and_it_closes(tmp_path: Path) -> None:
    async with visits(tmp_path, opening(policy("demo", A_TERM))) as house:
        await house.introduced()
        await house.shell.time_passes(timedelta(days=18))
        page = words_of(await house.page(await house.link(ROSA, AskKind.CLOSING)))
        assert "Termina el periodo: ¿cómo te fue con Tomoko" in page
        assert "No, no llegamos a hablar" in page
        for never in ("Todavía no", "Aún no", "a la cita"):
            assert never not in page
        refused = await house.post(await house.link(TOMOKO, AskKind.CLOSING), choice="no_show")
        assert refused.status_code == 422
        await house.post(await house.link(TOMOKO, AskKind.CLOSING), choice="useful")
        await house.post(await house.link(ROSA, AskKind.CLOSING), choice="not_met")
        assert [each.outcome for each in await house.news() if each.kind == "reported"] == [
            Met(useful=True),
            DidNotMeet(),
        ]
        await house.shell.time_passes(house.opening.policy.undo_for.nominal)
        assert house.introduction.stage == Closed(ending=Ending.MET)
