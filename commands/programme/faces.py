"""`introbroker programme face`: how a programme looks and signs, on its pages and in its letters; shown, or changed."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.options import JsonOption
from commands.output import as_json

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from images.results import CleanImage
    from models.request.plain_text import Unfit
    from store.programmes.faces import KeptFace

NONE = "An empty one takes it away."


def face(
    programme: Annotated[str | None, typer.Option(help="Its id or name, where there are several.")] = None,
    name: Annotated[str | None, typer.Option(help="As pages and letters call it.")] = None,
    logo: Annotated[str | None, typer.Option(help=f"An SVG, PNG or JPEG file; it is drawn anew. {NONE}")] = None,
    colour: Annotated[str | None, typer.Option(help=f"One, such as #0e6a63: its shades are found. {NONE}")] = None,
    sender: Annotated[str | None, typer.Option(help=f"Whom its letters come from, if not its name. {NONE}")] = None,
    signature: Annotated[
        list[str] | None,
        typer.Option(help=f"Who reads what is answered; once for each line, three at most. {NONE}"),
    ] = None,
    opening: Annotated[
        list[str] | None,
        typer.Option(help='A sentence above the first letter to somebody: en="…", once a language. en= takes it away.'),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show the face of a programme; with options, change what they name. What letters showed before stays readable."""
    from datetime import UTC, datetime

    from commands.databases import read, write
    from commands.lookup import programme_meant
    from store.programmes import faces

    words = changed_words(name, sender, signature, colour)
    said, picture, now = openings(opening), cleaned_logo(logo), datetime.now(UTC)

    def change(connection: "Connection") -> "KeptFace":
        where = programme_meant(connection, programme)
        new = changed(faces.face_of(connection, where.id), words, said, without_logo=logo == "")
        faces.keep(connection, where.id, new, None, now, picture)
        return faces.face_of(connection, where.id)

    is_changed = bool(words or said or logo is not None)
    found = (
        write(change)
        if is_changed
        else read(lambda connection: faces.face_of(connection, programme_meant(connection, programme).id))
    )
    if json:
        as_json(found.model_dump() | {"shades": shades(found.colour)})
    else:
        show(found, is_changed=is_changed)


def changed(before: "KeptFace", words: dict[str, Any], said: dict[str, str], *, without_logo: bool) -> "KeptFace":
    """What was named is other; the rest stays."""
    opening = {language: text for language, text in (before.opening | said).items() if text}
    return before.model_copy(update=words | {"opening": opening} | ({"logo": None} if without_logo else {}))


def changed_words(
    name: str | None, sender: str | None, signature: list[str] | None, colour: str | None
) -> dict[str, Any]:
    """What was named, as it will be kept; an empty one is None."""
    from models.face.words import NAME, clean_sender, clean_signature
    from models.request.plain_text import clean_name

    new: dict[str, Any] = {}
    if name is not None:
        new["name"] = fit("name", clean_name(name, NAME))
    if sender is not None:
        new["sender"] = fit("sender", clean_sender(sender)) if sender.strip() else None
    if signature is not None:
        whole = "\n".join(signature)
        new["signature"] = fit("signature", clean_signature(whole)) if whole.strip() else None
    if colour is not None:
        new["colour"] = colour_meant(colour) if colour.strip() else None
    return new


def openings(typed: list[str] | None) -> dict[str, str]:
    """By language; empty where it is to go."""
    from commands.errors import CommandRefusal
    from models.face.words import clean_opening
    from models.letters import LANGUAGES

    found: dict[str, str] = {}
    for each in typed or ():
        language, equals, text = each.partition("=")
        if language not in LANGUAGES or not equals:
            known = ", ".join(LANGUAGES)
            raise CommandRefusal(f"An opening is written with its language, such as en=…: known are {known}.")
        found[language] = fit("opening", clean_opening(text)) if text.strip() else ""
    return found


def cleaned_logo(file: str | None) -> "CleanImage | None":
    from pathlib import Path

    from commands.errors import CommandRefusal
    from images.cleaning_process import cleaned
    from images.results import LOGO, ImageFault
    from telling.image_faults import fault_said

    if not file:
        return None
    try:
        if Path(file).exists() and not Path(file).is_file():  # a pipe would be waited for
            raise CommandRefusal(f"{file} cannot be read: it is no file.")
        with Path(file).open("rb") as opened:
            data = opened.read(LOGO.file_limit + 1)
    except OSError as why:
        raise CommandRefusal(f"{file} cannot be read: {why.strerror}.") from None
    found = cleaned(data, Path(file).name)
    if isinstance(found, ImageFault):
        raise CommandRefusal(f"{file}: {fault_said(found, 'en')}")
    return found


def colour_meant(written: str) -> str:
    from commands.errors import CommandRefusal
    from models.face.colours import read_colour

    found = read_colour(written)
    if found is None:
        raise CommandRefusal(f"{written} is no colour: it should be written like #0e6a63.")
    return found


def fit(what: str, cleaned: "str | Unfit") -> str:
    from commands.errors import CommandRefusal
    from models.request.plain_text import Unfit

    if isinstance(cleaned, Unfit):
        raise CommandRefusal(f"This {what} cannot be used ({cleaned.value}): {limits()[what]}.")
    return cleaned


def limits() -> dict[str, str]:
    from models.face.words import LINE, NAME, OPENING, SENDER

    return {
        "name": f"{NAME} characters on one line",
        "sender": f"{SENDER} characters on one line, and nothing like an address",
        "signature": f"three lines of {LINE} characters",
        "opening": f"{OPENING} characters on one line",
    }


def shades(colour: str | None) -> dict[str, Any] | None:
    from models.face.colours import palette

    return palette(colour).model_dump() if colour else None


def show(found: "KeptFace", *, is_changed: bool) -> None:
    from models.face.colours import palette

    typer.echo(f"{found.name}{' has this face now' if is_changed else ''}:")
    typer.echo(f"  sender     {found.sender or f'{found.name} (its name)'}")
    signed = (found.signature or "none").splitlines()
    typer.echo(f"  signature  {signed[0]}")
    for line in signed[1:]:
        typer.echo(f"             {line}")
    for language, text in found.opening.items():
        typer.echo(f"  opening    {language}: {text}")
    typer.echo(f"  logo       {f'/logo/{found.logo}.png' if found.logo else 'none'}")
    if found.colour is None:
        typer.echo("  colour     ours")
        return
    made = palette(found.colour)
    typer.echo(f"  colour     {made.given}, by night {made.dark.deep}")
    if made.is_adjusted:
        typer.echo(f"             Few could read {made.given} on white: pages and letters use {made.light.deep}.")
