"""`introbroker import`: people, ties and conflicts from files. Each is taken whole, or every fault of it is told."""

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, NoReturn

import typer

from commands.options import JsonOption, OfProgramme
from commands.output import as_json, table

if TYPE_CHECKING:
    from intake.fault_reports import FileReport
    from intake.import_run import Importing, Phase, Stored, Watch

    Outcome = Stored | FileReport

importing = typer.Typer(
    help="People, and who knows whom, from files. docs/running/imports.md tells their form.", no_args_is_help=True
)
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only look what would come of it: nothing is kept.")]
RefsOf = Annotated[
    str, typer.Option(help="Whose keys the refs are, where several systems have their own: a short word, such as crm.")
]
SYSTEM = re.compile(r"[a-z][a-z0-9-]{0,30}")
RealPeople = Annotated[
    bool, typer.Option("--real-people", help="Real people are meant, even where a trial ends with them for good.")
]
NOTICES_SHOWN = 20
STOPPED = 130  # as shells say of whatever ended by Ctrl-C


TO_INVITE = (
    "Nobody writes to whom this brought new, or is told of them, before you invite them: on the console's page People, "
    "or with introbroker people invite --all."
)


class ImportOptions(NamedTuple):
    """What every import may be told."""

    programme: str | None
    refs_of: str
    dry_run: bool
    real_people: bool = False


@importing.command("people")
def people(
    file: Annotated[Path, typer.Argument(help="people.csv: one row, one person.")],
    programme: OfProgramme = None,
    refs_of: RefsOf = "file",
    dry_run: DryRun = False,
    real_people: RealPeople = False,
    json: JsonOption = False,
) -> None:
    """Bring people in, or bring those who are here up to date. Nobody is written to."""
    from intake.import_run import import_people

    asked = ImportOptions(programme, refs_of, dry_run, real_people)
    tell(brought(lambda each: import_people(each, file), asked, json), asked, json, are_invited=True)


@importing.command("ties")
def ties(
    file: Annotated[Path, typer.Argument(help="ties.csv: one row, one connector who knows one person.")],
    people: Annotated[Path | None, typer.Option(help="people.csv, to be taken together with it or not at all.")] = None,
    programme: OfProgramme = None,
    refs_of: RefsOf = "file",
    dry_run: DryRun = False,
    real_people: RealPeople = False,
    json: JsonOption = False,
) -> None:
    """Bring in who knows whom, and how well the connectors said they do."""
    from intake.import_run import import_ties

    asked = ImportOptions(programme, refs_of, dry_run, real_people)
    tell(brought(lambda each: import_ties(each, file, people), asked, json), asked, json, are_invited=True)


@importing.command("conflicts")
def conflicts(
    file: Annotated[Path, typer.Argument(help="conflicts.csv: one row, two who are not to be introduced.")],
    programme: OfProgramme = None,
    refs_of: RefsOf = "file",
    dry_run: DryRun = False,
    json: JsonOption = False,
) -> None:
    """Mark who is to be kept apart: people, organisations, or one of each. What a file leaves out stays marked."""
    from intake.import_run import import_conflicts

    asked = ImportOptions(programme, refs_of, dry_run)
    tell(brought(lambda each: import_conflicts(each, file), asked, json), asked, json)


@importing.command("linkedin")
def linkedin(
    file: Annotated[Path, typer.Argument(help="Connections.csv, as LinkedIn gave it to the connector.")],
    connector: Annotated[str, typer.Option(help="Whose export it is: their ref, or an e-mail address of theirs.")],
    column: Annotated[
        list[str] | None,
        typer.Option(help='Of an export in another language, which column is which: "Prénom=first name". Repeatable.'),
    ] = None,
    programme: OfProgramme = None,
    refs_of: RefsOf = "file",
    dry_run: DryRun = False,
    real_people: RealPeople = False,
    json: JsonOption = False,
) -> None:
    """Bring in whom a connector knows. How well is theirs to say: until then each tie is only a hint."""
    from commands.errors import CommandRefusal
    from intake.cells.fields import person_named
    from intake.fault_reports import Repaired, Wrong
    from intake.import_run import import_connections

    read = person_named(connector)
    if isinstance(read, Wrong):
        raise CommandRefusal(f"--connector: {read.what}. {read.remedy}.")
    named, told = read.value if isinstance(read, Repaired) else read, columns_told(column or [])
    asked = ImportOptions(programme, refs_of, dry_run, real_people)

    def bring(told: dict[str, str]) -> "Outcome":
        return brought(lambda each: import_connections(each, file, named, told), asked, json)

    outcome = bring(told)
    if not json and (answers := answered(outcome)):
        outcome = bring(told | answers)
    tell(outcome, asked, json)


def columns_told(options: list[str]) -> dict[str, str]:
    """Of each title, which column it is."""
    from commands.errors import CommandRefusal
    from intake.linkedin import COLUMNS

    ours, told = [column.name for column in COLUMNS], {}
    for option in options:
        title, _, name = option.rpartition("=")
        if not title.strip() or name.strip() not in ours:
            raise CommandRefusal(f"--column should be a title of the file, =, and one of: {', '.join(ours)}.")
        told[title.strip()] = name.strip()
    return told


def answered(outcome: "Outcome") -> dict[str, str]:
    """Which column is which, as somebody at a terminal says it; nothing where nobody needs to be asked, or can be."""
    from intake.fault_reports import FileReport, shown

    unknown = outcome.unknown if isinstance(outcome, FileReport) else None
    if unknown is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return {}
    typer.echo("The columns of this file are called:", err=True)
    for number, title in enumerate(unknown.titles, start=1):
        typer.echo(f"  {number}  {shown(title)}", err=True)
    told = {}
    for name in unknown.wanted:
        least = 1 if name in unknown.needed else 0
        asked, chosen = f"Which number is “{name}”?{'' if least else ' (0: none)'}", -1
        while not least <= chosen <= len(unknown.titles):
            chosen = typer.prompt(asked, type=int, err=True)
        if chosen:
            told[unknown.titles[chosen - 1]] = name
    return told


