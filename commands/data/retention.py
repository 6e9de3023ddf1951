"""`introbroker retention`: how long each class of data is kept, and what has gone. Shown, or carried out now."""

from typing import Annotated

import typer

from commands import clock
from commands.options import JsonOption
from commands.output import as_json, moment, table


def retention(
    run: Annotated[bool, typer.Option("--run", help="Do it now; the mailroom does it once a day.")] = False,
    json: JsonOption = False,
) -> None:
    """What is kept for how long, and what went when."""

    from commands.databases import read, write
    from store.privacy import retention as keeping

    now = clock.now()
    if run:
        write(lambda connection: keeping.keep(connection, now))
    rules = read(keeping.rules_of)
    gone = read(keeping.runs)
    if json:
        kept = {name: each.model_dump(mode="json") for name, each in rules.items()}
        as_json({"kept": kept, "gone": [each.model_dump(mode="json") for each in gone]})
        return
    fields = ("texts", "consents", "drafts", "unused_imports")
    table(("Programme", *fields), [(name, *(str(getattr(each, f)) for f in fields)) for name, each in rules.items()])
    table(
        ("When", "What", "Of", "Older than", "Gone"),
        [(moment(each.at), each.of, each.programme or "–", moment(each.until), str(each.gone)) for each in gone],
    )
