"""`introbroker erase`: a person forgotten from the command line.

On their own word, said twice; the mailroom carries it through.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands import clock
from commands.options import JsonOption
from commands.output import as_json, table

if TYPE_CHECKING:
    from models.ids import PersonId
    from store.privacy.erasure.jobs import ErasureJob

SAYS = {  # the order in which it is told; what no number stands beside goes too, whatever there is of it
    "person": "name, headline, topics, places",
    "name_change": "corrections of their name",
    "photo": "a photo of theirs",
    "membership": "programmes they are in",
    "known_as": "keys of other systems",
    "tie": "whom they know, and who knows them",
    "asks_pause": "rests from questions",
    "conflict": "pairs in which they are kept apart from somebody",
    "draft": "requests begun",
    "session": "sessions",
    "rate": "sign-in letters counted",
    "hearing": "choices of what reaches them as staff",
    "told_to_staff": "lines of letters to them as staff",
    "contact_view": "looks at their contact details",
    "programme": "programmes that sign with their name",
    "channel": "ways to reach them",
    "words": "texts they wrote, and what requesters called them",
    "private_note": "notes they left beside an answer",
    "block": "blocks of theirs",
    "letter": "letters that have not left",
    "token": "links",
    "mail": "copies on the mail page",
    "idempotency": "answers of the API about them",
}


def erase(
    person: Annotated[str | None, typer.Argument(help="Their id (per_…) or an e-mail address of theirs.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    replay_journal: Annotated[
        Path | None,
        typer.Option("--replay-journal", help="After a restored backup: forget again whoever this journal names."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Forget somebody: every word, name and address of theirs. It cannot be undone."""
    if replay_journal:
        replay(replay_journal, json=json)
    elif person is None:
        raise typer.BadParameter("say whom", param_hint="PERSON")
    elif dry_run:
        foresee(person, json=json)
    else:
        carry_out(person, yes=yes, json=json)


def foresee(named: str, *, json: bool) -> None:
    from store.privacy.erasure.deletion import COUNTED

    who, counts = look(named)
    uncounted = [name for name in SAYS if name not in COUNTED]
    if json:
        as_json({"person": who, "rows": counts, "uncounted": uncounted})
        return
    many = {name: str(counts[name]) for name in counts} | dict.fromkeys(uncounted, "all")
    table(("How many", "What would go"), [(many[name], said) for name, said in SAYS.items() if name in many])
    typer.echo(
        "Every introduction of theirs that is under way would end. What stays: opaque ids, dates, and keyed marks of "
        "addresses."
    )


def look(named: str) -> "tuple[PersonId, dict[str, int]]":
    """Whom it means, and how much would go, as far as it may be counted for staff."""

    from sqlalchemy import Connection

    from commands.databases import write
    from commands.lookup import anybody_meant
    from store.privacy.erasure import deletion, records_of

    now = clock.now()

    def foreseen(connection: Connection) -> "tuple[PersonId, dict[str, int]]":
        who = anybody_meant(connection, named)
        counts: dict[str, int] = {}
        for each in records_of.records(connection, who):
            for name, many in deletion.foreseen(connection, each, now).items():
                counts[name] = counts.get(name, 0) + many
        return who, counts

    return write(foreseen)


def carry_out(named: str, *, yes: bool, json: bool) -> None:

    import settings
    from commands.databases import write
    from commands.errors import CommandRefusal
    from embedded.keys import key_ring
    from store.engine.secrets import Keys
    from store.privacy.erasure import jobs

    who, _ = look(named)
    if not yes:
        typer.echo(
            f"All that is kept of {who} goes, and every introduction of theirs ends. It cannot be undone.", err=True
        )
        if typer.prompt("Type the id to go on", err=True) != who:
            raise CommandRefusal("That is another id: nothing was changed.")
    ring = Keys((each.id, each.secret) for each in key_ring(settings.load().data))
    now = clock.now()
    asked = write(lambda connection: jobs.ask(connection, who, ring, "operator", now))
    if json:
        as_json([told(each) for each in asked.erasures])
    else:
        typer.echo(f"{who} is gone from every page and list now; the mailroom wipes the rest within a minute.")


def replay(journal: Path, *, json: bool) -> None:
    import asyncio

    import settings
    from commands.databases import opened
    from commands.errors import CommandRefusal
    from mailer import forget_again, keys_of
    from store.privacy.erasure.after_restore import Replayed

    if not journal.is_file():
        raise CommandRefusal(f"There is no journal {journal}.")

    async def again() -> Replayed:
        told = settings.load()
        async with opened(told) as database:
            return await forget_again(database, keys_of(told), journal)

    found = asyncio.run(again())
    if json:
        as_json(found.model_dump())
    else:
        typer.echo(f"Forgotten again: {len(found.people)} people; marks of addresses put back: {found.marks}.")


def told(which: "ErasureJob") -> dict[str, object]:
    return which.model_dump(mode="json", exclude={"mark", "suppressed", "tries", "tenant"})
