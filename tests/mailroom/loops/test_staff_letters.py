"""Letters to staff: what needs an operator reaches them once, at once or in the morning, and never with a name."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from mailroom.loops import age, staff_letters
from models.desk import DeskItem, DeskKind, StaffHearing
from models.ids import ProgrammeId
from models.process.timetable import next_wake
from store.letters import outbox, returned_mail
from store.letters import staff_letters as staff_rows
from store.letters.outbox import Letter
from store.letters.returned_mail import Returned
from store.people import hearing
from store.tables import channel, membership, trouble
from store.tables import hearing as people_hearing
from store.tables import letter as letters
from store.views.desk import on_desk
from store.views.installation import alarms
from tests.cast import CARL, CLEO, MONDAY, OLIVE, PROGRAMME, ROSA, TOMOKO, opening, policy
from tests.mailroom.desk import Desk, desk
from tests.mailroom.fake_relay import Post
from tests.support.news_phrases import approves, declines, undoes
from tests.support.play import Said
from tests.support.services.databases import migrated_copy

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TUESDAY_8 = MONDAY.replace(day=3, hour=8)
AT_ONCE = StaffHearing(ways=dict.fromkeys(DeskKind, "at_once"))


async def looks(at_desk: Desk, relay: Post) -> list[Letter]:
    """The mailroom looks at every desk; all letters to staff there are by now."""
    await staff_letters.once(at_desk.room(relay))
    return [each for each in await at_desk.outbox() if each.kind == "desk"]


async def chooses(at_desk: Desk, chosen: StaffHearing) -> None:
    await at_desk.database.write(lambda connection: hearing.keep(connection, OLIVE.id, chosen, at_desk.now))


async def lies_there(at_desk: Desk, *records: str) -> list[DeskKind]:
    own = records or (OLIVE.id,)
    found = await at_desk.database.read(lambda c: on_desk(c, (PROGRAMME,), own, at_desk.now))  # type: ignore[arg-type]
    return [each.kind for each in found]


async def screened(at_desk: Desk) -> None:
    at_desk.rules = policy("accelerator", {"screening": {"answer_within": "3 d", "backup_within": "2 d"}})
    await at_desk.asked(begun=opening(at_desk.rules, asked_at=at_desk.now))


async def test_what_waits_is_told_on_the_next_working_morning_and_once(at_desk: Desk) -> None:
    relay = Post()
    assert await looks(at_desk, relay) == []  # a newcomer's first morning is the next
    await screened(at_desk)
    assert await looks(at_desk, relay) == []
    at_desk.now = TUESDAY_8 - timedelta(minutes=1)
    assert await looks(at_desk, relay) == []
    at_desk.now = TUESDAY_8
    told = await looks(at_desk, relay)
    assert [(each.person, each.state) for each in told] == [(OLIVE.id, "planned")]
    await at_desk.carry(relay)
    (sent,) = relay.received(OLIVE.address)
    read = str(sent)
    assert "one thing needs you" in read
    assert "List-Unsubscribe" not in read
    for name in (ROSA.name, TOMOKO.name, "Rosa", "Tomoko"):
        assert name not in read
    at_desk.now += HOUR
    assert len(await looks(at_desk, relay)) == 1
    at_desk.now = TUESDAY_8 + DAY
    assert len(await looks(at_desk, relay)) == 1, "nothing new: nothing is sent"
    at_desk.now += DAY
    assert len(await looks(at_desk, relay)) == 2, "its day is near"


async def test_no_morning_on_a_day_off(at_desk: Desk) -> None:
    relay = Post()
    await looks(at_desk, relay)
    at_desk.now = MONDAY + 4 * DAY
    await looks(at_desk, relay)
    await screened(at_desk)
    at_desk.now = MONDAY + 6 * DAY
    assert await looks(at_desk, relay) == []
    at_desk.now = MONDAY + 7 * DAY
    assert len(await looks(at_desk, relay)) == 1


async def test_what_stands_still_is_told_at_once_and_two_letters_are_never_close(at_desk: Desk) -> None:
    relay = Post()
    case = await at_desk.asked()
    await looks(at_desk, relay)
    await at_desk.add(trouble, introduction=case.id, what="stands_still", since=at_desk.now)
    assert [each.not_before for each in await looks(at_desk, relay)] == [at_desk.now]
    await at_desk.carry(relay)
    at_desk.passes(timedelta(minutes=1))
    assert len(await looks(at_desk, relay)) == 1
    await at_desk.database.write(lambda connection: alarms.raise_alarm(connection, "no_worker", at_desk.now))
    at_desk.passes(timedelta(minutes=1))
    first, second = await looks(at_desk, relay)
    assert second.not_before - first.not_before == timedelta(minutes=15)


async def test_what_a_lost_letter_told_is_told_again_later_each_time_and_not_for_ever(at_desk: Desk) -> None:
    relay, gaps = Post(), []
    await looks(at_desk, relay)
    await at_desk.database.write(lambda connection: alarms.raise_alarm(connection, "no_worker", at_desk.now))
    told = await looks(at_desk, relay)
    while told[-1].state == "planned":
        await at_desk.set(letters, letters.c.id == told[-1].id, state="failed")
        before, until = told[-1].not_before, at_desk.now + 2 * DAY
        while told[-1].not_before == before and at_desk.now < until:
            at_desk.passes(timedelta(minutes=15))
            told = sorted(await looks(at_desk, relay), key=lambda each: each.not_before)
        gaps.append((told[-1].not_before - before) / HOUR)
    assert gaps == [1, 4, 16, 24, 0], "then it is left to the console"
    await at_desk.database.write(lambda connection: alarms.end_alarm(connection, "no_worker"))
    await at_desk.database.write(lambda connection: alarms.raise_alarm(connection, "no_worker", at_desk.now))
    assert len(await looks(at_desk, relay)) == len(told) + 1, "and what is new is told all the same"


async def test_who_has_no_living_address_is_told_once_they_have_one(at_desk: Desk) -> None:
    relay = Post()
    await looks(at_desk, relay)
    await at_desk.set(channel, channel.c.person == OLIVE.id, stopped_at=at_desk.now)
    await at_desk.database.write(lambda connection: alarms.raise_alarm(connection, "no_worker", at_desk.now))
    for _ in range(3):
        at_desk.passes(DAY)
        assert await looks(at_desk, relay) == [], "no letter that could only be dropped"
    await at_desk.set(channel, channel.c.person == OLIVE.id, stopped_at=None)
    assert [each.state for each in await looks(at_desk, relay)] == ["planned"]


async def test_what_an_operator_turned_off_is_not_told_and_neither_is_one_who_left(at_desk: Desk) -> None:
    relay = Post()
    await chooses(at_desk, AT_ONCE.model_copy(update={"ways": {**AT_ONCE.ways, DeskKind.TO_READ: "never"}}))
    await screened(at_desk)
    assert await looks(at_desk, relay) == []
    await chooses(at_desk, AT_ONCE)
    assert [each.state for each in await looks(at_desk, relay)] == ["planned"]
    await at_desk.set(membership, membership.c.person == OLIVE.id, operates=False)
    await at_desk.carry(relay)
    assert [each.state for each in await looks(at_desk, relay)] == ["dropped"]


async def test_nobody_hears_of_their_own_request(at_desk: Desk) -> None:
    await screened(at_desk)
    assert await lies_there(at_desk) == [DeskKind.TO_READ]
    assert await lies_there(at_desk, ROSA.id) == await lies_there(at_desk, TOMOKO.id) == []


async def test_behind_a_no_the_same_lies_there_as_behind_silence(tmp_path: Path) -> None:
    """On every desk, at every hour, until the question's own deadline and beyond it (S41)."""
    seen = [await _hours(tmp_path / name, said) for name, said in (("no", (declines(TOMOKO),)), ("silence", ()))]
    assert seen[0] == seen[1]
    assert any(DeskKind.PROMISE in each for each in seen[0])


