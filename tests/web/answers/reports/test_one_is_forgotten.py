"""Once one of the two is forgotten, nothing more is written down about how it went: nothing is offered, or kept."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from models.asks import AskKind
from store.asks import private_notes
from store.audit import verify
from store.engine.secrets import Keys
from store.privacy.erasure import deletion, jobs
from store.tables import inbox, no_show, person
from tests.cast import INTRODUCTION, ROSA, TOMOKO, Person
from tests.web.answers.house import Visits, words_of
from tests.web.answers.reports.test_late_reports import over
from tests.web.answers.reports.test_reports import SAID, asked, kept

SENTENCES = {
    "en": "We no longer have the other person on file",
    "es": "Ya no tenemos datos de la otra persona",
    "pt": "Já não temos dados da outra pessoa",
}


async def is_forgotten(house: Visits, who: Person) -> None:
    keys, now = Keys.of(b"k" * 32), house.shell.now
    asked_for = await house.shell.database.write(lambda c: jobs.ask(c, who.id, keys, "themself", now))
    for each in asked_for.told:
        await house.shell.deliver(each.introduction, each.envelope)
    for job in asked_for.erasures:
        await house.shell.database.write(partial(deletion.carry_out, which=job, now=now))


async def said(house: Visits) -> Any:
    return await house.row(select(inbox.c.state, inbox.c.reason).where(inbox.c.kind == "reported"))


@pytest.mark.parametrize("late", [False, True])
async def test_what_the_other_could_still_take_back_is_dropped_with_its_words(house: Visits, *, late: bool) -> None:
    await (over if late else asked)(house)
    path, before = await house.link(ROSA, AskKind.MEET), await kept(house)
    await house.post(path, **SAID)
    house.shell.now += timedelta(seconds=1)
    await is_forgotten(house, TOMOKO)
    assert tuple(await said(house)) == ("refused", "closed")
    assert sum(await kept(house)) <= sum(before)
    assert not await house.shell.database.read(lambda c: private_notes.for_staff(c, INTRODUCTION, ()))
    for language, sentence in SENTENCES.items():
        await house.run(person.update().where(person.c.id == ROSA.id).values(language=language))
        assert sentence in await house.page(path)
    assert "no_show" not in (await house.client.get(path)).text


async def test_nothing_is_offered_after_that(house: Visits) -> None:
    await over(house)
    path = await house.link(ROSA, AskKind.MEET)
    open_page = (await house.client.get(path)).text
    await is_forgotten(house, TOMOKO)
    before = await kept(house)
    sent = await house.post(path, page=open_page, **SAID)
    assert "We have your answer" not in words_of(sent.text)
    assert await kept(house) == before


async def test_what_was_on_its_way_by_then_is_refused_with_its_words(house: Visits) -> None:
    await over(house)
    path, before = await house.link(ROSA, AskKind.MEET), await kept(house)
    await house.post(path, **SAID)
    house.shell.now += house.opening.policy.undo_for.nominal
    await is_forgotten(house, TOMOKO)
    await house.shell.sweep()
    assert tuple(await said(house)) == ("refused", "closed")
    assert sum(await kept(house)) <= sum(before)


async def test_who_has_themself_forgotten_says_nothing_by_it(house: Visits) -> None:
    path = await asked(house)
    await house.post(path, choice="no_show", words="He never came")
    house.shell.now += timedelta(seconds=1)
    await is_forgotten(house, ROSA)
    await house.shell.time_passes(timedelta(minutes=1))
    assert tuple(await said(house)) == ("refused", "closed")
    assert not await house.shell.database.read(lambda c: c.execute(select(no_show)).all())
    found = await house.shell.database.read(lambda c: verify.verify_one(c, house.opening.id))
    assert not [each for each in found.faults if each.rule != "S36 letters"]  # these letters only seem to have left
