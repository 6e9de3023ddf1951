"""The doctor's command: all looks at once, told as a table or as JSON; nothing is changed or sent."""

import asyncio
from typing import TYPE_CHECKING

import typer

from commands.options import JsonOption
from commands.output import as_json, table

if TYPE_CHECKING:
    from commands.doctor.findings import Diagnosis, Look
    from settings import Settings

SHOWN = {"well": "well", "unsure": "cannot tell", "wrong": "WRONG"}


def doctor(json: JsonOption = False) -> None:
    """Look at relay, addresses, database, Temporal, clocks and pages. Ends with 1 where something is wrong."""
    import settings

    found = asyncio.run(look_at_all(settings.load()))
    if json:
        as_json([each.as_facts() for each in found])
    else:
        tell(found)
    if any(each.state == "wrong" for each in found):
        raise typer.Exit(1)


async def look_at_all(told: "Settings") -> "list[Diagnosis]":
    from commands.doctor.findings import in_time

    found = await asyncio.gather(*(in_time(about, look) for about, look in looks(told)))
    return [each for findings in found for each in findings]


def looks(told: "Settings") -> "list[tuple[str, Look]]":
    """In the order in which they are told."""
    from commands.doctor import databases, dns, mail, pages, temporal

    return [
        ("settings", lambda: pages.addresses(told)),
        ("keys", lambda: pages.keys(told)),
        ("pages", lambda: pages.public(told)),
        ("database", lambda: databases.look(told)),
        ("Temporal", lambda: temporal.look(told)),
        ("relay", lambda: mail.relay(told)),
        ("what comes back", lambda: mail.mailbox(told)),
        ("names", lambda: dns.look(told)),
    ]


def tell(found: "list[Diagnosis]") -> None:
    lines = [(each.about, SHOWN[each.state], each.said + (f" → {each.do}" if each.do else "")) for each in found]
    table(("Of what", "How it is", "What was found, and what to do"), lines)
