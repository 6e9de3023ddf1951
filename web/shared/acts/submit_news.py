"""News submitted from a page. It is kept first, then handed over."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from models.base import Frozen
from models.ids import IntroductionId
from models.news import News, Undone
from models.process.verdict import Reason, Refused, Taken
from store.asks import late_reports
from store.engine.database import DatabaseAway
from store.journal import inbox
from store.journal.inbox import Inboxed, nothing_more
from store.steps import unclaimed
from web.shared.house import House
from workflows.client import Away, NotRunning

AFTER_IT = timedelta(milliseconds=1)  # what is said second, of two that are kept at once
PATIENCE = timedelta(seconds=2)  # a page answers within that, whether or not anybody is there to hear


class WouldBeRefused(Exception):
    """Looked at in the transaction that would have kept it, the core would not take it."""

    def __init__(self, why: Reason) -> None:
        super().__init__()
        self.why = why


class ToBeHeard(Frozen):
    """We have it, and it will be heard; nobody could say yet what follows."""


async def hand_in(
    house: House,
    introduction: IntroductionId,
    news: News,
    *,
    via: str,
    nonce: str,
    held_until: datetime | None = None,
    check: Callable[[Connection], None] = nothing_more,
    beside: Callable[[Connection], None] = nothing_more,
) -> Taken | Refused | ToBeHeard:
    """Keep the news, with what belongs to it `beside` (words, a channel), in one transaction; then hand it over.

    The same page sent twice is kept once, and gets the first one's verdict. `check` looks in that transaction at what
    it was said over, and raises where that is so no longer: nothing is kept then, and WouldBeRefused is the verdict.
    `held_until`: so long it can be taken back, and is kept only.
    """
    now = house.clock()

    def keep(connection: Connection) -> tuple[Inboxed, Inboxed | None]:
        kept = inbox.put(
            connection,
            introduction_id=introduction,
            news=news,
            via=via,
            nonce=nonce,
            now=now,
            held_until=held_until,
            check=check,
            beside=beside,
        )
        return kept, None if kept.held_until else _known(connection, kept)

    try:
        kept = await house.database.write(keep)
    except WouldBeRefused as error:
        return Refused(reason=error.why)
    return await _handed_over(house, *kept)


async def hand_in_anew(
    house: House,
    introduction: IntroductionId,
    news: News,
    *,
    via: str,
    nonce: str,
    check: Callable[[Connection], None] = nothing_more,
    beside: Callable[[Connection], None] = nothing_more,
) -> Taken | Refused | ToBeHeard:
    """Keep an answer in the place of the one that stands: that one is undone and this one given, both or neither.

    Where it can be undone no longer, the one before stands.
    """
    now, by, number = house.clock(), getattr(news, "by", None), getattr(news, "ask", None)
    about: dict[str, Any] = {"introduction_id": introduction, "via": via}
    undone = Undone.model_validate({"ask": number, "by": by})

    def keep(connection: Connection) -> tuple[tuple[Inboxed, Inboxed | None], Inboxed]:
        first = inbox.put(connection, news=undone, nonce=f"{nonce[:56]}.undone", now=now, check=check, **about)
        anew = inbox.put(connection, news=news, nonce=nonce, now=now + AFTER_IT, beside=beside, **about)
        return (first, _known(connection, first)), anew

    first, anew = await house.database.write(keep)
    verdict = await _handed_over(house, *first)
    if isinstance(verdict, Refused):
        why = verdict.reason
        await house.database.write(lambda connection: inbox.mark_refused(connection, anew.key, why))
    return await hand_over(house, anew) if isinstance(verdict, Taken) else verdict


async def sent_before(house: House, introduction: IntroductionId, nonce: str) -> Inboxed | None:
    """What the same press of the same page has said already."""
    return await house.database.read(lambda connection: inbox.by_nonce(connection, introduction, nonce))


async def hand_over(house: House, kept: Inboxed) -> Taken | Refused | ToBeHeard:
    """Hand over what the inbox holds already. Whatever does not come back in time, the sweep hands over again."""
    return await _handed_over(house, kept, await house.database.read(lambda connection: _known(connection, kept)))


async def _handed_over(house: House, kept: Inboxed, known: Inboxed | None) -> Taken | Refused | ToBeHeard:
    if kept.state == "refused":
        return Refused(reason=Reason(kept.reason or Reason.NOT_NOW))
    if kept.state == "taken" or kept.repeated:  # who sent it first is handing it over
        return ToBeHeard()
    if known is None:
        return ToBeHeard()  # the sweep hands both over, in the order in which they were said
    try:
        async with asyncio.timeout(PATIENCE.total_seconds() + 0.5):
            verdict = await house.introductions.deliver(kept.introduction, known.envelope)
    except TimeoutError:
        verdict = Away()
    if isinstance(verdict, Away):
        return ToBeHeard()
    said, now = None if isinstance(verdict, NotRunning) else verdict, house.clock()
    with suppress(DatabaseAway) if isinstance(said, Taken) else nullcontext():  # then the sweep asks once more
        said = await house.database.write(lambda connection: late_reports.settle(connection, kept, said, now))
    return said or ToBeHeard()


def _known(connection: Connection, kept: Inboxed) -> Inboxed | None:
    """What to hand over, and what the workflow must know before; None while something said before is unheard."""
    if inbox.waits_behind(connection, kept):
        return None
    return kept.behind(unclaimed.steps_known(connection, [kept.introduction])[kept.introduction])
