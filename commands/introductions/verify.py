"""`introbroker verify`: the whole ledger checked, or the proof behind one letter.

The whole ledger gone through, or one chain.
"""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands import clock
from commands.options import JsonOption
from commands.output import as_json, table

if TYPE_CHECKING:
    from models.record.warmth import ChainLink
    from store.audit.proof import Explanation
    from store.audit.verify import BrokenRule
    from store.engine.database import Database

RESTS_ON = {
    "requested": "{who} asked for this introduction",
    "confirmed": "{who} confirmed the request made for them",
    "screened": "{who} let it pass for the programme",
    "sent_back": "{who} sent it back with advice, for the programme",
    "approved": "{who} approved, as connector",
    "opted_in": "{who} agreed to be introduced",
    "answered": "{who} answered in two lines",
    "introduced": "the two were introduced",
    "ended": "the introduction came to its end",
}
COUNTED: dict[str, Any] = {
    "letter": {"step"},
    "found": {"chain": {"__all__": {"seq"}}},
}  # of all that was said, known or not
LACKS = {
    "request": "no request stands behind it",
    "confirmation": "the requester has not confirmed the request",
    "screening": "nobody of the programme has let it pass",
    "approval": "no connector has approved this version of the request",
    "opt_in": "not both parties have agreed to this version of the request",
    "open_ask": "the question it asks is not open",
    "delivery": "the two have not been introduced",
    "ending": "nothing has ended that it could tell of",
    "receiver": "its receiver has no part in this",
}


def verify(
    letter: Annotated[str | None, typer.Argument(help="One letter's id (let_…): why it was allowed to go out.")] = None,
    json: JsonOption = False,
) -> None:
    """Go through the whole ledger: chain, read model, rules, letters. Ends with 1 where anything is wrong."""
    if letter:
        explain(letter, json=json)
        return
    found = asyncio.run(go_through())
    if json:
        as_json(found.as_facts())
    else:
        found.tell()
    if found.faults:
        raise typer.Exit(1)


class VerifyResult:
    """What was gone through, and what was found. Events, letters and texts are not counted: a no moves such a count at
    once, and whoever types this may know of it at its deadline only (S41)."""

    def __init__(self) -> None:
        self.introductions = 0
        self.faults: list[BrokenRule] = []

    async def of(self, database: "Database") -> "VerifyResult":
        from store.audit.verify import verify

        async for each in verify(database):
            self.introductions += 1
            self.faults += each.faults
        return self

    def as_facts(self) -> dict[str, Any]:
        return {"introductions": self.introductions, "faults": [each.model_dump() for each in self.faults]}

    def tell(self) -> None:
        typer.echo(f"Gone through: introductions {self.introductions}, with all their events and letters.")
        if not self.faults:
            typer.echo("The chain is whole, the read model is what the ledger says, and every letter was allowed.")
            typer.echo("Texts that were erased, or are past their time, can no longer be compared with their hashes.")
            return
        table(
            ("Introduction", "Rule", "What is wrong"),
            [(each.introduction, each.rule, each.what) for each in self.faults],
        )


async def go_through() -> VerifyResult:
    import settings
    from commands.databases import opened

    async with opened(settings.load()) as database:
        return await VerifyResult().of(database)


def explain(letter: str, *, json: bool) -> None:
    from commands.databases import read
    from commands.errors import REFUSED, CommandRefusal
    from models.ids import LetterId
    from models.record.warmth import Cold
    from store.audit import proof

    now = clock.now()
    found = read(lambda connection: proof.explain(connection, LetterId(letter), now))
    if found is None:
        raise CommandRefusal(
            f"There is no letter {letter} that belongs to an introduction: `introbroker show` lists them."
        )
    if json:
        as_json(found.model_dump(mode="json", exclude=COUNTED))
    else:
        tell(found)
    if isinstance(found.found, Cold):
        raise typer.Exit(REFUSED)


def tell(explained: "Explanation") -> None:
    from models.record.warmth import Cold
    from telling.stage_words import STATES

    letter = explained.letter
    typer.echo(f"{letter.id} ({letter.kind}) in {explained.introduction}: {STATES[letter.state]}.")
    if isinstance(explained.found, Cold):
        typer.echo(f"It may not go out: {LACKS[explained.found.missing]}.")
        return
    typer.echo("It might go out, because")
    for each in explained.found.chain:
        typer.echo(f"  {stamp(each.at)}  {because(each, explained.names)}")


def because(link: "ChainLink", names: dict[str, str]) -> str:
    from telling.stage_words import FORGOTTEN

    who = (names.get(link.person, link.person) or FORGOTTEN) if link.person else "somebody"
    return RESTS_ON[link.what].format(who=who) + (f" (version {link.version})" if link.version > 1 else "")


def stamp(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
