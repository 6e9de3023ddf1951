"""What others read once somebody was forgotten: whole sentences, without the name and without a hole where it stood."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from email import message_from_bytes
from email import policy as email_policy
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from commands.introductions import listing
from mailroom.compose.filling.common import CannotBeWritten
from models.ids import IntroductionId
from models.letters import LANGUAGES
from models.news import Erased
from models.outcomes import Met
from models.process.timetable import next_wake
from store.access import link_tokens
from store.audit import verify
from store.letters import outbox, start_letter
from store.privacy.erasure import deletion, jobs
from store.privacy.export import copy
from store.tables import ask, letter, person
from store.views import staff_story
from telling.story import told
from tests import cast
from tests.cast import CARL, OLIVE, ROSA, TOMOKO, Person
from tests.mailroom.desk import KEYS, STATIONERY
from tests.support.news_phrases import approves, declines, opts_in, reports
from tests.support.play import Said
from tests.support.run.every_pair import pairs
from tests.web.house import Visited, visited

HERE = "mailroom"
RULES = cast.policy("demo", {"requester.closings_every": None})
STAGES: dict[str, tuple[Said | timedelta, ...]] = {
    "asked": (),
    "approved": (approves(CARL), timedelta(seconds=6)),
    "one yes": (approves(CARL), timedelta(seconds=6), opts_in(TOMOKO)),
    "a no": (approves(CARL), timedelta(seconds=6), declines(TOMOKO), timedelta(days=1)),
    "introduced": (approves(CARL), timedelta(seconds=6), opts_in(TOMOKO), opts_in(ROSA), timedelta(seconds=40)),
    "they met": (
        approves(CARL), timedelta(seconds=6), opts_in(TOMOKO), opts_in(ROSA), timedelta(seconds=31),
        reports(ROSA, Met(useful=True)), timedelta(days=2),
    ),
}  # fmt: skip
HOLES = re.compile(
    r"<(bdi|strong|h1|h2|h3|h4|dt|dd|title|legend|summary|label|a|p|li)(?: [^>]*)?>\s*</\1>"
    r"|<td>\s*</td>|class=\"label\">[^<]*</span>\s*</td>"
)
GAPS = re.compile(r"\w  +\w| [.,;:](?= |$)|(?:^|[.!?] )’s |\(\s*\)|→\s*$|^\s*→|“\s*”|«\s*»", re.M)


@pytest.mark.parametrize(
    ("stage", "who"),
    pairs({each: each for each in STAGES}, {"requester": ROSA, "target": TOMOKO, "connector": CARL}),
)
async def test_no_sentence_has_a_hole_where_a_name_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, stage: str, who: Person
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    language = LANGUAGES[(list(STAGES).index(stage) + len(who.name)) % 3]
    async with visited(tmp_path, RULES) as house:
        introduction = await reached(house, STAGES[stage])
        await forgotten(house, introduction, who)
        found = [hole async for hole in holes(house, introduction, who, language)]
        found += at_the_command_line(house, await house.database.read(partial(_story, introduction)), who, capsys)
        await passes(house, introduction, timedelta(days=3), found, who)
        found += [hole async for hole in holes(house, introduction, who, language)]
        assert found == []
        checked = await house.database.read(lambda c: verify.verify_one(c, introduction))
        assert [fault for fault in checked.faults if fault.rule != "S36 letters"] == []


async def reached(house: Visited, steps: tuple[Said | timedelta, ...]) -> IntroductionId:
    introduction = await house.engine.asked(cast.opening(RULES))
    for step in steps:
        if isinstance(step, timedelta):
            await passes(house, introduction, step, [], None)
        else:
            await house.engine.hear(introduction, step)
    return introduction


async def passes(
    house: Visited, introduction: IntroductionId, time: timedelta, found: list[str], gone: Person | None
) -> None:
    """Whatever is due happens, and every letter that leaves meanwhile is read."""
    end = house.clock() + time
    for _ in range(60):
        found += await house.database.write(partial(_letters, now=house.clock(), gone=gone))
        await house.engine.letters_arrive()
        state = house.engine.states.get(introduction)
        wake = next_wake(state) if state else None
        if wake is None or wake.at > end:
            break
        house.clock.now = max(house.clock(), wake.at)
        await house.engine.time_passes(introduction)
    house.clock.now = end


async def forgotten(house: Visited, introduction: IntroductionId, who: Person) -> None:
    asked = await house.database.write(lambda c: jobs.ask(c, who.id, house.keys, "operator", house.clock()))
    if not house.engine.states[introduction].closed:
        await house.engine.heard(introduction, Erased(by=who.id))
    for job in asked.erasures:
        await house.database.write(lambda c, job=job: deletion.carry_out(c, job, house.clock()))  # type: ignore[misc]


async def holes(house: Visited, introduction: IntroductionId, gone: Person, language: str) -> AsyncIterator[str]:
    """Every page and every copy of everybody else, in one of the languages."""
    await house.database.write(lambda c: c.execute(update(person).values(language=language)))
    for reader in (each for each in (ROSA, TOMOKO, CARL, OLIVE) if each != gone):
        client = await house.signed_in(reader)
        look = partial(_paths, introduction=introduction, who=reader, now=house.clock())
        for path in await house.database.write(look):
            page = await client.get(path)
            assert page.status_code < 400, (path, page.status_code)
            for hole in in_page(page.text, gone):
                yield f"{reader.name} {language} {path}: {hole}"
        everything = await house.database.read(partial(copy.copy_of, who=reader.id, now=house.clock()))
        if gone.name in str(everything.sections):
            yield f"the copy of {reader.name} names them"


def _paths(connection: Connection, introduction: IntroductionId, who: Person, now: Any) -> list[str]:
    if who == OLIVE:
        own = f"/console/introductions/{introduction}"
        return ["/console", "/console?stage=closed", own, "/console/letters", "/console/people"]
    paths = ["/me", "/me/settings", "/me/settings/blocks", "/me/erasure"]
    for row in connection.execute(select(ask.c.number, ask.c.version).where(ask.c.person == who.id)):
        about = {"introduction": introduction, "ask": row.number, "version": row.version}
        raw = link_tokens.mint(connection, "ask", who.id, now=now, expires_at=now + timedelta(days=1), **about)
        paths.append(f"/a/{raw}")
    return paths


def in_page(page: str, gone: Person) -> Iterator[str]:
    body = re.sub(r"<(script|style)\b.*?</\1>|<head>.*?</head>", "", page, flags=re.S)
    yield from (f"an empty {body[max(0, at.start() - 90) : at.end()]}" for at in HOLES.finditer(body))
    text = "\n".join(" ".join(unescape(re.sub(r"<[^>]+>", "", line)).split()) for line in body.splitlines())
    yield from (text[max(0, at.start() - 40) : at.end() + 20] for at in GAPS.finditer(text))
    if gone.name in text:
        yield "their name"


def _letters(connection: Connection, now: Any, gone: Person | None) -> list[str]:
    """Each letter that leaves now, as it would be written."""
    found = []
    outbox.claim(connection, HERE, now, 100)
    due = select(letter.c.id).where(letter.c.state == "planned", letter.c.claimed_by == HERE)
    for row in connection.execute(due).all():
        with connection.begin_nested() as trial:
            started = start_letter.start(connection, row.id, HERE, KEYS, STATIONERY.domain, now)
            written = _written(started, now) if started else ""
            trial.rollback()
        found += [f"a letter: {hole}" for hole in in_page(written, gone)] if gone else []
    return found


def _written(started: Any, now: Any) -> str:
    try:
        message = message_from_bytes(STATIONERY.write(started, now), policy=email_policy.default)
    except CannotBeWritten:
        return ""
    part = message.get_body(("plain",))
    return f"{message['subject']}\n{part.get_content() if part else ''}"


def at_the_command_line(house: Visited, story: Any, gone: Person, capsys: pytest.CaptureFixture[str]) -> list[str]:
    listing.tell(story, told(story))
    said = f"{capsys.readouterr().out}\n{listing.line(story.listed)[1]}"
    return [f"the command line: {hole}" for hole in in_page(said, gone)]


def _story(introduction: IntroductionId, connection: Connection) -> Any:
    return staff_story.story(connection, introduction, cast.MONDAY + timedelta(days=9))
