"""The `introbroker` command, put together: each of its words lives in a file of `commands/`."""

import zoneinfo

import typer

from commands.data.erasure import erase
from commands.data.exports import export
from commands.data.imports import importing
from commands.data.retention import retention
from commands.demo.command import demo
from commands.doctor.command import doctor
from commands.errors import InASentence
from commands.installation import migrate, processes, run
from commands.installation.begin_anew import begin_anew
from commands.installation.receive import receive
from commands.installation.replay import replay
from commands.installation.restored import restored
from commands.introductions import listing
from commands.introductions.requests import request
from commands.introductions.verify import verify
from commands.programme.api_keys import key
from commands.programme.conflicts import conflict
from commands.programme.faces import face
from commands.programme.operators import operator
from commands.programme.people import people
from commands.programme.policies import policy
from commands.programme.programmes import programme

zoneinfo.reset_tzpath(to=())  # the locked tzdata is the only source of zone law, in every command

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
app.command("begin-anew")(begin_anew)
app.command("replay")(replay)
app.command("restored")(restored)
app.command("request")(request)
app.command("list")(listing.list_introductions)
app.command("show")(listing.show)
app.command("verify")(verify)
app.command("erase")(erase)
app.command("export")(export)
app.command("retention")(retention)
app.command("doctor")(doctor)
app.add_typer(importing, name="import")
programme.command("face")(face)
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
