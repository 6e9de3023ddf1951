"""A database that was brought back knows it: nothing leaves until somebody has looked, and nothing twice, blindly."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from mailroom.age_kept import AGE, AgeKept
from mailroom.loops import age as looks
from mailroom.loops.age import BEAT, VOUCHED_WITHIN
from mailroom.room import Room
from models.ids import IntroductionId
from models.process.state.opening import Opening
from store.access import sessions
from store.audit.verify import verify
from store.installation import age
from store.tables import installation, introduction, ledger, letter, token
from store.views.letters import letters_held
from tests.cast import CARL, opening
from tests.mailroom.desk import Desk
from tests.mailroom.fake_relay import Post
from tests.support import rows

TABLES = (installation, letter, ledger, token)
Snapshot = dict[str, list[dict[str, object]]]


def with_age(desk: Desk, post: Post, folder: Path) -> Room:
    return desk.room(post, age=AgeKept(folder / AGE))


async def carried(desk: Desk, post: Post, folder: Path) -> None:
    await looks.look(with_age(desk, post, folder))
    await desk.carry(post, age=AgeKept(folder / AGE))


async def test_letters_planned_in_a_restored_database_are_held_and_shown_and_none_is_sent_twice(
    at_desk: Desk, tmp_path: Path
) -> None:
    post = Post(forgetful=True)
    await looks.look(with_age(at_desk, post, tmp_path))
    case = await at_desk.asked()
    backup = await at_desk.database.read(taken)
    await carried(at_desk, post, tmp_path)
    (sent,) = post.taken
    await at_desk.database.write(lambda connection: brought_back(connection, backup))
    await carried(at_desk, post, tmp_path)
    assert post.taken == [sent], "held"
    waiting = await at_desk.database.read(lambda connection: letters_held.held(connection, at_desk.now))
    assert waiting
    assert (waiting.why, waiting.may_have_left, waiting.due) == ("older", 1, 0)
    await at_desk.asked(begun=await another(at_desk))  # what happens meanwhile is planned, and held as well
    await carried(at_desk, post, tmp_path)
    assert post.taken == [sent]
    assert await at_desk.database.write(lambda connection: age.let_go(connection, at_desk.now))
    await carried(at_desk, post, tmp_path)
    assert {each.introduction: each.state for each in await at_desk.outbox()} == {
        case.id: "unknown",
        "int_2": "accepted",
    }
    assert [message_id for _, message_id, _ in post.taken].count(sent[1]) == 1
    assert [fault async for each in verify(at_desk.database) for fault in each.faults] == []


@pytest.mark.parametrize("lost", [False, True])
async def test_a_relay_that_can_be_asked_says_what_had_left(at_desk: Desk, tmp_path: Path, lost: bool) -> None:
    post = Post()
    await looks.look(with_age(at_desk, post, tmp_path))
    await at_desk.asked()
    backup = await at_desk.database.read(taken)
    await carried(at_desk, post, tmp_path)
    if lost:
        post.taken.clear()  # it had never reached the relay
    await at_desk.database.write(lambda connection: brought_back(connection, backup))
    await carried(at_desk, post, tmp_path)
    await at_desk.database.write(lambda connection: age.let_go(connection, at_desk.now))
    await carried(at_desk, post, tmp_path)
    assert ([each.state for each in await at_desk.outbox()], len(post.taken)) == (["accepted"], 1)


async def test_it_is_found_out_under_the_hands_of_a_running_mailroom(at_desk: Desk, tmp_path: Path) -> None:
    post = Post(forgetful=True)
    await looks.look(with_age(at_desk, post, tmp_path))
    await at_desk.asked()
    backup = await at_desk.database.read(taken)
    await carried(at_desk, post, tmp_path)
    await at_desk.database.write(lambda connection: brought_back(connection, backup))
    await at_desk.carry(post, age=AgeKept(tmp_path / AGE))  # no sweep has come round
    assert len(post.taken) == 1
    assert await at_desk.database.read(age.held)


async def test_a_folder_that_was_copied_whole_knows_it(at_desk: Desk, tmp_path: Path) -> None:
    (here := tmp_path / "here").mkdir()
    post = Post()
    await looks.look(with_age(at_desk, post, here))
    shutil.copytree(here, tmp_path / "there")
    await looks.look(with_age(at_desk, post, tmp_path / "there"))
    assert (await at_desk.database.read(age.held)) is not None
    await at_desk.database.write(lambda connection: age.let_go(connection, at_desk.now))
    await looks.look(with_age(at_desk, post, tmp_path / "there"))
    assert await at_desk.database.read(age.held) is None


async def test_a_folder_new_here_waits_until_another_mailroom_counts_on(at_desk: Desk, tmp_path: Path) -> None:
    (here := tmp_path / "here").mkdir()
    (new := tmp_path / "new").mkdir()
    post = Post()
    await looks.look(with_age(at_desk, post, here))
    newcomer = with_age(at_desk, post, new)
    await looks.look(newcomer)
    await at_desk.asked()
    await at_desk.carry(post, age=newcomer.age)
    assert post.taken == []
    at_desk.passes(BEAT)
    await looks.look(with_age(at_desk, post, here))
    await looks.look(newcomer)
    await at_desk.carry(post, age=newcomer.age)
    assert len(post.taken) == 1


async def test_a_folder_new_here_whom_nobody_vouches_for_holds_everything(at_desk: Desk, tmp_path: Path) -> None:
    """Database and keys were brought back onto a new machine."""
    (here := tmp_path / "here").mkdir()
    (new := tmp_path / "new").mkdir()
    await looks.look(with_age(at_desk, Post(), here))
    newcomer = with_age(at_desk, Post(), new)
    await looks.look(newcomer)
    at_desk.passes(VOUCHED_WITHIN)
    await looks.look(newcomer)
    held = await at_desk.database.read(age.held)
    assert held
    assert held.value == "new_folder"
    await at_desk.database.write(lambda connection: age.let_go(connection, at_desk.now))
    after = with_age(at_desk, Post(), new)
    await looks.look(after)
    assert after.age
    assert after.age.number


async def test_a_way_in_that_is_asked_for_meanwhile_leaves(at_desk: Desk, tmp_path: Path) -> None:
    post = Post()
    await at_desk.database.write(lambda connection: age.hold(connection, "word", at_desk.now))
    await at_desk.asked()
    at_desk.passes(timedelta(minutes=1))
    await at_desk.database.write(lambda connection: sessions.ask_for_link(connection, (CARL.id,), at_desk.now))
    await carried(at_desk, post, tmp_path)
    assert [each.kind for each in await at_desk.outbox() if each.state != "planned"] == ["sign_in"]
    assert len(post.taken) == 1


async def another(desk: Desk) -> Opening:
    target = await desk.database.write(lambda connection: rows.somebody_new(connection, CARL, desk.now))
    made = opening(desk.rules, target=target, asked_at=desk.now)
    return made.model_copy(update={"id": IntroductionId("int_2")})


def taken(connection: Connection) -> Snapshot:
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
        for table in (introduction, *TABLES)
    }


def brought_back(connection: Connection, backup: Snapshot) -> None:
    for table in reversed(TABLES):
        connection.execute(table.delete())
    for row in backup["introduction"]:
        connection.execute(introduction.update().where(introduction.c.id == row["id"]).values(row))
    for table in TABLES:
        if backup[table.name]:
            connection.execute(table.insert(), backup[table.name])
