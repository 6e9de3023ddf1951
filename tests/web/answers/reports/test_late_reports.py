"""What a party tells after the end is kept, and nothing follows from it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from models.asks import AskKind
from models.news import Reported, Stopped, Withdrew
from models.outcomes import Ending, MeetingAhead, Met
from models.process.late_reports import hear_afterwards
from models.process.state.stages import Closed
from models.process.verdict import Reason, Refused
from store.audit import verify
from store.tables import ask, inbox, introduction, ledger, letter, person
from store.views import staff_story
from telling.story import told
from tests.cast import CARL, OLIVE, ROSA, TOMOKO
from tests.web.answers.house import Visits


async def over(house: Visits) -> None:
    """They were introduced, both were asked whether they met, and nobody has said."""
    await house.run(person.update().values(language="en"))
    await house.introduced()
    await house.shell.time_passes(timedelta(days=2))
    assert house.introduction.stage == Closed(ending=Ending.DELIVERED)


async def what_stands(house: Visits) -> Any:
    query = select(introduction.c.stage, introduction.c.ending, introduction.c.closed_at, introduction.c.told)
    letters = await house.value(select(func.count()).select_from(letter))
    return tuple(await house.row(query)), letters


async def test_a_late_report_is_kept_and_nothing_follows(house: Visits) -> None:
    await over(house)
    before = await what_stands(house)
    path = await house.link(ROSA, AskKind.MEET)
    assert "You can still tell us." in await house.page(path)
    assert (await house.post(path)).status_code == 422
    assert (await house.post(path, choice="ahead")).status_code == 422
    sent = await house.post(path, choice="met", useful="yes", words="Over lunch, in May.")
    assert "You have met. It was useful." in sent.text
    assert "two lines of thanks" not in sent.text
    await house.heard()
    assert await what_stands(house) == before
    answered = await house.row(select(ask.c.state, ask.c.answer).where(ask.c.person == ROSA.id, ask.c.kind == "meet"))
    assert (answered.state, answered.answer["outcome"]["kind"]) == ("answered", "met")
    assert await house.value(select(inbox.c.state).where(inbox.c.kind == "reported")) == "taken"
    found = await house.shell.database.read(lambda c: verify.verify_one(c, house.opening.id))
    assert not [each for each in found.faults if each.rule != "S36 letters"]  # these letters only seem to have left
    await staff_read_it(house)


async def staff_read_it(house: Visits) -> None:
    story = await house.shell.database.read(lambda c: staff_story.story(c, house.opening.id, house.shell.now))
    assert story
    lines = told(story)
    assert [line.text for line in lines][-2:] == [
        "%(name)s: they met, and it was useful.",
        "It was over by then: it is kept, and nobody was written to.",
    ]
    assert lines[-2].words == "Over lunch, in May."


async def test_told_once_and_by_each_for_themselves(house: Visits) -> None:
    await over(house)
    path = await house.link(ROSA, AskKind.MEET)
    nonce = await house.nonce(path)
    for choice in ("met", "not_met"):
        await house.client.post(path, data={"nonce": nonce, "choice": choice})
    await house.client.post(path, data={"nonce": await house.nonce(path), "choice": "not_met"})
    reports = [each for each in await house.news() if each.kind == "reported"]
    assert [each.outcome for each in reports] == [Met()]
    await house.heard()
    events = await house.value(select(func.count()).select_from(ledger))
    late = house.introduction
    asked = next(each for each in late.asks if each.kind == AskKind.MEET)
    for news, why in (
        (Reported(ask=asked.number, by=TOMOKO.id, outcome=Met()), Reason.NOT_YOURS),
        (Reported(ask=asked.number, by=ROSA.id, outcome=MeetingAhead()), Reason.NOT_AN_ANSWER),
        (Reported(ask=late.asks[0].number, by=CARL.id, outcome=Met()), Reason.ALREADY_ANSWERED),
        (Withdrew(by=ROSA.id), Reason.ALREADY_INTRODUCED),
        (Stopped(by=OLIVE.id), Reason.ALREADY_INTRODUCED),
    ):
        assert hear_afterwards(late, news, house.shell.now) == Refused(reason=why)
    assert await house.value(select(func.count()).select_from(ledger)) == events


async def test_where_one_of_them_is_forgotten_nothing_more_is_written_down(house: Visits) -> None:
    await over(house)
    path = await house.link(ROSA, AskKind.MEET)
    nonce = await house.nonce(path)
    await house.run(person.update().where(person.c.id == TOMOKO.id).values(erased_at=house.shell.now))
    assert (await house.client.post(path, data={"nonce": nonce, "choice": "not_met"})).status_code == 303
    await house.heard()
    assert await house.value(select(inbox.c.state).where(inbox.c.kind == "reported")) is None
    assert await house.value(select(ask.c.state).where(ask.c.person == ROSA.id, ask.c.kind == "meet")) == "settled"


async def test_nobody_can_say_more_than_they_were_asked(house: Visits) -> None:
    await over(house)
    shown = await house.page(await house.link(ROSA, AskKind.WRITTEN))
    assert "Thank you for coming back to this" in shown
    assert "You can still tell us." not in shown
