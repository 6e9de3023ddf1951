"""Keep what a release leaves in its databases: `python -m tests.store.releases.fill 0.2`, run with that release's code.

Introductions at every stage, told by fictional people, in SQLite and in PostgreSQL, dumped as SQL. A release's files
are never edited and never removed while somebody may come from it: every later release must migrate them and go on.
"""

import asyncio
import gzip
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from models.asks import Ask, AskKind
from models.ids import ChannelId, IntroductionId, WordsId
from models.news import AnsweredInTwoLines, Blocked, News, OptedIn, PutOff, Reported, Stopped, Withdrew
from models.outcomes import Met
from models.policy.policy import Policy
from models.process.state.opening import MadeBy
from store.access import idempotency, sessions
from store.access.api_keys import Scope, make_key
from store.boundaries import suppressions
from store.engine.migrate import migrate
from store.requests.drafts import save_draft
from store.tables import words
from tests.cast import CARL, CLEO, MONDAY, OLIVE, PROGRAMME, ROSA, STAN, Person, opening, policy
from tests.mailroom.desk import KEYS, Case, Desk, desk
from tests.mailroom.fake_relay import Post
from tests.support import rows
from tests.support.news_phrases import Saying, approves, confirms, declines, forwards, last_ask, opts_in
from tests.support.services.postgres import ENVIRONMENT, OURS, running, server_binaries

HERE = Path(__file__).parent
ROOM = {"connector.cap": 100, "requester.open_asks": 100, "requester.new_asks": 100}
LINK = re.compile(r"/a/([A-Za-z0-9_-]+)")
UNTIL_CERTAIN = timedelta(seconds=31)  # what was said can no longer be undone


def yes(who: Person) -> Saying:
    channels = (ChannelId(f"cha_{who.id.removeprefix('per_')}_mail"),)
    return lambda i: OptedIn(ask=last_ask(i, who.id), by=who.id, channels=channels, wording="wording-1")


def two_lines(who: Person) -> Saying:
    return lambda i: AnsweredInTwoLines(ask=last_ask(i, who.id), by=who.id, words=lines_of(who))


def met(who: Person) -> Saying:
    return lambda i: Reported(ask=last_ask(i, who.id), by=who.id, outcome=Met(useful=True))


def lines_of(who: Person) -> WordsId:
    return WordsId(f"wrd_{who.id.removeprefix('per_')}")


class Filling:
    """One programme, and many introductions of Rosa's, each to somebody else."""

    def __init__(self, at: Desk) -> None:
        self.desk, self.post = at, Post()
        self.told: dict[str, Case] = {}

    async def asked(self, name: str, made_by: MadeBy = MadeBy.REQUESTER, rules: Policy | None = None) -> "Told":
        who = await self.desk.database.write(self._somebody)
        made = opening(rules or self.desk.rules, made_by, who, asked_at=self.desk.now)
        case = await self.desk.asked(begun=made.model_copy(update={"id": IntroductionId(f"int_{name}")}))
        self.told[name] = case
        await self.carry()
        return Told(self, case, who)

    async def need(self, name: str) -> None:
        made = opening(self.desk.rules, target=None, asked_at=self.desk.now)
        self.told[name] = await self.desk.asked(begun=made.model_copy(update={"id": IntroductionId(f"int_{name}")}))
        await self.carry()

    async def carry(self) -> None:
        self.desk.passes(UNTIL_CERTAIN)
        await self.desk.carry(self.post)

    def _somebody(self, connection: Connection) -> Person:
        who = rows.somebody_new(connection, CARL, self.desk.now)
        rows.knows(connection, CLEO, who, 4, self.desk.now)
        text = {"id": lines_of(who), "owner": who.id, "kind": "lines", "body": "Do ask Ines about seals."}
        connection.execute(insert(words).values(**text, at=self.desk.now))
        return who


class Told:
    """One of them, as far as it has been told."""

    def __init__(self, filling: Filling, case: Case, who: Person) -> None:
        self.filling, self.case, self.who = filling, case, who

    async def hears(self, *said: Saying | News) -> "Told":
        for each in said:
            await self.case.hear(each)
        return self

    async def and_letters_leave(self) -> "Told":
        await self.filling.carry()
        return self

    async def until(self, kind: str) -> "Told":
        while self.case.introduction.stage.kind != kind:
            await self.case.wait()
            await self.filling.carry()
        return self

    async def until_asked(self) -> "Told":
        """Whether they met: what is asked of them before that is another question."""
        while not any(ask.person == self.who.id for ask in self._asked_whether_they_met()):
            await self.case.wait()
            await self.filling.carry()
        return self

    def _asked_whether_they_met(self) -> list[Ask]:
        return [ask for ask in self.case.introduction.open_asks() if ask.kind == AskKind.MEET]

    async def delivered(self) -> "Told":
        await self.hears(approves(CARL))
        await self.and_letters_leave()
        await self.hears(yes(self.who), opts_in(ROSA))
        return await self.until("following_up")


