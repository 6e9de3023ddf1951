"""Consequences of a policy in the store and on paper. Whom it finds, what the letters and the promises say."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, update
from sqlalchemy.engine import make_url

from models.ids import IntroductionId
from models.letters import LetterKind
from models.policy.policy import Policy
from models.process.state.opening import Opening
from models.record.step_record import Recorded
from store.engine.database import sqlite_engine
from store.tables import introduction, membership, tie
from tests import cast
from tests.cast import CARL, MONDAY, ROSA, STAN, opening
from tests.mailroom.desk import desk
from tests.mailroom.fake_relay import Post
from tests.store.letters.planned_letters import planned
from tests.support import rows
from tests.support.services.databases import migrated_copy
from tests.support.shell import Shell
from tests.web.house import visited

DAY = timedelta(days=1)


class Found:
    """Whom the store finds for Rosa who asks for Tomoko; Carl knows Tomoko best, then Cleo."""

    def __init__(
        self,
        *,
        asked_before: timedelta | None = None,
        carls_tie: timedelta = 3 * DAY,
        by_rosa: bool = False,
        introduced: bool = False,
        staff: tuple[cast.Person, ...] = (),
        experts: tuple[cast.Person, ...] = (),
    ) -> None:
        self.asked_before, self.carls_tie, self.by_rosa = asked_before, carls_tie, by_rosa
        self.introduced, self.staff, self.experts = introduced, staff, experts

    async def __call__(self, policy: Policy, folder: Path) -> str:
        engine = sqlite_engine(make_url(f"sqlite:///{await migrated_copy(folder)}"), durable=False)
        try:
            with engine.begin() as connection:
                self._settle_in(connection, policy)
            return self._ask(policy, engine)
        finally:
            engine.dispose()

    def _settle_in(self, connection: Connection, policy: Policy) -> None:
        rows.settle_in(connection, policy, MONDAY)
        staff = membership.c.person.in_([each.id for each in self.staff])
        connection.execute(update(membership).where(staff).values(operates=True))
        experts = membership.c.person.in_([each.id for each in self.experts])
        connection.execute(update(membership).where(experts).values(kind="expert"))
        confirmed = {"confirmed_at": MONDAY - self.carls_tie}
        connection.execute(update(tie).where(tie.c.connector == CARL.id).values(confirmed))

    def _ask(self, policy: Policy, engine: Engine) -> str:
        if self.asked_before:
            _begin(engine, self._earlier(policy, engine, MONDAY - self.asked_before))
            self._introduce(engine, MONDAY - self.asked_before)
        found = _begin(engine, opening(policy)).introduction
        return found.connector.id if found.connector else found.stage.kind

    def _introduce(self, engine: Engine, at: datetime) -> None:
        if self.introduced:
            with engine.begin() as connection:
                connection.execute(update(introduction).values(delivered_at=at, live=False))

    def _earlier(self, policy: Policy, engine: Engine, at: datetime) -> Opening:
        """Stan asked for Tomoko too; or Rosa for somebody else whom Carl knows."""
        earlier = {"id": IntroductionId("int_earlier")}
        if not self.by_rosa:
            return opening(policy, asked_at=at).model_copy(update=earlier | {"requester": STAN.somebody})
        with engine.begin() as connection:
            other = rows.somebody_new(connection, CARL, at)
        return opening(policy, target=other, asked_at=at).model_copy(update=earlier)


async def the_introduction(policy: Policy, folder: Path) -> str:
    """The letter that introduces Tomoko to Rosa."""
    async with desk(f"sqlite:///{await migrated_copy(folder)}", policy) as opened:
        await planned(opened, LetterKind.INTRODUCTION_TO_REQUESTER)
        post = Post()
        await opened.carry(post)
        return str(post.received(ROSA.address)[-1].get_body(("plain",)))


async def the_promises(policy: Policy, folder: Path, language: str = "en") -> str:
    async with visited(folder, policy) as house:
        return (await house.stranger(language).get(f"/p/{cast.PROGRAMME}")).text


async def the_promises_in_spanish(policy: Policy, folder: Path) -> str:
    return await the_promises(policy, folder, "es")


async def the_promises_in_portuguese(policy: Policy, folder: Path) -> str:
    return await the_promises(policy, folder, "pt")


def _begin(engine: Engine, begun: Opening) -> Shell:
    def run(work: Callable[[Connection], Recorded]) -> Recorded:
        with engine.begin() as connection:
            return work(connection)

    with engine.begin() as connection:
        rows.ask_at_the_door(connection, begun)
    return Shell(run, begun)
