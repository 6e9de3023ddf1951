"""The `introbroker` command, put together. Each lives in a file of `commands/`."""

import typer

from commands import introductions, migrate, processes, run
from commands.conflicts import conflict
from commands.demo.command import demo
from commands.doctor.command import doctor
from commands.erasing import erase
from commands.errors import InASentence
from commands.exporting import export
from commands.importing import importing
from commands.keys import key
from commands.operators import operator
from commands.people import people
from commands.policies import policy
from commands.programmes import programme
from commands.receiving import receive
from commands.requesting import request
from commands.retention import retention
from commands.verify import verify

app = typer.Typer(
    cls=InASentence,
    help="Programmes of warm introductions: a connector's approval, a double opt-in, delivery and follow-up.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,  # a bug is told as Python tells it, without the values it was met with
)

app.command("run")(run.run)
app.command("demo")(demo)
app.command("worker")(processes.worker)
app.command("mailroom")(processes.mailroom)
app.command("web")(processes.web)
app.command("receive")(receive)
app.command("migrate")(migrate.migrate)
app.command("request")(request)
app.command("list")(introductions.list_introductions)
app.command("show")(introductions.show)
app.command("verify")(verify)
app.command("erase")(erase)
app.command("export")(export)
app.command("retention")(retention)
app.command("doctor")(doctor)
app.add_typer(importing, name="import")
app.add_typer(programme, name="programme")
app.add_typer(operator, name="operator")
app.add_typer(policy, name="policy")
app.add_typer(key, name="key")
app.add_typer(people, name="people")
app.add_typer(conflict, name="conflict")


def main() -> None:
    app(prog_name="introbroker")


if __name__ == "__main__":
    main()
