"""Twin histories over real HTTP: all that requester, connector, target, key and staff can fetch, at every instant.

Two houses live the same story up to one act. What each reads afterwards is fetched at every instant at which anything
changes in either of them, and compared byte for byte; tokens, nonces and ids made at random are called by their order.
A test `in_turns` fetches at the first of them and at every third, each of its variants at others; `make soak` at all.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from itertools import count
from pathlib import Path
from zipfile import ZipFile

import httpx2
from sqlalchemy import Connection, select

from models.asks import Ask, AskState
from models.ids import IntroductionId
from models.policy.policy import Policy
from models.process.state.opening import Opening
from store.access import link_tokens
from store.access.api_keys import Scope
from store.tables import letter
from tests.cast import CARL, CLEO, OLIVE, ROSA, TOMOKO, Person
from tests.support.run.in_turns import TURN
from tests.web.api.api_client import caller
from tests.web.house import Visited, visited

Act = Callable[["Twin"], Awaitable[None]]
Made = Callable[[Connection], None]
Seen = dict[str, str]
SCOPES = {"staff": (Scope.STAFF,), "keeper": (Scope.PEOPLE,)}
PEOPLE = {"requester": ROSA, "connector": CARL, "other connector": CLEO, "target": TOMOKO}

RANDOM = re.compile(r"\b(let|wrd|cha|key|vue|inb)_[A-Za-z0-9_-]{6,}")
SECRET = re.compile(r'(name="nonce" value="|/a/|/f/|nonce-)[A-Za-z0-9_.=-]{16,}')
LINKS_LAST = timedelta(days=400)
SESSIONS_LAST = timedelta(days=7)  # then everybody signs in anew, and sees no mere way in
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass
class Twin:
    """One of the two houses, and the links and keys with which it is looked at."""

    house: Visited
    introduction: IntroductionId
    links: dict[str, str] = field(default_factory=dict)
    clients: dict[str, httpx2.AsyncClient] = field(default_factory=dict)
    since: dict[str, datetime] = field(default_factory=dict)  # they have been signed in

    @property
    def now(self) -> datetime:
        return self.house.clock.now

    async def next_instant(self) -> datetime | None:
        state = self.house.engine.states[self.introduction]
        soonest = await self.house.engine.next_instant(self.introduction)
        ends = [ask.due_at for ask in state.asks if ask.due_at > self.now and ask.state != AskState.OPEN]
        undo_for = state.policy.undo_for.nominal
        undone = [at for ask in state.asks if ask.answered_at and (at := ask.answered_at + undo_for) > self.now]
        return min([*([soonest] if soonest else []), *ends, *undone], default=None)

    async def until(self, instant: datetime) -> None:
        """Whatever is due until then happens, each thing at its instant."""
        while (at := await self.house.engine.next_instant(self.introduction)) and at <= instant:
            self.house.clock.now = max(self.now, at)
            await self.house.engine.sweep()
            await self.house.engine.time_passes(self.introduction)
        self.house.clock.now = instant
        await self.house.engine.letters_arrive()

    async def seen_by(self, who: str) -> Seen:
        """Every page and every answer this one can fetch now."""
        if who == "key":
            one = f"/introductions/{self.introduction}"
            stages = ("in_progress", "asked_afresh", "introduced", "closed")
            paths = [one, f"{one}/events", "/introductions", *(f"/introductions?stage={each}" for each in stages)]
            return {f"key {path}": await self._api("key", path) for path in paths}
        if who == "desk":
            return await self._desk()
        if who == "staff":
            return await self._staff() | await self._desk()
        person = PEOPLE[who]
        pages = {f"own page {each}": await self._page(person, each) for each in ("/me", "/me/copy")}
        edit = f"/me/requests/{self.introduction}/edit"
        editing = {"edit": await self._page(person, edit)} if who == "requester" else {}
        return pages | editing | await self.questions(person) | {"mail": await self._mail(person)}

    async def _staff(self) -> Seen:
        stages = ("with_connector", "with_parties", "resting", "closed", "confirming")
        return {each: await self._page(OLIVE, each) for each in (f"/console?stage={each}" for each in stages)}

    async def _desk(self) -> Seen:
        """What staff read of this introduction, and where it stands among the others."""
        lists = ("/console", "/console/letters", "/console/people")
        found = {each: await self._page(OLIVE, each) for each in lists}
        one = f"/console/introductions/{self.introduction}"
        found[one] = await self._page(OLIVE, one)
        found["desk"] = await self._api("staff", f"/introductions/{self.introduction}/desk?operator={OLIVE.id}")
        for person in (ROSA, TOMOKO):
            found[f"copy of {person.id}"] = await self._api("keeper", f"/people/{person.id}/export")
        return found

    async def questions(self, person: Person) -> Seen:
        """The pages of all that this person was asked, by links of theirs, in the order in which they were asked."""
        asks = [ask for ask in self.house.engine.states[self.introduction].asks if ask.person == person.id]
        told = [ask for ask in asks if ask.opened_at <= self.now and await self._has_left(ask.number)]
        found: Seen = {}
        for place, ask in enumerate(told):
            name = f"{person.id} {ask.kind} {place}"
            if name not in self.links:
                self.links[name] = await self.house.database.write(partial(self._link, ask=ask))
            found[name] = plain((await self.house.stranger().get(f"/a/{self.links[name]}")).text)
        return found

    def _link(self, connection: Connection, ask: Ask) -> str:
        return link_tokens.mint(
            connection,
            "ask",
            ask.person,
            now=self.now,
            expires_at=self.now + LINKS_LAST,
            introduction=self.introduction,
            ask=ask.number,
            version=ask.version,
        )

    async def _has_left(self, ask: int) -> bool:
        query = select(letter.c.id).where(letter.c.ask == ask, letter.c.state == "accepted").limit(1)
        return await self.house.database.read(lambda c: c.execute(query).first() is not None)

    async def _mail(self, person: Person) -> str:
        """What has reached their mailbox, and when."""
        columns = (letter.c.settled_at, letter.c.kind, letter.c.reminder)
        theirs = (letter.c.person == person.id, letter.c.state == "accepted")
        query = select(*columns).where(*theirs).order_by(*columns)
        rows = await self.house.database.read(lambda c: c.execute(query).all())
        return "\n".join(f"{row.settled_at} {row.kind}{' (reminder)' if row.reminder else ''}" for row in rows)

    async def signed_in(self, who: Person) -> httpx2.AsyncClient:
        if self.now - self.since.get(who.id, LONG_AGO) > SESSIONS_LAST:
            self.since[who.id] = self.now
            self.clients[who.id] = await self.house.signed_in(who)
        return self.clients[who.id]

    async def calling(self, who: str) -> httpx2.AsyncClient:
        """With a key: that of a requester's program, that of the staff's, or that of whoever keeps the members."""
        if who not in self.clients:
            self.clients[who] = await caller(self.house, SCOPES.get(who, (Scope.READ, Scope.WRITE)))
        return self.clients[who]

    async def _page(self, who: Person, path: str) -> str:
        return answered(await (await self.signed_in(who)).get(path))

    async def _api(self, who: str, path: str) -> str:
        return answered(await (await self.calling(who)).get(path))


@asynccontextmanager
async def twins(
    folder: Path, rules: Policy, opening: Opening, *, made: Made | None = None, other: Made | None = None
) -> AsyncIterator[tuple[Twin, Twin]]:
    """`made` and `other`: what is otherwise in the one and in the other, before anybody asks for anything."""
    (folder / "one").mkdir()
    (folder / "other").mkdir()
    async with visited(folder / "one", rules) as one, visited(folder / "other", rules) as another:
        for house, differing in ((one, made), (another, other)):
            if differing:
                await house.database.write(differing)
        yield Twin(one, await one.engine.asked(opening)), Twin(another, await another.engine.asked(opening))


async def differences(one: Twin, other: Twin, whom: Iterable[str], until: datetime) -> list[str]:
    """What each reads differently in the two, at every instant up to `until` (not including it) whose turn it is."""
    found: list[str] = []
    readers = tuple(whom)
    for instant in count():
        if TURN.looks_at(instant):
            found += [each for who in readers for each in await differs(one, other, who)]
        instants = [at for each in (one, other) if (at := await each.next_instant())]
        soonest = min(instants, default=until)
        if soonest >= until:
            break
        for each in (one, other):
            await each.until(soonest)
    return found


async def differs(one: Twin, other: Twin, who: str) -> list[str]:
    """What this one reads differently in the two now."""
    left, right = await one.seen_by(who), await other.seen_by(who)
    return [
        f"{one.now:%d %b %H:%M:%S} {who}: {name}: {first_difference(left.get(name), right.get(name))}"
        for name in sorted({*left, *right})
        if left.get(name) != right.get(name)
    ]


def deadline(twin: Twin) -> datetime:
    """The first of the questions that are open in it."""
    return min(ask.due_at for ask in twin.house.engine.states[twin.introduction].open_asks())


def first_difference(left: str | None, right: str | None) -> str:
    if left is None or right is None:
        return "only one of them has it"
    pairs = zip(left.splitlines(), right.splitlines(), strict=False)
    return next((f"{a.strip()!r} | {b.strip()!r}" for a, b in pairs if a != b), "one is longer")


def answered(got: httpx2.Response) -> str:
    """All of an answer that its reader could compare."""
    return plain(f"{got.status_code} {got.headers.get('location', '')} {got.headers.get('etag', '')}\n{_body(got)}")


def _body(got: httpx2.Response) -> str:
    if got.headers.get("content-type") != "application/zip":
        return got.text
    with ZipFile(BytesIO(got.content)) as packed:
        return "\n".join(f"{each}\n{packed.read(each).decode()}" for each in packed.namelist())


def plain(text: str) -> str:
    """Random ids by their order in the text; nonces and tokens by nothing."""
    names: dict[str, str] = {}
    text = SECRET.sub(r"\1*", text)
    return RANDOM.sub(lambda match: names.setdefault(match[0], f"{match[1]}_{len(names)}"), text)
