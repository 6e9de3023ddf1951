"""No machine that opens links answers for a person. A fleet of them goes over every letter before its reader does.

None may leave a trace: no event, no news in the inbox, no link used up, not a row anywhere but the counts that slow
machines down. The person's own click still works afterwards (A1).
"""

import asyncio
import contextlib
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urljoin

import httpx2
import pytest
from playwright.async_api import Browser
from playwright.async_api import Page as Tab
from sqlalchemy import Connection, select, update

import settings
from commands.demo.pages import PageRead
from mailroom.loops import staff_letters
from models.letters import LetterKind
from models.time.open_hours import Calendar
from server import build
from store.access import sessions
from store.boundaries import invitations, resting_asks
from store.engine.database import SQLite
from store.tables import membership, metadata
from store.views.installation import alarms
from tests.cast import PROGRAMME, ROSA, TOMOKO, policy
from tests.killing import mail_scanners
from tests.killing.background_load import Desk, Readers
from tests.killing.test_kills import running
from tests.mailroom.desk import KEYS, STATIONERY
from tests.mailroom.desk import Desk as MailDesk
from tests.mailroom.desk import desk as mail_desk
from tests.mailroom.fake_relay import Post
from tests.store.letters.planned_letters import planned
from tests.support.letters_alone import OF_NO_INTRODUCTION
from tests.support.services.databases import Place, migrated_copy
from tests.support.services.sink import Sink
from tests.web.engine import Engine
from tests.web.http_server import serving

COUNTS = ("rate",)  # how often somebody knocked; nobody's answer
ANSWERED_BY = {
    LetterKind.CONFIRM_REQUEST: "yes",
    LetterKind.ASK_CONNECTOR: "introduce",
    LetterKind.ASK_TARGET: "yes",
    LetterKind.ASK_REQUESTER: "yes",
}


class Street:
    """One house that shows every letter's pages, one browser tab, one client; and the letters, each in its turn."""

    def __init__(self, desk: MailDesk, address: str, client: httpx2.AsyncClient, tab: Tab) -> None:
        self.desk, self.address, self.client, self.tab = desk, address, client, tab
        self.seen: set[str] = set()
        self.forms = 0
        self.empty: sqlite3.Connection | None = None

    async def letter_of(self, plan: Callable[[MailDesk], Awaitable[object]]) -> EmailMessage:
        """The last letter that leaves once this has been planned in an empty house."""
        assert isinstance(self.desk.database, SQLite)
        with contextlib.closing(sqlite3.connect(self.desk.database.engine.url.database or "")) as file:
            if self.empty is None:
                self.empty = sqlite3.connect(":memory:", check_same_thread=False)
                file.backup(self.empty)
            self.empty.backup(file)
        await plan(self.desk)
        post = Post()
        await self.desk.carry(post)
        to, _, _ = post.taken[-1]
        return post.received(to)[-1]

    def links(self, mail: EmailMessage) -> list[str]:
        found = [each for each in mail_scanners.links_in(mail) if each.startswith(STATIONERY.public_url)]
        return [each.replace(STATIONERY.public_url, self.address) for each in found]

    async def send_the_fleet(self, mail: EmailMessage) -> None:
        before = await self.rows()
        for link in self.links(mail):
            if link in self.seen:
                continue
            self.seen.add(link)
            page = await mail_scanners.fetch(self.client, link)
            await mail_scanners.crawl(self.client, page, self.seen)
            self.forms += await mail_scanners.send_forms_as_they_stand(self.client, page)
            await mail_scanners.run_scripts(self.tab, link)
        assert await self.rows() == before, mail["Subject"]

    async def rows(self) -> Counter[tuple[str, str]]:
        """Every row of every table, as text."""

        def read(connection: Connection) -> Counter[tuple[str, str]]:
            tables = [table for name, table in sorted(metadata.tables.items()) if name not in COUNTS]
            return Counter((table.name, repr(row)) for table in tables for row in connection.execute(select(table)))

        return await self.desk.database.read(read)

    async def reader_clicks(self, mail: EmailMessage, choice: str) -> None:
        """The reader chooses, and that is kept."""
        link = next(
            each for each in self.links(mail) if "/a/" in each and "#" not in each
        )  # the other says why it came
        page = PageRead(link, (await self.client.get(link)).text)
        form = page.form("choice", choice)
        answers = {"choice": choice}
        if "channels" in form.choices:
            answers["channels"] = form.choices["channels"][0]
        before = await self.rows()
        sent = await self.client.post(urljoin(link, form.action), data=form.with_answers(answers))
        assert sent.status_code < 400, sent.text
        assert [name for name, _ in (await self.rows()) - before].count("inbox") == 1


