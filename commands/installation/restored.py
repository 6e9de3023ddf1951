"""`introbroker restored`: after a backup was brought back, what would leave, and an operator's word that it may."""

from typing import TYPE_CHECKING, Annotated

import typer

from commands import clock
from commands.output import moment, table

if TYPE_CHECKING:
    from store.views.letters.letters_held import HeldLetters

LetThemGo = Annotated[
    bool, typer.Option("--go", help="Let the letters go. What may have left is asked of the relay, or shown.")
]
HoldThem = Annotated[
    bool, typer.Option("--hold", help="Say that this database was brought back: nothing leaves from now on.")
]
WHYS = {
    "older": "a mailroom has seen this database count further than it does now",
    "copied": "the data folder is a copy of the one it was",
    "new_folder": "no mailroom of this installation knows this database, nor how old it is",
    "word": "somebody said so",
}


def restored(go: LetThemGo = False, hold: HoldThem = False) -> None:
    """Say whether letters are held because the database was brought back, and which would leave."""

    from commands.databases import read, write
    from commands.errors import CommandRefusal
    from store.installation import age
    from store.views.letters import letters_held

    if go and hold:
        raise CommandRefusal("Hold the letters or let them go: one at a time.")
    now = clock.now()
    if hold:
        write(lambda connection: age.hold(connection, "word", now))
    elif go and not write(lambda connection: age.let_go(connection, now)):
        raise CommandRefusal("No letters are held: there is nothing to let go.")
    if go:
        typer.echo("The letters go on. What nobody can tell of shows in the console, under Letters.")
        return
    tell(read(lambda connection: letters_held.held(connection, now)))


def tell(found: "HeldLetters | None") -> None:
    if found is None:
        typer.echo("No letters are held. After a backup was brought back: introbroker restored --hold")
        return
    typer.echo(f"All letters are held since {moment(found.since)}: {WHYS[found.why]}.")
    typer.echo(
        f"{found.may_have_left} may have left before: the relay is asked, or they show as letters nobody can tell of. "
        f"{found.due} would leave at once, and so would whatever asks somebody again, if it is needed still."
    )
    table(
        ("Letter", "About", "Kind", "Due", "May have left"),
        (
            (each.id, each.introduction or "–", each.kind, moment(each.due), "yes" if each.may_have_left else "no")
            for each in found.letters
        ),
    )
    typer.echo("To let them go: introbroker restored --go")