async def _hours(folder: Path, said: Sequence[Said]) -> list[list[DeskKind]]:
    folder.mkdir()
    rules = policy("accelerator", {"screening": None})
    async with desk(f"sqlite:///{await migrated_copy(folder)}", rules) as there:
        begun = opening(rules).model_copy(update={"promised_at": MONDAY + 6 * DAY})
        case = await there.asked(begun=begun)
        await case.hear(approves(CARL), *said)
        found = []
        while there.now < MONDAY + 7 * DAY:
            wake = next_wake(case.introduction)
            there.passes(3 * HOUR)
            if wake and wake.at <= there.now:
                await case.wait()
            found.append(await lies_there(there))
        return found


async def test_letters_held_after_a_restore_are_told_all_the_same(at_desk: Desk) -> None:
    post, room = Post(), at_desk.room(Post())
    await at_desk.asked()
    await age.hold(room, "older")
    held_since = at_desk.now
    at_desk.passes(timedelta(minutes=1))
    assert await lies_there(at_desk) == [DeskKind.STUCK]
    (told,) = await looks(at_desk, post)
    free = await at_desk.database.write(lambda c: outbox.claim(c, "any", at_desk.now, 9, held_since))
    assert free == [told.id], "what had been planned before stays where it is"


async def test_a_morning_whose_letter_finds_another_on_its_way_comes_right_after_it(at_desk: Desk) -> None:
    relay = Post()
    await looks(at_desk, relay)
    await screened(at_desk)
    at_desk.now = TUESDAY_8 - timedelta(minutes=2)
    await at_desk.database.write(lambda connection: alarms.raise_alarm(connection, "no_worker", at_desk.now))
    assert len(await looks(at_desk, relay)) == 1
    at_desk.now = TUESDAY_8
    assert len(await looks(at_desk, relay)) == 1
    at_desk.now = TUESDAY_8 + timedelta(minutes=5)
    await at_desk.carry(relay)
    assert len(await looks(at_desk, relay)) == 2


