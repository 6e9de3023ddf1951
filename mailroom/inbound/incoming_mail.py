"""Incoming messages and what follows from them. Nothing, unless it speaks of a letter of ours; and never an answer.

Whose letter it speaks of, only a signed address tells, or for a mere reply the Message-ID it answers. No mail is ever
sent in reply to anything (A6, S34).
"""

import asyncio
import re
from collections.abc import Iterable
from datetime import datetime

from mailroom.inbound.bounce_reports import OUR_ID, Report, read
from mailroom.room import log
from mailroom.transport.return_addresses import ReturnAddresses, Signed
from models.ids import LetterId
from store.engine.database import Database
from store.letters import returned_mail
from store.letters.returned_mail import Returned

_ADDRESS = re.compile(r"[^\s<>,;:\"()]{1,100}@[^\s<>,;:\"()]{1,255}")


async def receive(
    database: Database, addresses: ReturnAddresses, domain: str, raw: bytes, to: Iterable[str], now: datetime
) -> str:
    """Take one message in; what it was, as a word for the log. `to`: where the mail server says it arrived."""
    report = await asyncio.to_thread(read, raw)  # a hostile one takes a while, and letters go on meanwhile
    returned = judge(report, addresses, domain, tuple(to), now)
    if returned is None:
        return "nothing"
    known = await database.write(lambda connection: returned_mail.take(connection, returned, now))
    if known:
        log.info("letter.came_back id=%s kind=%s", returned.letter, returned.kind)
    return returned.kind if known else "nothing"


def judge(
    report: Report, addresses: ReturnAddresses, domain: str, to: tuple[str, ...], now: datetime
) -> Returned | None:
    """What this message makes known about which letter; None where it says nothing that may be believed."""
    arrived = _signed(addresses, (*to, *report.sent_to), now)
    match report.sort:
        case "delivery" if arrived:
            return _of_delivery(report, arrived)
        case "complaint":
            about = arrived or _signed(addresses, report.returned_to, now)
            return Returned(letter=about.letter, started_at=about.started_at, kind="complaint") if about else None
        case "other":
            letter = arrived.letter if arrived else _answered(report, domain)
            return Returned(letter=letter, started_at=None, kind="reply") if letter else None
        case _:
            return None


def _of_delivery(report: Report, about: Signed) -> Returned | None:
    if report.action == "delayed":
        return Returned(letter=about.letter, started_at=about.started_at, kind="delayed", said=report.code)
    if not report.is_permanent:
        return None
    return Returned(
        letter=about.letter,
        started_at=about.started_at,
        kind="bounced",
        said=f"{report.code or 'returned'} in a report",
        blames_address=report.blames_address,
    )


def _signed(addresses: ReturnAddresses, named: Iterable[str], now: datetime) -> Signed | None:
    for text in named:
        for address in _ADDRESS.findall(text)[:20]:
            found = addresses.read(address, now)
            if found:
                return found
    return None


def _answered(report: Report, domain: str) -> LetterId | None:
    for text in report.answers:
        for letter, of in OUR_ID.findall(text)[:20]:
            if of.lower() == domain.lower():
                return LetterId(letter.lower())
    return None
