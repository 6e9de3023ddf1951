"""`introbroker export`: what staff may read about one person, handed over by an operator. As a zip, or as files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands import clock
from commands.options import JsonOption
from commands.output import as_json

if TYPE_CHECKING:
    from store.privacy.export.copy import Copy


def export(
    person: Annotated[str, typer.Argument(help="Their id (per_…) or an e-mail address of theirs.")],
    to: Annotated[
        Path | None, typer.Option(help="Where to: a .zip, or a folder that is made. By default, their id and .zip.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Write down what staff may read about one person. The whole copy they alone take, on their own page."""

    from commands.databases import read
    from commands.errors import CommandRefusal
    from commands.lookup import anybody_meant
    from store.privacy.export.staff_copy import copy_for_staff

    now = clock.now()
    found = read(lambda connection: copy_for_staff(connection, anybody_meant(connection, person), now))
    if json:
        as_json(found.model_dump(mode="json"))
        return
    target = to or Path(f"{found.person}.zip")
    if target.exists():
        raise CommandRefusal(f"{target} is there already: name another file or folder with --to.")
    written = write_zip(target, found) if target.suffix == ".zip" else write_folder(target, found)
    typer.echo(f"{written}: hand it to them, and to nobody else.\n{found.left_out}")


def write_zip(target: Path, found: "Copy") -> Path:
    from store.privacy.export.archive import packed

    target.touch(mode=0o600)
    target.write_bytes(packed(found))
    return target


def write_folder(target: Path, found: "Copy") -> Path:
    from store.privacy.export.archive import files

    target.mkdir(mode=0o700, parents=True)
    for name, held in files(found):
        (target / name).write_bytes(held if isinstance(held, bytes) else held.encode())
    return target
