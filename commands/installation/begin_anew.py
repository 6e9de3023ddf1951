"""`introbroker begin-anew`: an operator's word that what Temporal no longer holds is begun again from the ledger."""

from typing import TYPE_CHECKING, Annotated

import typer

from commands import clock

if TYPE_CHECKING:
    from store.installation.namespace import Namespaces

GiveTheWord = Annotated[bool, typer.Option("--go", help="Give the word; without it nothing is changed.")]


def begin_anew(go: GiveTheWord = False) -> None:
    """Say how much of what is under way Temporal lacks, and let it be begun anew from the ledger."""

    from commands.databases import read, write
    from store.installation import namespace
    from store.views import stalled_workflows
    from store.views.introductions import how_many_under_way

    now = clock.now()
    found, missing, under_way = read(
        lambda connection: (
            namespace.look(connection),
            stalled_workflows.missing(connection, now),
            how_many_under_way(connection, now),
        )
    )
    for line in how_it_is(found, missing, under_way):
        typer.echo(line)
    if not go:
        typer.echo("Nothing was changed. If what Temporal held is gone for good: introbroker begin-anew --go")
        return
    write(lambda connection: namespace.say_go(connection, now))
    typer.echo(
        "The namespace that is met next counts as ours, and what it lacks is begun anew from the ledger. "
        "Start what had refused to start."
    )


def how_it_is(found: "Namespaces", missing: int, under_way: int) -> list[str]:
    lines = [f"{under_way} introductions are under way."]
    if found.strange:
        lines.append(f"Temporal's namespace is another ({found.strange}) than the one that holds them ({found.known}).")
    if missing:
        lines.append(f"Temporal holds nothing of {missing} of them.")
    return lines