async def over(f: Filling) -> None:
    told = await (await f.asked("met")).delivered()
    await (await told.until_asked()).hears(met(told.who))
    await told.until("closed")
    told = await (await f.asked("no_report")).delivered()
    await told.until("closed")
    told = await f.asked("declined")
    await told.hears(declines(CARL), declines(CLEO))
    await told.until("closed")
    told = await f.asked("lapsed")
    await told.until("closed")
    told = await f.asked("in_two_lines")
    await told.hears(approves(CARL))
    await (await told.and_letters_leave()).hears(two_lines(told.who))
    await told.until("closed")
    told = await f.asked("withdrawn")
    await told.hears(Withdrew(by=ROSA.id))
    told = await f.asked("stopped")
    await told.hears(Stopped(by=OLIVE.id))
    told = await f.asked("blocked")
    await told.hears(approves(CARL))
    await (await told.and_letters_leave()).hears(Blocked(by=told.who.id))


async def under_way(f: Filling) -> None:
    told = await (await f.asked("followed_up")).delivered()
    await (await told.until_asked()).hears(met(told.who))
    told = await f.asked("resting")
    await told.hears(approves(CARL))
    await told.and_letters_leave()
    later, who = f.desk.now + timedelta(minutes=50), told.who
    await told.hears(lambda i: PutOff(ask=last_ask(i, who.id), by=who.id, until=later))
    await f.need("seeking")
    screened = policy(
        "demo", ROOM | {"screening": policy("accelerator").screening, "requester.promised_answer": "15 bd"}
    )
    await f.asked("screening", rules=screened)
    await f.asked("confirming", MadeBy.KEY)
    told = await f.asked("confirmed", MadeBy.KEY)
    await told.hears(confirms(ROSA))
    await (await f.asked("second_connector")).hears(declines(CARL))
    told = await f.asked("forwarded")
    await told.hears(forwards(CARL))
    told = await f.asked("target_said_yes")
    await told.hears(approves(CARL))
    await (await told.and_letters_leave()).hears(yes(told.who))
    told = await f.asked("with_parties")
    await told.hears(approves(CARL))
    await told.and_letters_leave()
    told = await f.asked("passing_on")
    await told.hears(approves(CARL))
    await (await told.and_letters_leave()).hears(two_lines(told.who))
    await f.asked("with_connector")
    told = await f.asked("delivering")
    await told.hears(approves(CARL))
    await (await told.and_letters_leave()).hears(yes(told.who), opts_in(ROSA))
    told = await f.asked("said_and_not_heard")
    await told.case.put(Withdrew(by=ROSA.id))


def beside(connection: Connection) -> dict[str, str]:
    """What stands beside introductions: somebody signed in, a key, a request of a program, a draft, a suppression."""
    key = make_key(connection, KEYS, PROGRAMME, "a program", (Scope.READ, Scope.WRITE), MONDAY, None)
    idempotency.claim(connection, PROGRAMME, "once", "a" * 64, MONDAY)
    idempotency.settle(connection, PROGRAMME, "once", 201, "{}")
    save_draft(connection, PROGRAMME, ROSA.id, {"note": "Half a thought."}, MONDAY)
    suppressions.add(connection, KEYS, rows.TENANT, "gone@example.test", "opt_out", MONDAY)
    return {"session": sessions.begin(connection, STAN.id, MONDAY), "key": key}


async def fill(url: str) -> dict[str, Any]:
    """What a test needs to know of it: the links people hold, and where each introduction stood."""
    await migrate(url)
    async with desk(url, policy("demo", ROOM)) as at:
        filling = Filling(at)
        for stories in (over, under_way):
            await stories(filling)
        held = await at.database.write(beside)
        stages = {case.id: case.introduction.stage.kind for case in filling.told.values()}
        return {"now": at.now.isoformat(), "stages": stages, "links": links(filling.post), **held}


def links(post: Post) -> list[str]:
    """The link of each letter that has one."""
    found = []
    for to, _, _ in {taken[0]: taken for taken in post.taken}.values():
        for message in post.received(to):
            body = message.get_body(("plain",))
            found += LINK.findall(body.get_content() if body else "")[:1]
    return found


def of_sqlite(folder: Path) -> str:
    facts = asyncio.run(fill(f"sqlite:///{folder / 'filled.db'}"))
    (folder / "sqlite.json").write_text(json.dumps(facts, indent=1))
    with sqlite3.connect(folder / "filled.db") as connection:
        return "\n".join(connection.iterdump())


def of_postgresql(folder: Path) -> str:
    with running() as server:
        facts = asyncio.run(fill(server.fresh()))
        (folder / "postgresql.json").write_text(json.dumps(facts, indent=1))
        dump = [str(server_binaries() / "pg_dump"), "--inserts", "--no-owner", "--no-privileges", "--no-comments"]
        where = ["-h", "127.0.0.1", "-p", str(server.port), "-U", OURS, "t1"]
        said = subprocess.run([*dump, *where], env=ENVIRONMENT, capture_output=True, check=True, text=True).stdout
    # Lines for psql and for newer servers than may read it; comments.
    return "\n".join(line for line in said.splitlines() if line and not line.startswith(("\\", "SET ", "--")))


def main(release: str) -> None:
    kinds: dict[str, Callable[[Path], str]] = {"sqlite": of_sqlite, "postgresql": of_postgresql}
    (HERE / release).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for kind, dumped in kinds.items():
            sql = dumped(Path(folder))
            # Without the time of day in it, the same content gives the same file.
            (HERE / release / f"{kind}.sql.gz").write_bytes(gzip.compress(sql.encode(), mtime=0))
            (HERE / release / f"{kind}.json").write_text((Path(folder) / f"{kind}.json").read_text() + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
