"""The load on a stack that is being killed. Many introductions, and people who answer every letter they find."""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx2
from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select

from commands.demo.pages import NotOnThePage, PageRead
from models.ids import IntroductionId
from models.policy.policy import Policy
from store.tables import inbox, introduction, letter
from tests.cast import CARL, policy
from tests.support import rows
from tests.support.services.databases import Place
from tests.support.services.sink import Kept, Sink
from tests.support.world import new_opening

LINK = re.compile(r"https?://[^\s\"<>]+/a/[A-Za-z0-9_-]+")
FORGOTTEN = timedelta(seconds=30)
ANSWERED_BEFORE = 409  # in the letter, while its reminder lay unread
ROOM = {"connector.cap": 100, "connector.cap_per": "1 s", "undo_for": "1 s", "connector.candidates": 1}


@dataclass
class Desk:
    """The database of a stack under load, looked at from outside."""

    place: Place
    rules: Policy = field(default_factory=lambda: policy("demo", ROOM))
    asked: list[IntroductionId] = field(default_factory=list)

    async def open(self) -> None:
        self.place.run(lambda connection: rows.settle_in(connection, self.rules, datetime.now(UTC), ()))

    @property
    def url(self) -> str:
        return self.place.url

    def ask(self, count: int) -> None:
        """That many requests at the door, each for somebody else; the sweep finds and starts them."""
        for _ in range(count):
            self.asked.append(self.place.run(self._ask))

    def delivered(self) -> int:
        query = select(func.count()).where(introduction.c.delivered_at.is_not(None))
        return self._count(query)

    def stuck(self) -> set[str]:
        """Introductions held up by a letter nobody can say was taken or not: an operator is, or will be, shown them.

        A letter whose mailroom was killed over it is known to be such only after its lease of minutes.
        """
        query = select(letter.c.introduction).join(introduction, introduction.c.id == letter.c.introduction)
        untold = or_(letter.c.state == "unknown", _orphaned())
        return {row.introduction for row in self._rows(query.where(untold, introduction.c.delivered_at.is_(None)))}

    def letters_under_way(self, due_by: datetime) -> int:
        due = (letter.c.not_before <= due_by, letter.c.state.in_(("planned", "started")), ~_orphaned())
        return self._count(select(func.count()).where(*due))

    def accepted(self) -> list[str]:
        return [row.message_id for row in self._rows(select(letter).where(letter.c.state == "accepted"))]

    def answers(self) -> Counter[str]:
        """How many there are of each: taken, refused, waiting. Twice: given in a letter and in its reminder as well."""
        rows = self._rows(select(inbox).where(inbox.c.via != "mailroom"))
        taken = {(row.introduction, row.ask) for row in rows if row.state == "taken"}
        return Counter("twice" if _is_twice(row, taken) else row.state for row in rows)

    def left_over(self) -> str:
        """What has not come to its delivery, or to its reader, and where it stands."""
        undelivered = select(introduction.c.id, introduction.c.stage, introduction.c.step, introduction.c.started_at)
        under_way = select(letter.c.id, letter.c.kind, letter.c.state, letter.c.tries, letter.c.relay_said)
        unheard = select(inbox.c.key, inbox.c.kind, inbox.c.state, inbox.c.reason, inbox.c.tries)
        found = [
            *self._rows(undelivered.where(introduction.c.delivered_at.is_(None))),
            *self._rows(under_way.where(letter.c.state.in_(("planned", "started", "unknown")))),
            *self._rows(unheard.where(inbox.c.state != "taken")),
        ]
        return "\n".join(str(row) for row in found)

    def _count(self, query: Select[int]) -> int:
        return int(self._rows(query)[0][0])

    def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        return self.place.run(lambda connection: connection.execute(query).all())

    def _ask(self, connection: Connection) -> IntroductionId:
        target = rows.somebody_new(connection, CARL, datetime.now(UTC))
        opening = new_opening(self.rules, target)
        rows.ask_at_the_door(connection, opening)
        return opening.id


@dataclass
class Readers:
    """Everybody who gets a letter answers it, and tries again until a page has said that it was taken."""

    sink: Sink
    acknowledged: int = 0
    _answered: set[str] = field(default_factory=set)

    async def read(self) -> None:
        """Until cancelled."""
        async with httpx2.AsyncClient(timeout=10, follow_redirects=True) as browser, asyncio.TaskGroup() as people:
            seen = 0
            while True:
                for kept in self.sink.kept[seen:]:
                    seen += 1
                    if kept.message_id not in self._answered:
                        self._answered.add(kept.message_id)
                        people.create_task(self.answer(browser, kept))
                await asyncio.sleep(0.1)

    def pass_over(self) -> None:
        """Nobody answers what has come until now."""
        self._answered |= {kept.message_id for kept in self.sink.kept}

    async def answer(self, browser: httpx2.AsyncClient, kept: Kept) -> None:
        """Follow the letter's link and say yes, if it asks for one."""
        found = LINK.search(text_of(kept))
        while found:
            try:
                if await self._says_yes(browser, found[0]):
                    self.acknowledged += 1
                return
            except (httpx2.HTTPError, _Away):
                await asyncio.sleep(0.3)

    async def _says_yes(self, browser: httpx2.AsyncClient, link: str) -> bool:
        page = await _page(await browser.get(link))
        for choice in ("introduce", "yes"):
            try:
                form = page.form("choice", choice)
            except NotOnThePage:
                continue
            answers = {"choice": choice}
            if "channels" in form.choices:
                answers["channels"] = form.choices["channels"][0]
            answer = await browser.post(urljoin(link, form.action), data=form.with_answers(answers))
            if answer.status_code == ANSWERED_BEFORE:
                return False
            await _page(answer)
            return True
        return False  # a later question: nobody has to answer it


def _is_twice(row: Row[Any], taken: set[tuple[str, int]]) -> bool:
    return row.state == "refused" and row.reason == "already_answered" and (row.introduction, row.ask) in taken


class _Away(Exception):
    """The house did not answer, or said that nothing was recorded."""


async def _page(answer: httpx2.Response) -> PageRead:
    if answer.status_code >= 500:
        raise _Away(str(answer.status_code))
    assert answer.status_code < 400, (
        f"{answer.url}: {answer.status_code} {PageRead(str(answer.url), answer.text).faults}"
    )
    return PageRead(str(answer.url), answer.text)


def _orphaned() -> ColumnElement[bool]:
    """Started so long ago that whoever carried it must have been killed: our mail server replies at once."""
    return (letter.c.state == "started") & (letter.c.started_at <= datetime.now(UTC) - FORGOTTEN)


def text_of(kept: Kept) -> str:
    body = kept.message.get_body(("plain",))
    return body.get_content() if body else ""


def child(head: int, name: str) -> int | None:
    """The process of this name under a running stack."""
    wanted = b"start-dev" if name == "temporal" else b"\0" + name.encode() + b"\0"
    for task in Path(f"/proc/{head}/task").iterdir():
        for pid in (task / "children").read_text().split():
            try:
                line = Path(f"/proc/{pid}/cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if wanted in line:
                return int(pid)
    return None