def brought(bring: "Callable[[Importing], Awaitable[Outcome]]", asked: ImportOptions, quiet: bool) -> "Outcome":
    from commands.errors import CommandRefusal

    if not SYSTEM.fullmatch(asked.refs_of) or asked.refs_of == "linkedin":
        raise CommandRefusal("--refs-of should be a short word in small letters, such as crm.")
    stop = Event()
    try:
        with watching(quiet, stop) as watch:
            return asyncio.run(_brought(bring, asked, watch, stop))
    except KeyboardInterrupt:
        again = "Stopped. A file is taken whole or not at all: type the same again to see."
        typer.echo(again, err=True)
        raise typer.Exit(STOPPED) from None


async def _brought(
    bring: "Callable[[Importing], Awaitable[Outcome]]", asked: ImportOptions, watch: "Watch", stop: Event
) -> "Outcome":
    from datetime import UTC, datetime
    from functools import partial

    import settings
    from commands.databases import opened
    from commands.lookup import programme_meant
    from embedded.folder import prepare
    from embedded.keys import key_ring
    from intake.import_run import Importing
    from store.engine.secrets import Keys
    from store.programmes.policies import policy_in_force

    told = settings.load()
    prepare(told.data)
    async with opened(told) as database:
        meant = await database.read(partial(programme_meant, named=asked.programme))
        rules = await database.read(partial(policy_in_force, programme=meant.id))
        ready = Importing(
            database=database,
            keys=Keys((key.id, key.secret) for key in key_ring(told.data)),
            programme=meant,
            kinds=frozenset(rules.kinds),
            now=datetime.now(UTC),
            refs_of=asked.refs_of,
            dry_run=asked.dry_run,
            real_people=asked.real_people,
            watch=watch,
        )
        try:
            return await bring(ready)
        except asyncio.CancelledError:
            stop.set()  # the database's thread is still writing: it would write to the end, and keep it
            raise


class Interrupted(Exception):
    """Ctrl-C: whatever was written is taken back."""


@contextmanager
def watching(quiet: bool, stop: Event) -> "Iterator[Watch]":
    """A bar on the terminal, for as long as it takes; nothing where nobody looks."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        bar = progress.add_task("reading", total=None)

        def watch(phase: "Phase", done: int, of: int) -> None:
            if stop.is_set():
                raise Interrupted
            progress.update(bar, description=phase.value, completed=done, total=of)

        yield watch


def tell(outcome: "Outcome", asked: ImportOptions, json: bool, *, are_invited: bool = False) -> None:
    """`are_invited`: whom it brings becomes a member, and waits for staff to invite them."""
    from intake.fault_reports import FileReport
    from settings import refuse_real_people

    if isinstance(outcome, FileReport):
        _tell_faults(outcome, json)
    if outcome.ends_the_trial and not asked.dry_run:
        refuse_real_people(are_meant=asked.real_people)
    if json:
        as_json(_as_facts(outcome, asked.dry_run))
    else:
        _tell_counts(outcome, asked.dry_run)
        if are_invited and outcome.counted.people.new and not asked.dry_run:
            typer.echo(TO_INVITE)


def _tell_faults(report: "FileReport", json: bool) -> NoReturn:
    """Nothing was changed, and everything that is wrong is told at once."""
    from commands.errors import REFUSED

    if json:
        as_json(_faults(report) | {"also": [_faults(each) for each in report.also]})
    else:
        for sentence in report.sentences():
            typer.echo(sentence, err=True)
        typer.echo("Nothing was changed.", err=True)
    raise typer.Exit(REFUSED)


def _faults(report: "FileReport") -> dict[str, Any]:
    return {"file": report.file, "faults": [each.model_dump() for each in report.faults], "more": report.more}


def _tell_counts(stored: "Stored", dry_run: bool) -> None:
    from settings import THE_END_OF_A_TRIAL

    counted = {"People": stored.counted.people, "Ties": stored.counted.ties, "Kept apart": stored.counted.conflicts}
    lines = [
        (name, f"{each.new:,}", f"{each.changed:,}", f"{each.unchanged:,}")
        for name, each in counted.items()
        if each.new or each.changed or each.unchanged
    ]
    table(("", "New", "Changed", "Unchanged"), lines)
    _tell_notices(stored)
    if stored.ends_the_trial:
        typer.echo(f"{'This would end' if dry_run else 'This has ended'} the trial for good. {THE_END_OF_A_TRIAL}")
    if dry_run:
        typer.echo("This was only a look: nothing was kept.")


def _tell_notices(stored: "Stored") -> None:
    sentences = [sentence for report in stored.notices for sentence in report.sentences()]
    if sentences:
        typer.echo("Worth a look:")
    for sentence in sentences[:NOTICES_SHOWN]:
        typer.echo(f"  {sentence}")
    if len(sentences) > NOTICES_SHOWN:
        typer.echo(f"  and {len(sentences) - NOTICES_SHOWN} more: --json tells them.")


def _as_facts(stored: "Stored", dry_run: bool) -> dict[str, Any]:
    return {
        "people": stored.counted.people.model_dump(),
        "ties": stored.counted.ties.model_dump(),
        "conflicts": stored.counted.conflicts.model_dump(),
        "notices": [{"file": report.file} | each.model_dump() for report in stored.notices for each in report.faults],
        "more_notices": sum(report.more for report in stored.notices),
        "ends_the_trial": stored.ends_the_trial,
        "kept": not dry_run,
    }
