"""Retention: what was kept long enough goes, nothing before its time, and a row proves it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, insert, select

from mailroom.loops.retention import carry_out_retention
from store.audit.verify import verify
from store.privacy import retention
from store.tables import (
    channel,
    consent,
    disclosure,
    draft,
    idempotency,
    known_as,
    mail,
    person,
    retention_run,
    session,
    tie,
    token,
    words,
)
from tests.cast import CARL
from tests.store.privacy.erasure.house import STORIES, Home, home
from tests.support import rows

DAY = timedelta(days=1)


async def _counts(here: Home, *tables: Table) -> list[int]:
    return [await _count(here, each) for each in tables]


async def _count(here: Home, table: Table) -> int:
    query = select(func.count()).select_from(table)
    return await here.database.read(lambda connection: connection.execute(query).scalar_one())


async def test_each_class_goes_in_its_time_and_not_before(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        introduction = await STORIES["closed"](here)
        texts = select(func.count()).where(words.c.introduction == introduction)
        ended = here.clock()

        async def kept(days: float) -> list[int]:
            here.clock.now = ended + days * DAY
            await carry_out_retention(here.room)
            left = await here.database.read(lambda connection: connection.execute(texts).scalar_one())
            return [left, *await _counts(here, mail, consent, disclosure, draft, session, idempotency, token)]

        in_mail, links = await _counts(here, mail, token)
        assert await kept(0) == [1, in_mail, 2, 2, 3, 3, 3, links]
        assert await kept(29) == [1, in_mail, 2, 2, 3, 0, 0, links]
        assert await kept(40) == [1, in_mail, 2, 2, 0, 0, 0, links]
        stopping = in_mail  # the link of each letter that ends the letters, which opens for a year
        assert await kept(364) == [1, in_mail, 2, 2, 0, 0, 0, stopping]
        assert await kept(365.5) == [0, 0, 2, 2, 0, 0, 0, stopping]
        assert await kept(729) == [0, 0, 2, 2, 0, 0, 0, 0]
        assert await kept(731) == [0, 0, 0, 0, 0, 0, 0, 0]
        assert await here.faults() == []
        assert [each.erased async for each in verify(here.database)] == [1]
        proof = await here.database.read(lambda connection: connection.execute(select(retention_run)).all())
        gone = {(row.of, row.gone) for row in proof if row.gone}
        assert ("consents", 4) in gone
        assert ("texts", 1 + in_mail) in gone
        assert len([row for row in proof if row.of == "texts"]) == 7


async def test_it_runs_once_a_day_and_open_introductions_keep_everything(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await STORIES["with_parties"](here)
        before = await _counts(here, words, consent, mail)
        here.clock.passes(800 * DAY)
        await carry_out_retention(here.room)
        await carry_out_retention(here.room)
        assert await _counts(here, words, consent, mail) == before
        runs = await here.database.read(retention.runs)
        assert len({run.at for run in runs}) == 1
        assert [run.of for run in runs].count("texts") == 1


async def test_whom_only_a_list_has_named_goes_unless_somebody_had_to_do_with_them(tmp_path: Path) -> None:
    async with home(tmp_path) as here:

        async def listed(name: str, **known: Any) -> None:
            who = f"per_{name}"
            row = {"id": who, "tenant": rows.TENANT, "name": name, "language": "en", "zone": "UTC", "topics": []}
            now = here.clock()
            tied = {"connector": CARL.id, "person": who, "no_go": False, "source": "a list", "evidence": ""} | known
            mail_of = {"id": f"cha_{name}", "person": who, "kind": "email", "value": f"{name}@example.test"}
            await here.database.write(
                lambda connection: [
                    connection.execute(insert(person).values(row | {"places": [], "created_at": now})),
                    connection.execute(
                        insert(known_as).values(tenant=rows.TENANT, key=f"linkedin {name}", person=who, said={})
                    ),
                    connection.execute(insert(channel).values(mail_of | {"source": "a list", "created_at": now})),
                    connection.execute(insert(tie).values(tied)),
                ]
            )

        await listed("unused")
        await listed("confirmed", confirmed_at=here.clock())
        everybody = await _count(here, person)
        here.clock.passes(29 * DAY)
        await carry_out_retention(here.room)
        assert await _count(here, person) == everybody
        here.clock.passes(2 * DAY)
        await carry_out_retention(here.room)
        names = await here.database.read(lambda connection: set(connection.execute(select(person.c.name)).scalars()))
        assert "unused" not in names
        assert "confirmed" in names
        assert await _count(here, person) == everybody - 1
