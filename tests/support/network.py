"""A whole network, brought to life in a test. Imported by the command, reached by SMTP, answered through links."""

import asyncio
import json
import random
import re
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import Row, Table, select, update
from temporalio.testing import WorkflowEnvironment

import policies
import server
import settings
import worker
from benchmarks.email_eu import GRAPH, LABELS, Network, is_listed, ref
from commands.demo.pages import PageForm, PageRead
from embedded.keys import key_ring
from mailer import room
from mailroom.loops.all_loops import run as carry
from mailroom.loops.sweep import OFTEN
from models.ids import ChannelId, IntroductionId, PersonId, ProgrammeId
from models.request.request import Listed, Request
from settings import Settings
from store.engine.database import Database, database
from store.engine.secrets import Keys
from store.requests.new_requests import RequestKept, keep_request, mark_started
from store.tables import channel, introduction, known_as, letter, membership
from tests.commands.terminal import Terminal
from tests.support.services.sink import Kept as Received
from tests.support.services.sink import Sink
from tests.support.services.temporal_env import client_with
from workflows.client import IntroductionClient
from workflows.plugin import plugin

DEPARTMENTS, IN_EACH = 5, 14
BUSY = 503
ANSWERED_BEFORE = 409  # in the letter, while its reminder lay unread
# In the order in which somebody prefers them: what each ask is answered with, and the words that go with it.
ANSWERS: dict[str, dict[str, str]] = {
    "vouch": {"sentence": "I have worked beside them for years, and would read whatever they write."},
    "yes": {},
    "wrote": {},
    "useful": {},
    "thank": {"thanks": "Thank you: your question has changed what we look at next.", "share": "yes"},
}
LINK = re.compile(r"https?://[^\s/]+(/a/[\w.~-]+)")
# The demo's patience, but nobody waits to be shown how waiting looks.
SOONER = {
    'undo_for = "5 s"': 'undo_for = "1 s"',
    'written = "10 s"': 'written = "2 s"',
    'did_you_meet = "30 s"': 'did_you_meet = "4 s"',
    'first_contact = "20 s"': 'first_contact = "3 s"',
    'thanks = "10 s"': 'thanks = "1 s"',
}


def write_small_network(folder: Path) -> None:
    """The same shape: departments whose people write to each other, and a few who write across."""
    dice, people = random.Random(1972), range(DEPARTMENTS * IN_EACH)
    wrote = {
        (writer, reader)
        for writer in people
        for reader in people
        if writer != reader and dice.random() < (0.4 if writer % DEPARTMENTS == reader % DEPARTMENTS else 0.06)
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / GRAPH).write_text("".join(f"{writer} {reader}\n" for writer, reader in sorted(wrote)))
    (folder / LABELS).write_text("".join(f"{number} {number % DEPARTMENTS}\n" for number in people))


def strangers(network: Network, many: int) -> list[tuple[int, int]]:
    """Pairs of different departments who never wrote to each other, but somebody who knows the second knows the first.
    Everybody is in one pair at most."""
    pairs: list[tuple[int, int]] = []
    taken: set[int] = set()
    for requester in sorted(network.departments):
        target = next(
            (each for each in network.departments if _may_be_asked_for(network, requester, each, taken)), None
        )
        if requester not in taken and target is not None:
            pairs.append((requester, target))
            taken |= {requester, target}
        if len(pairs) == many:
            return pairs
    raise AssertionError(f"the network has only {len(pairs)} such pairs")


def _may_be_asked_for(network: Network, requester: int, target: int, taken: set[int]) -> bool:
    wrote, departments = network.wrote, network.departments
    if target in taken or target == requester or not is_listed(target):
        return False
    if departments[requester] == departments[target] or {(requester, target), (target, requester)} & wrote:
        return False
    return any((each, target) in wrote and (each, requester) in wrote for each in departments)


@dataclass(frozen=True)
class Approved:
    """Somebody approved a letter's request when so many letters had been received."""

    letter: str
    received: int