async def test_an_answer_of_somebody_staff_do_not_know_to_be_asked_is_no_trouble_yet(tmp_path: Path) -> None:
    async with desk(f"sqlite:///{await migrated_copy(tmp_path)}", policy("accelerator", {"screening": None})) as at:
        case = await at.asked()
        await at.carry(Post())
        await case.hear(approves(CARL))
        await case.hear(undoes(CARL), declines(CARL))
        await at.carry(Post())
        (cleos,) = [each for each in await case.letters() if each.person == CLEO.id]
        reply = Returned(letter=cleos.id, started_at=None, kind="reply")
        await at.database.write(lambda connection: returned_mail.take(connection, reply, at.now))
        assert await lies_there(at) == []


async def test_a_letter_that_waits_tells_nothing_of_a_programme_its_reader_works_for_no_longer(at_desk: Desk) -> None:
    here = DeskItem(kind=DeskKind.TO_READ, mark="here", programme=PROGRAMME)
    left = DeskItem(kind=DeskKind.TO_READ, mark="left", programme=ProgrammeId("prg_left"))
    everywhere = DeskItem(kind=DeskKind.STUCK, mark="everywhere")
    items = (here, left, everywhere)
    named = await at_desk.database.write(lambda c: staff_rows.plan(c, OLIVE.id, items, at_desk.now))
    told = await at_desk.database.read(lambda c: staff_rows.lines(c, named))
    assert [each.programme for each in told] == [PROGRAMME, None]


async def test_a_kind_that_only_a_newer_version_knows_is_left_out(at_desk: Desk) -> None:
    await chooses(at_desk, AT_ONCE)
    await at_desk.set(
        people_hearing, people_hearing.c.person == OLIVE.id, ways={"stuck": "never", "of_tomorrow": "never"}
    )
    kept = await at_desk.database.read(lambda c: hearing.of_operator(c, OLIVE.id))
    assert (kept.when(DeskKind.STUCK), kept.when(DeskKind.TO_READ)) == ("never", "morning")
