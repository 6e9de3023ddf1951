"""`introbroker request`: a request made at the command line.

In a requester's name, who is asked first whether it is theirs.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import JsonOption
from commands.output import as_json, moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from models.ids import PersonId
    from models.process.state.opening import Opening
    from models.request.request import Request, Whom
    from settings import Settings
    from store.engine.database import Database
    from store.requests.new_requests import Faults, RequestKept


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What was typed, before anybody has looked whom it means."""

    requester: str
    to: str | None
    outside: str | None
    at: str
    need: str | None
    programme: str | None
    track: str
    unnamed: bool
    texts: dict[str, str]
    answers: dict[str, str]


def request(
    requester: Annotated[str, typer.Argument(help="Who wants to meet somebody: an id or an e-mail address.")],
    to: Annotated[str | None, typer.Option(help="A listed member: an id or an e-mail address.")] = None,
    outside: Annotated[str | None, typer.Option(help="Somebody outside, by name; with --at.")] = None,
    at: Annotated[str, typer.Option(help="Where they work.")] = "",
    need: Annotated[str | None, typer.Option(help="What is needed, where nobody knows who.")] = None,
    why: Annotated[str, typer.Option(help="Why this person.")] = "",
    read: Annotated[str, typer.Option(help="What of theirs the requester has read or heard.")] = "",
    offer: Annotated[str, typer.Option(help="What the requester offers.")] = "",
    note: Annotated[str, typer.Option(help="The text written to be forwarded.")] = "",
    wanted: Annotated[
        str, typer.Option(help="twenty_minutes, one_mail, one_answer, feedback, or a line of their own.")
    ] = "",
    goal: Annotated[str, typer.Option(help="What success would be.")] = "",
    answer: Annotated[
        list[str] | None, typer.Option(help="To a question of the programme's own: id=words. As often as there are.")
    ] = None,
    blind: Annotated[str, typer.Option(help="What the other reads until both agree, where nobody is named.")] = "",
    unnamed: Annotated[bool, typer.Option("--unnamed", help="Ask without the requester's name, if one may.")] = False,
    track: Annotated[str, typer.Option(help="The kind of request, where the policy has several tracks.")] = "",
    programme: Annotated[str | None, typer.Option(help="Its id or name, where there are several.")] = None,
    json: JsonOption = False,
) -> None:
    """Ask for an introduction in somebody's name. Nobody else hears of it before they confirm it."""
    import settings
    from store.requests.new_requests import Faults

    texts = {"why": why, "read": read, "offer": offer, "note": note, "blind": blind} | {"wanted": wanted, "goal": goal}
    typed = Typed(
        requester=requester,
        to=to,
        outside=outside,
        at=at,
        need=need,
        programme=programme,
        track=track,
        unnamed=unnamed,
        texts=texts,
        answers=dict(each.partition("=")[::2] for each in answer or ()),
    )
    found = asyncio.run(ask(settings.load(), typed))
    if isinstance(found, Faults):
        refuse(found, json=json)
    elif json:
        as_json({"introduction": found.opening.id, "promised_at": found.opening.promised_at.isoformat()})
    else:
        typer.echo(f"{found.opening.id} is taken: the requester is asked first whether this is what they want to say.")
        typer.echo(f"They hear by {moment(found.opening.promised_at)}, whatever happens.")


async def ask(told: "Settings", typed: Typed) -> "RequestKept | Faults":
    """Kept first; then begun, here where a cluster is named, and otherwise by the sweep within seconds."""
    from commands.databases import opened
    from store.requests.new_requests import RequestKept, keep_request

    now = datetime.now(UTC)
    async with opened(told) as database:
        found = await database.write(lambda connection: keep_request(connection, meant(connection, typed), now))
        if told.temporal and isinstance(found, RequestKept):
            await begin(told, database, found.opening)
    return found


async def begin(told: "Settings", database: "Database", opening: "Opening") -> None:
    from store.installation.namespace import recogniser
    from store.requests.new_requests import mark_started
    from workflows.client import IntroductionClient
    from workflows.connection import connect
    from workflows.plugin import plugin

    ours = recogniser(database, lambda: datetime.now(UTC))
    client = await connect(told.temporal, [plugin()], lazy=True)
    if await IntroductionClient(client, recognise=ours).start(opening):
        now = datetime.now(UTC)
        await database.write(lambda connection: mark_started(connection, opening.id, now))


def meant(connection: "Connection", typed: Typed) -> "Request":
    from commands.lookup import person_meant, programme_meant
    from models.process.state.opening import MadeBy
    from models.request.request import Request

    where = programme_meant(connection, typed.programme)
    return Request(
        programme=where.id,
        requester=person_meant(connection, where, typed.requester),
        whom=whom(typed, lambda named: person_meant(connection, where, named)),
        **typed.texts,
        answers=typed.answers,
        channels=(),
        unnamed=typed.unnamed,
        track=typed.track,
        made_by=MadeBy.OPERATOR,
    )


def whom(typed: Typed, find: "Callable[[str], PersonId]") -> "Whom":
    from commands.errors import CommandRefusal
    from models.request.request import Listed, Need, Outside

    if [typed.to, typed.outside, typed.need].count(None) != 2:
        raise CommandRefusal("Say whom they want to meet in one way: --to, or --outside with --at, or --need.")
    if typed.outside is not None:
        return Outside(name=typed.outside, organisation=typed.at)
    return Listed(person=find(typed.to)) if typed.to else Need(words=typed.need or "")


def refuse(found: "Faults", *, json: bool) -> None:
    """Everything that can be mended, at once."""
    from commands.errors import REFUSED
    from telling.languages import Reader
    from telling.request_faults import said_of

    if json:
        as_json({"faults": [each.model_dump(mode="json") for each in found.faults]})
    for each in () if json else found.faults:
        typer.echo(f"{each.field}: {said_of(each, Reader())}", err=True)
    raise typer.Exit(REFUSED)
