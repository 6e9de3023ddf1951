"""Introductions that count by an older zone law than is known now, and what each has to be told of it."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, select, update

from calendars.clocks import clock_of, clocks_of, law
from models.ids import IntroductionId
from models.news import ClocksChanged
from models.policy.lifetime import lifetime
from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from models.record.retelling import retold
from models.time.clocks import clock_in
from store.journal import inbox
from store.journal.inbox import Inboxed
from store.journal.ledger import entries
from store.tables import inbox as inbox_table
from store.tables import introduction

AT_LEAST = timedelta(days=90)  # so long ahead an old one is told, too


def behind(connection: Connection, after: str = "", limit: int = 100) -> list[IntroductionId]:
    """Open introductions that have begun and were told an older law, in the order of their ids.

    Without those whose news of it waits to be heard already.
    """
    query = select(introduction.c.id).where(
        introduction.c.closed_at.is_(None),
        introduction.c.clock_law < law(),
        introduction.c.step > 0,
        introduction.c.id > after,
        ~exists().where(
            inbox_table.c.introduction == introduction.c.id,
            inbox_table.c.nonce == _once(law()),
            inbox_table.c.state == "waiting",
        ),
    )
    return [
        IntroductionId(each) for each in connection.execute(query.order_by(introduction.c.id).limit(limit)).scalars()
    ]


def tell(connection: Connection, which: IntroductionId, now: datetime) -> bool:
    """Put what has changed for its people into its inbox, once; whether anything has. Where nothing has, or it is not
    heard any more, it counts by this law from now on; else the step that hears it says so."""
    stored = connection.execute(select(introduction.c.opening).where(introduction.c.id == which)).scalar_one()
    opening = Opening.read_back(stored)
    case = retold(opening, entries(connection, which))
    news = _changed(case, max(opening.asked_at + lifetime(opening.policy), now + AT_LEAST), now) if case else None
    kept = _kept(connection, which, news, now) if news else None
    if kept is None or kept.state == "refused":
        connection.execute(update(introduction).where(introduction.c.id == which).values(clock_law=law()))
    return kept is not None and not kept.repeated


def _kept(connection: Connection, which: IntroductionId, news: ClocksChanged, now: datetime) -> Inboxed:
    once = _once(news.law)
    return inbox.put(connection, introduction_id=which, news=news, via="mailroom", nonce=once, now=now)


def _once(release: str) -> str:
    return f"clocks {release}"


def _changed(case: Introduction, until: datetime, now: datetime) -> ClocksChanged | None:
    people = (case.requester, case.target, case.connector)
    zones = sorted({case.zone, *(each.zone for each in people if each), *(ask.zone for ask in case.asks)})
    told = {zone: clock_in(case.clocks, zone).between(now, until) for zone in zones}
    changed = [zone for zone in zones if told[zone] != clock_of(zone, now).between(now, until)]
    return ClocksChanged(law=law(), clocks=clocks_of(changed, now, until)) if changed else None
