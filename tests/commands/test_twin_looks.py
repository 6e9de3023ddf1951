"""Looks at the terminal in twin histories: what staff read by a command moves with a no at its deadline only (S41)."""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, insert, update

import policies
import settings
from commands import clock
from commands.doctor import databases
from commands.installation.replay import _under_way
from models.news import Held
from models.policy.policy import Order, Policy
from store.installation import age
from store.tables import introduction, letter, words
from store.views import stalled_workflows
from store.views.introductions import how_many_under_way
from tests import cast
from tests.cast import CARL, MONDAY, OLIVE, TOMOKO
from tests.commands.terminal import Terminal
from tests.support.news_phrases import approves, declines
from tests.web.test_twin_windows import heard_unsent
from tests.web.test_twins import HOUR, after, say
from tests.web.twins import Twin, deadline, differs, first_difference, plain, twins

ONE = cast.INTRODUCTION
LETTER = re.compile(r"let_\w+")
LOOKS: tuple[tuple[str, ...], ...] = (
    ("show", ONE, "--json"),
    ("list", "--closed", "--json"),
    ("verify", "--json"),
    ("export", TOMOKO.id, "--json"),
    ("erase", TOMOKO.id, "--dry-run", "--json"),
    ("retention", "--json"),
    ("begin-anew",),
    ("restored",),
    ("policy", "check", "accelerator", "--programme", cast.PROGRAMME),
)


def with_hours() -> Policy:
    """Open hours, and both parties asked together: a question waits for its receiver's morning, and may be answered
    before."""
    body = policies.shipped("accelerator").model_dump() | {"screening": None, "order": Order.TOGETHER}
    body["requester"] |= {"promised_answer": "25 bd"}
    return Policy.model_validate(body)


@dataclass
class Staff:
    """Whoever types beside one of the two houses. `letters`: each that was ever shown to them, by its order."""

    twin: Twin
    folder: Path
    letters: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "data").mkdir()

    async def see(self, looks: tuple[tuple[str, ...], ...] = LOOKS) -> dict[str, str]:
        """What each of these commands says now, and what is told of each letter."""
        clock.CLOCK.set(self.twin.house.clock)
        found = {" ".join(words): await self.typed(*words) for words in looks}
        for shown in LETTER.findall(found[" ".join(LOOKS[0])]):
            self.letters.setdefault(shown, f"letter {len(self.letters)}")
        for shown, name in self.letters.items():
            found[name] = await self.typed("verify", shown, "--json")
        return {name: plain(text) for name, text in found.items()}

    async def typed(self, *words: str) -> str:
        terminal = Terminal(self.folder / "data")
        done = await asyncio.to_thread(terminal.type, *words, INTROBROKER_DATABASE_URL=self.url)
        return f"{done.code} {done.out} {done.err}"

    async def see_all(self) -> dict[str, str]:
        """With what is not typed here: it would ask for a Temporal server."""
        told, now = settings.load({"INTROBROKER_DATABASE_URL": self.url}), self.twin.now
        stages = await self.twin.house.database.read(lambda connection: _under_way(connection, now, ""))
        replayed = {"replay --open": str([each.stage for each in stages])}
        return await self.see() | replayed | {"doctor": str(await databases.look(told))}

    async def see_held(self) -> dict[str, str]:
        told = settings.load({"INTROBROKER_DATABASE_URL": self.url})
        looks = (LOOKS[0], ("list", "--json"), ("restored",))
        return await self.see(looks) | {"doctor": str(await databases.look(told))}

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'pages.db'}"


def unlike(one: dict[str, str], other: dict[str, str]) -> list[str]:
    assert one.keys() == other.keys()
    return [f"{name}: {first_difference(one[name], other[name])}" for name in one if one[name] != other[name]]


def begun(connection: Connection) -> None:
    connection.execute(update(introduction).values(started_at=MONDAY))


def reason(connection: Connection) -> None:
    row = {
        "id": "wrd_reason",
        "introduction": ONE,
        "owner": TOMOKO.id,
        "kind": "reason",
        "body": "Rather not.",
        "at": MONDAY,
    }
    connection.execute(insert(words).values(row))


async def test_no_look_tells_of_a_no_before_its_deadline(tmp_path: Path) -> None:
    opening = cast.opening(with_hours())
    async with twins(tmp_path, opening.policy, opening) as both:
        one, other = Staff(both[0], tmp_path / "one"), Staff(both[1], tmp_path / "other")
        for each in both:
            await each.house.database.write(begun)
            await say(each, approves(CARL))
        await after(both, HOUR)
        before = await one.see_all()
        await both[0].house.database.write(reason)
        await say(both[0], declines(TOMOKO))
        assert unlike(before, await one.see_all()) == []
        for each in both:
            await each.until(deadline(both[1]))
        assert unlike(await one.see(LOOKS[:1]), await other.see(LOOKS[:1])) == []


async def test_a_no_while_letters_are_held_leaves_every_list_and_count_as_it_was(tmp_path: Path) -> None:
    """No letter has left yet: the relay was away, then the database was brought back, and staff hold the introduction,
    whose run is long in the monitor's eyes, too. One letter was due by then, the other is since."""
    opening = cast.opening(with_hours())
    async with twins(tmp_path, opening.policy, opening) as both:
        one, other = Staff(both[0], tmp_path / "one"), Staff(both[1], tmp_path / "other")
        for each in both:
            await each.house.database.write(begun)
            await heard_unsent(each, approves(CARL))
            each.house.clock.now += HOUR
            await each.house.database.write(partial(brought_back, now=each.now))
            await heard_unsent(each, Held(by=OLIVE.id))
            each.house.clock.now += 24 * HOUR
        before, desk = await one.see_held(), await both[0].seen_by("desk")
        assert "1 would leave" in before["restored"]
        assert "1 may have left" in before["restored"]
        assert "2 letters" in before["doctor"]
        await heard_unsent(both[0], declines(TOMOKO))
        assert unlike(before, await one.see_held()) + unlike(desk, await both[0].seen_by("desk")) == []
        for each in both:
            each.house.clock.now += 2 * HOUR
        assert unlike(await one.see_held(), await other.see_held()) == []
        assert await differs(*both, "desk") == []


def brought_back(connection: Connection, now: datetime) -> None:
    waits = update(letter).where(letter.c.state == "planned")
    connection.execute(waits.values(waits_since=letter.c.not_before))
    age.hold(connection, "word", now)
    stalled_workflows.note(connection, cast.INTRODUCTION, "overgrown", now)


async def test_what_is_over_and_kept_from_staff_is_under_way_for_them(tmp_path: Path) -> None:
    opening = cast.opening(with_hours())
    async with twins(tmp_path, opening.policy, opening) as (one, _):
        await one.house.database.write(begun)
        over = update(introduction).values(closed_at=one.now, kept_until=one.now + HOUR)
        await one.house.database.write(lambda connection: connection.execute(over))
        found = [await one.house.database.read(partial(how_many_under_way, now=at)) for at in (one.now, one.now + HOUR)]
        assert found == [1, 0]
        (told,) = await one.house.database.read(partial(_under_way, now=one.now, beyond=""))
        assert told.is_over
