"""Options that several commands share."""

from typing import Annotated

import typer

JsonOption = Annotated[bool, typer.Option("--json", help="For programs: JSON, and nothing else, on standard output.")]
OfProgramme = Annotated[str | None, typer.Option("--programme", help="Its id or name, where there are several.")]
