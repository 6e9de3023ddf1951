"""`introbroker programme`: a programme begun. With a name, a policy, and the language and clock it lives by."""

from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import JsonOption
from commands.output import as_json, table

if TYPE_CHECKING:
    from models.policy.policy import Policy

programme = typer.Typer(help="Programmes: the sets of people among whom introductions are made.", no_args_is_help=True)


@programme.command("add")
def add(
    name: Annotated[str, typer.Argument(help="As letters will call it.")],
    policy: Annotated[str, typer.Option(help="One that comes with the product, or a TOML file.")] = "accelerator",
    language: Annotated[str, typer.Option(help="en, es or pt: for people of whom we know no other.")] = "en",
    zone: Annotated[str, typer.Option(help="Its time zone, such as Europe/Lisbon.")] = "UTC",
    country: Annotated[str | None, typer.Option(help="Whose weekend and holidays it keeps, such as PT.")] = None,
    region: Annotated[str | None, typer.Option(help="A part of that country with holidays of its own.")] = None,
    reply_to: Annotated[str | None, typer.Option(help="An address a person reads, if not the common one.")] = None,
    json: JsonOption = False,
) -> None:
    """Begin a programme. It has nobody in it yet: `introbroker import` and `operator add` come next."""
    from datetime import UTC, datetime

    from commands.databases import write
    from store.programmes import programmes

    refuse_unknown(language, zone)
    country, region = place_meant(country, region)
    rules, now = policy_meant(policy), datetime.now(UTC)
    made = write(
        lambda connection: programmes.found(
            connection,
            name,
            rules,
            now,
            language=language,
            zone=zone,
            country=country,
            region=region,
            reply_to=reply_to,
        )
    )
    if json:
        as_json(made.model_dump())
    else:
        typer.echo(f"{made.name} begins under the policy {rules.name}, version {rules.version}. Its id is {made.id}.")


@programme.command("list")
def list_programmes(json: JsonOption = False) -> None:
    """Every programme, in the order in which they began."""
    from commands.databases import read
    from store.programmes import programmes

    found = read(programmes.programmes)
    if json:
        as_json([each.model_dump() for each in found])
    else:
        table(
            ("Programme", "Id", "Language", "Zone"), [(each.name, each.id, each.language, each.zone) for each in found]
        )


def policy_meant(named: str) -> "Policy":
    from pathlib import Path

    import policies
    from commands.errors import CommandRefusal

    if named in policies.shipped_names():
        return policies.shipped(named)
    if not Path(named).is_file():
        shipped = ", ".join(policies.shipped_names())
        raise CommandRefusal(
            f"{named} is neither a file nor one of the policies that come with the product: {shipped}."
        )
    return policies.load(Path(named))


def refuse_unknown(language: str, zone: str) -> None:
    from zoneinfo import available_timezones

    from commands.errors import CommandRefusal
    from models.letters import LANGUAGES

    if language not in LANGUAGES:
        raise CommandRefusal(f"{language} is not a language of ours: known are {', '.join(LANGUAGES)}.")
    if zone not in available_timezones():
        raise CommandRefusal(f"{zone} is not a time zone: it should be a name such as Europe/Lisbon.")


def place_meant(country: str | None, region: str | None) -> tuple[str | None, str | None]:
    """The country and region by their codes; both may be written as names."""
    from commands.errors import CommandRefusal
    from intake.cells import places
    from intake.fault_reports import Repaired, Wrong

    found = places.country(country) if country else None
    if isinstance(found, Repaired):
        found = found.value
    if isinstance(found, Wrong):
        raise CommandRefusal(f"{found.what}. {found.remedy}.")
    part = places.region(found, region) if region else None
    if isinstance(part, Wrong):
        raise CommandRefusal(f"{part.what}. {part.remedy}.")
    return found, part
