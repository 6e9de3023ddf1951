"""What follows from a policy, in the store and on paper? Whom it finds, what the letters and the promises say."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, update
from sqlalchemy.engine import make_url

from models.ids import IntroductionId
from models.introduction import Opening
from models.letters import LetterKind
from models.policy import Policy
from models.recording import Recorded
from store.database import sqlite_engine
from store.migrating import migrate, upgrade
from store.tables import tie
from tests import cast, rows
from tests.cast import CARL, MONDAY, ROSA, STAN, opening
from tests.mailroom.desk import desk
from tests.mailroom.post import Post
from tests.mailroom.reaching import planned
from tests.shell import Shell
from tests.web.house import visited

DAY = timedelta(days=1)


class Found:
    """Whom the store finds for Rosa who asks for Tomoko; Carl knows Tomoko best, then Cleo."""

    def __init__(self, *, asked_before: timedelta | None = None, carls_tie: timedelta = 3 * DAY) -> None:
        self.asked_before, self.carls_tie = asked_before, carls_tie

    async def __call__(self, policy: Policy, folder: Path) -> str:
        engine = sqlite_engine(make_url(f"sqlite:///{folder / 'found.db'}"), durable=False)
        try:
            with engine.begin() as connection:
                self._settle_in(connection, policy)
            return self._ask(policy, engine)
        finally:
            engine.dispose()

    def _settle_in(self, connection: Connection, policy: Policy) -> None:
        upgrade(connection)
        rows.settle_in(connection, policy, MONDAY)
        confirmed = {"confirmed_at": MONDAY - self.carls_tie}
        connection.execute(update(tie).where(tie.c.connector == CARL.id).values(confirmed))

    def _ask(self, policy: Policy, engine: Engine) -> str:
        if self.asked_before:
            earlier = opening(policy, asked_at=MONDAY - self.asked_before)
            theirs = {"id": IntroductionId("int_earlier"), "requester": STAN.somebody}
            _begin(engine, earlier.model_copy(update=theirs))
        introduction = _begin(engine, opening(policy)).introduction
        return introduction.connector.id if introduction.connector else introduction.stage.kind


async def the_introduction(policy: Policy, folder: Path) -> str:
    """The letter that introduces Tomoko to Rosa."""
    url = f"sqlite:///{folder / 'desk.db'}"
    await migrate(url)
    async with desk(url, policy) as opened:
        await planned(opened, LetterKind.INTRODUCTION_TO_REQUESTER)
        post = Post()
        await opened.carry(post)
        return str(post.received(ROSA.address)[-1].get_body(("plain",)))


async def the_promises(policy: Policy, folder: Path) -> str:
    async with visited(folder, policy) as house:
        return (await house.stranger().get(f"/p/{cast.PROGRAMME}")).text


def _begin(engine: Engine, begun: Opening) -> Shell:
    def run(work: Callable[[Connection], Recorded]) -> Recorded:
        with engine.begin() as connection:
            return work(connection)

    with engine.begin() as connection:
        rows.ask_at_the_door(connection, begun)
    return Shell(run, begun)
