"""The `introbroker` command: which words does it know? Each lives in a file of `commands/`."""

import typer

from commands import migrate, processes, run
from commands.errors import InASentence

app = typer.Typer(
    cls=InASentence,
    help="Programmes of warm introductions: a connector's approval, a double opt-in, delivery and follow-up.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,  # a bug is told as Python tells it, without the values it was met with
)

app.command("run")(run.run)
app.command("worker")(processes.worker)
app.command("mailroom")(processes.mailroom)
app.command("web")(processes.web)
app.command("migrate")(migrate.migrate)


def main() -> None:
    app(prog_name="introbroker")


if __name__ == "__main__":
    main()