@dataclass
class Town:
    """Worker, mailroom and pages over the imported network, and a mail server that keeps what they send."""

    database: Database
    introductions: IntroductionClient
    sink: Sink
    browser: httpx2.AsyncClient
    programme: ProgrammeId
    read: int = 0
    approvals: list[Approved] = field(default_factory=list)

    async def ask(self, requester: int, target: int) -> IntroductionId:
        """At the door, as the request page would; then the workflow begins."""
        who, whom = await self.person(requester), await self.person(target)
        asked = Request(
            programme=self.programme,
            requester=who,
            whom=Listed(person=whom),
            wanted="twenty_minutes",
            why=f"Nobody else has written about what department {target} measures.",
            offer="Our own measurements of two winters.",
            note=f"I read what you measured in {2000 + target % 20}, and would like to ask how you kept it dry.",
            channels=(await self._mail_of(who),),
            wording="request/1/en",
        )
        now = datetime.now(UTC)
        kept = await self.database.write(lambda connection: keep_request(connection, asked, now))
        assert isinstance(kept, RequestKept), kept
        assert await self.introductions.start(kept.opening)
        await self.database.write(lambda connection: mark_started(connection, kept.opening.id, now))
        return kept.opening.id

    async def until_all_are_over(self, asked: Sequence[IntroductionId], within: float) -> None:
        """Everybody reads their mail and answers what they are asked."""
        try:
            async with asyncio.timeout(within):
                while not all(row.closed_at for row in await self.rows(introduction, introduction.c.id.in_(asked))):
                    await self._read_mail()
                    await asyncio.sleep(0.1)
        except TimeoutError:
            stands = [(row.id, row.stage, row.waiting_on) for row in await self.rows(introduction) if not row.closed_at]
            raise AssertionError(f"after {within} s these are not over: {stands}") from None

    async def until_all_letters_have_left(self, within: float = 20) -> None:
        async with asyncio.timeout(within):
            while await self.rows(letter, letter.c.state.in_(("planned", "started"))):
                await asyncio.sleep(0.1)

    async def rows(self, table: Table, *which: Any) -> Sequence[Row[Any]]:
        return await self.database.read(lambda connection: connection.execute(select(table).where(*which)).all())

    async def person(self, number: int) -> PersonId:
        (row,) = await self.rows(known_as, known_as.c.key == f"file {ref(number)}")
        return PersonId(row.person)

    async def _mail_of(self, who: PersonId) -> ChannelId:
        (row,) = await self.rows(channel, channel.c.person == who)
        return ChannelId(row.id)

    async def _read_mail(self) -> None:
        new = self.sink.kept[self.read :]
        self.read += len(new)
        await asyncio.gather(*(self._answer(each) for each in new))

    async def _answer(self, received: Received) -> None:
        """Follow the letter's link, and choose what this person prefers of what the page offers."""
        body = received.message.get_body(("plain",))
        link = LINK.search(body.get_content()) if body else None
        if link is None:
            return
        page = PageRead(link[1], (await self._patiently("GET", link[1])).text)
        for choice, words in ANSWERS.items():
            form = next((form for form in page.forms if form.has("choice", choice)), None)
            if form:
                if choice == "vouch":
                    self.approvals.append(Approved(received.message_id, len(self.sink.kept)))
                await self._send(form, {"choice": choice} | words)
                return

    async def _send(self, form: PageForm, answers: dict[str, str]) -> None:
        shared = {"channels": form.choices["channels"][0]} if "channels" in form.choices else {}
        await self._patiently("POST", form.action, form.with_answers(answers | shared))

    async def _patiently(self, method: str, path: str, said: dict[str, Any] | None = None) -> httpx2.Response:
        """Hundreds at once may be more than one process can serve in time: the page says so, and they press again."""
        answer = await self.browser.request(method, path, data=said)
        while answer.status_code == BUSY:
            await asyncio.sleep(1)
            answer = await self.browser.request(method, path, data=said)
        assert answer.status_code < 400 or answer.status_code == ANSWERED_BEFORE, answer.text
        return answer


@asynccontextmanager
async def town(env: WorkflowEnvironment, sink: Sink, folder: Path, files: Path, url: str) -> AsyncIterator[Town]:
    """The network of these files, taken into the database at `url` by the command, and everything that serves it.

    Everybody in it was invited long ago: their welcomes are not what is played.
    """
    programme = await asyncio.to_thread(_type_it_in, Terminal(folder / "data"), folder, files, url)
    told = settings.load(
        {"INTROBROKER_DATA": str(folder / "data"), "INTROBROKER_SMTP_URL": sink.url}
        | {"INTROBROKER_REPLY_TO": "office@programme.example", "INTROBROKER_DATABASE_URL": url}
    )
    client, queue, stop = client_with(env, [plugin()]), f"town-{secrets.token_hex(6)}", asyncio.Event()
    introductions = IntroductionClient(client, queue)
    async with database(told.database_url, durable=False) as opened, worker.build(client, opened, queue):
        await opened.write(lambda connection: connection.execute(update(membership).values(uninvited_since=None)))
        mailroom = asyncio.create_task(carry(room(told, opened), introductions, stop, every=OFTEN))
        try:
            async with _browser(told, opened, introductions) as browser:
                yield Town(opened, introductions, sink, browser, programme)
        finally:
            stop.set()
            await mailroom


def _type_it_in(terminal: Terminal, folder: Path, files: Path, url: str) -> ProgrammeId:
    """As an operator would: `migrate`, `programme add`, `import`."""
    rules = folder / "sooner.toml"
    text = (Path(policies.__file__).parent / "demo.toml").read_text(encoding="utf-8")
    for before, after in SOONER.items():
        assert before in text
        text = text.replace(before, after)
    rules.write_text(text, encoding="utf-8")
    _type(terminal, url, "migrate")
    made = json.loads(_type(terminal, url, "programme", "add", "Network", "--policy", str(rules), "--json"))
    _type(terminal, url, "import", "ties", str(files / "ties.csv"), "--people", str(files / "people.csv"), "--json")
    return ProgrammeId(made["id"])


def _type(terminal: Terminal, url: str, *words: str) -> str:
    process = terminal.start(*words, INTROBROKER_DATABASE_URL=url)
    said, _ = process.communicate(timeout=240)
    assert process.returncode == 0, said
    return said


@asynccontextmanager
async def _browser(
    told: Settings, opened: Database, introductions: IntroductionClient
) -> AsyncIterator[httpx2.AsyncClient]:
    keys = Keys((key.id, key.secret) for key in key_ring(told.data))
    app = server.build(told, opened, introductions, keys, lambda: datetime.now(UTC))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=told.public_url, follow_redirects=True) as browser:
        yield browser