@pytest.fixture
async def street(tmp_path: Path, browser: Browser) -> AsyncIterator[Street]:
    told = {"INTROBROKER_DATA": str(tmp_path), "INTROBROKER_SMTP_URL": "smtp://127.0.0.1:2525"}
    async with mail_desk(f"sqlite:///{await migrated_copy(tmp_path)}", policy("demo")) as desk:
        nobody = Engine(desk.database, desk.clock)  # whatever it is told, it knows no introduction
        app = build(
            settings.load(told | {"INTROBROKER_REPLY_TO": "o@example.test"}), desk.database, nobody, KEYS, desk.clock
        )
        tab = await browser.new_page()
        async with serving(app) as address, httpx2.AsyncClient(timeout=20, follow_redirects=True) as client:
            yield Street(desk, address, client, tab)
        await tab.close()


def a_way_in(desk: MailDesk) -> Awaitable[object]:
    return desk.database.write(lambda connection: sessions.ask_for_link(connection, (ROSA.id,), desk.now))


async def a_pause(desk: MailDesk) -> None:
    """Rosa did not come to one meeting, under a policy for which one is enough."""
    asked, rules = await desk.asked(), policy("accelerator", {"pauses.no_shows": 1}).pauses
    assert rules

    def stays_away(connection: Connection) -> None:
        resting_asks.keep_no_show(connection, asked.id, ROSA.id, TOMOKO.id, desk.now)
        resting_asks.rest_if_absent(connection, PROGRAMME, ROSA.id, rules, desk.now, Calendar())

    await desk.database.write(stays_away)
    desk.passes(timedelta(days=1))


def planning(kind: LetterKind) -> Callable[[MailDesk], Awaitable[object]]:
    return lambda desk: planned(desk, kind)


async def a_desk(desk: MailDesk) -> None:
    """No worker runs, and Olive hears of it."""
    await desk.database.write(lambda connection: alarms.raise_alarm(connection, "no_worker", desk.now))
    await staff_letters.once(desk.room(Post()))


async def a_welcome(desk: MailDesk) -> None:
    """A file brought Tomoko, and staff invite her."""

    def invited(connection: Connection) -> None:
        connection.execute(update(membership).where(membership.c.person == TOMOKO.id).values(uninvited_since=desk.now))
        invitations.invite(connection, PROGRAMME, policy("demo"), None, desk.now)

    await desk.database.write(invited)


LETTERS: dict[str, Callable[[MailDesk], Awaitable[object]]] = {
    **{kind.value: planning(kind) for kind in LetterKind},
    "sign_in": a_way_in,
    "asks_paused": a_pause,
    "desk": a_desk,
    "welcome": a_welcome,
}
assert set(LETTERS) == {*LetterKind, *OF_NO_INTRODUCTION}


@pytest.mark.browser
async def test_no_robot_leaves_a_trace_on_any_letter_and_its_reader_can_still_answer(street: Street) -> None:
    for kind, plan in LETTERS.items():
        mail = await street.letter_of(plan)
        await street.send_the_fleet(mail)
        if kind in ANSWERED_BY:
            await street.reader_clicks(mail, ANSWERED_BY[LetterKind(kind)])
    assert street.forms >= len(ANSWERED_BY)


@pytest.mark.soak
@pytest.mark.browser
@pytest.mark.timeout(600)
async def test_scanners_over_every_letter_of_a_running_stack_answer_nothing(
    sink: Sink, browser: Browser, place: Place, tmp_path: Path
) -> None:
    """The same while worker, Temporal and mailroom run, and whatever is answered goes on at once."""
    desk, readers, seen = Desk(place), Readers(sink), 0
    await desk.open()
    tab = await browser.new_page()
    async with running(tmp_path, sink, desk), httpx2.AsyncClient(timeout=20, follow_redirects=True) as client:
        desk.ask(3)
        async with asyncio.timeout(400):
            while not (desk.delivered() >= 3 and seen == len(sink.kept) >= 18):
                for kept in list(sink.kept)[seen:]:
                    before = desk.answers()
                    for link in mail_scanners.links_in(kept.message):
                        page = await mail_scanners.fetch(client, link)
                        await mail_scanners.send_forms_as_they_stand(client, page)
                        await mail_scanners.run_scripts(tab, link)
                    assert desk.answers() == before
                    await readers.answer(client, kept)
                    seen += 1
                await asyncio.sleep(0.2)
    await tab.close()
    assert readers.acknowledged == 9  # three connectors' yes and their parties', each after the fleet had been there
