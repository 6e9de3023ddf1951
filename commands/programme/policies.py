"""`introbroker policy`: a policy checked, with its timetable and capacity."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.options import JsonOption
from commands.output import as_json, table

if TYPE_CHECKING:
    from datetime import datetime

    from models.policy.capacity import Capacity, People
    from models.policy.policy import Policy
    from models.time.open_hours import Days
    from policies.timetables import TimeTable

policy = typer.Typer(help="Policies: how patient and how strict a programme is.", no_args_is_help=True)

WAYS = {"happy": "everybody answers within two hours", "slowest": "everybody answers in the last minute, or not at all"}
ASKED_AT = 10  # o'clock


@policy.callback()
def policies() -> None:
    """One word for now; more may stand beside it."""


@policy.command("check")
def check(
    file: Annotated[str, typer.Argument(help="A TOML file, or one that comes with the product, by name.")],
    day: Annotated[
        str | None, typer.Option(help="The day of the request, such as 2026-12-21; today if left out.")
    ] = None,
    zone: Annotated[str, typer.Option(help="Whose clock: everybody's in this timetable.")] = "UTC",
    country: Annotated[str | None, typer.Option(help="Whose weekend and holidays, such as ES or ES-MD.")] = None,
    programme: Annotated[str | None, typer.Option(help="Count the people of this programme, by id or name.")] = None,
    people: Annotated[int | None, typer.Option(help="How many there are, all of them asking and asked.")] = None,
    requesters: Annotated[int | None, typer.Option(help="How many may ask.")] = None,
    connectors: Annotated[int | None, typer.Option(help="How many know somebody who is asked for.")] = None,
    targets: Annotated[int | None, typer.Option(help="How many can be asked for.")] = None,
    connectors_of: Annotated[
        list[str] | None, typer.Option(help="Of the connectors, those of a kind: expert=300. May be given often.")
    ] = None,
    targets_of: Annotated[
        list[str] | None, typer.Option(help="Of the targets, those of a kind: investor=40. May be given often.")
    ] = None,
    asks_a_week: Annotated[float | None, typer.Option(help="Requests a week, all together.")] = None,
    json: JsonOption = False,
) -> None:
    """Say what is wrong with it; or draw the timetable it means, and how many requests a week fit."""
    from commands.programme.programmes import policy_meant
    from policies.timetables import timetables

    rules, asked_at = policy_meant(file), first_hour(day, zone)
    drawn = timetables(rules, asked_at, zone, days_off(country, asked_at))
    of_kinds = {"connectors_of": of_kind(rules, connectors_of), "targets_of": of_kind(rules, targets_of)}
    counts = HeadCounts(people, requesters, connectors, targets, asks_a_week, of_kinds)
    room = room_for(rules, counted(programme, counts))
    if json:
        as_json(everything(rules, drawn, room))
        return
    typer.echo(f"{rules.name}, version {rules.version}: this policy can be used.\n")
    for each in drawn:
        show(each, zone)
    if room:
        show_room(room)


@dataclass(frozen=True)
class HeadCounts:
    """The numbers that were typed."""

    people: int | None
    requesters: int | None
    connectors: int | None
    targets: int | None
    asks_a_week: float | None
    of_kinds: dict[str, dict[str, int]]

    @property
    def is_empty(self) -> bool:
        return all(each is None for each in (self.people, self.requesters, self.connectors, self.targets))


def of_kind(rules: "Policy", typed: list[str] | None) -> dict[str, int]:
    """How many there are of each kind that was named."""
    from commands.errors import CommandRefusal

    found: dict[str, int] = {}
    for each in typed or ():
        kind, _, number = each.partition("=")
        if kind not in rules.kinds or not number.isdecimal():
            known = ", ".join(rules.kinds) or "no kinds"
            raise CommandRefusal(
                f"{each} should be a kind and a number, such as expert=300; this policy knows {known}."
            )
        found[kind] = int(number)
    return found


def first_hour(day: str | None, zone: str) -> "datetime":
    from datetime import UTC, date, datetime, time

    from calendars.clocks import clock_of
    from commands.errors import CommandRefusal
    from commands.programme.programmes import refuse_unknown
    from models.time.open_hours import on_clock

    refuse_unknown("en", zone)
    now = datetime.now(UTC)
    try:
        asked_on = date.fromisoformat(day) if day else clock_of(zone, now).wall(now).date()
    except ValueError:
        raise CommandRefusal(f"{day} is not a day: it should be written like 2026-12-21.") from None
    that_day = datetime.combine(asked_on, time(), UTC)
    return on_clock(asked_on, time(ASKED_AT), clock_of(zone, that_day))


def days_off(country: str | None, at: "datetime") -> "Days":
    from calendars import countries, days_of
    from commands.errors import CommandRefusal
    from models.time.open_hours import Days

    if country is None:
        return Days()
    code, _, region = country.upper().partition("-")
    if code not in countries() or (region and region not in countries()[code]):
        raise CommandRefusal(
            f"{country} is not a country whose holidays we know: it should be written like ES, or ES-MD."
        )
    return days_of(code, region or None, at.date())


def counted(programme: str | None, counts: HeadCounts) -> "People | None":
    """What the programme has, with typed numbers in its place; None where nobody is to be counted."""
    from commands.errors import CommandRefusal
    from models.policy.capacity import People

    found = in_programme(programme) if programme else None
    if found is None and counts.is_empty and counts.asks_a_week is None:
        return None
    typed = {"requesters": counts.requesters, "connectors": counts.connectors, "targets": counts.targets}
    named = {name: counts.people if number is None else number for name, number in typed.items()}
    whole = (found.model_dump() if found else {}) | {
        name: number for name, number in named.items() if number is not None
    }
    if counts.asks_a_week is not None:
        whole["asks_a_week"] = counts.asks_a_week
    whole |= {name: numbers for name, numbers in counts.of_kinds.items() if numbers}
    missing = [
        f"--{name.replace('_', '-')}"
        for name, field in People.model_fields.items()
        if field.is_required() and name not in whole
    ]
    if missing:
        raise CommandRefusal(f"To say how many requests fit, I also need {', '.join(missing)}; or --programme.")
    return People.model_validate(whole)


def in_programme(named: str) -> "People":
    from datetime import UTC, datetime

    from commands.databases import read
    from commands.lookup import programme_meant
    from store.programmes.headcounts import headcount

    return read(lambda connection: headcount(connection, programme_meant(connection, named).id, datetime.now(UTC)))


def room_for(rules: "Policy", people: "People | None") -> "Capacity | None":
    from models.policy.capacity import capacity

    return capacity(rules, people) if people else None


def show(drawn: "TimeTable", zone: str) -> None:
    on = f" on the track “{drawn.track}”" if drawn.track else ""
    typer.echo(f"The {drawn.way} way{on}: {WAYS[drawn.way]}.")
    lines = [(when(line.at, zone), line.what, when(line.until, zone) if line.until else "") for line in drawn.lines]
    table(("When", "What happens", "Time to answer, until"), lines)
    letters = ", ".join(f"{number} to the {role}" for role, number in drawn.letters.items())
    typer.echo(f"Promised by {when(drawn.promised_at, zone)}. Letters: {letters}, reminders apart.\n")


def show_room(room: "Capacity") -> None:
    typer.echo(f"{room.asks_a_week:.3g} asks a week; {room.fit:.3g} of them fit.")
    lines = [(limit.whose, f"{limit.asks_a_week:.3g}", limit.rule) for limit in room.limits]
    table(("Cap of the", "Asks a week", "Because"), lines)
    typer.echo(room.sentence)


def when(at: "datetime", zone: str) -> str:
    from zoneinfo import ZoneInfo

    return at.astimezone(ZoneInfo(zone)).strftime("%a %d %b %Y %H:%M")


def everything(rules: "Policy", drawn: "tuple[TimeTable, ...]", room: "Capacity | None") -> dict[str, Any]:
    capacity = room.model_dump(mode="json") | {"sentence": room.sentence} if room else None
    return {
        "policy": rules.name,
        "version": rules.version,
        "timetables": [each.model_dump(mode="json") for each in drawn],
        "capacity": capacity,
    }
