"""Connections.csv as LinkedIn gives it to a connector."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import NamedTuple
from urllib.parse import unquote

from intake.cells import fields
from intake.cells.dates import DateOrder, is_ambiguous, order_of
from intake.duplicates import FileDirectory
from intake.fault_reports import Checked, FileReport, Findings, UnknownTitles, Wrong, check, refusal, shown
from intake.files.columns import Column, Layout, fold, lay_out, unknown_titles
from intake.files.rows import ReportProgress, Row, rows, silent
from intake.files.sources import Source
from intake.people import look_at_name
from store.importing.parts.records import LINKEDIN, ByAddress, ByRef, Connection, Named, PersonRecord, TieRecord

PREAMBLE = 30  # “Notes:”, a paragraph about missing addresses and an empty line stand above the header
COLUMNS = (
    Column(name="first name", aliases=("given name", "nombre", "nome", "primeiro nome", "vorname"), required=True),
    Column(
        name="last name",
        aliases=("surname", "family name", "apellidos", "apellido", "sobrenome", "apelido", "nachname", "familienname"),
        required=True,
    ),
    Column(name="url", aliases=("profile url", "url del perfil", "url do perfil", "profil url")),
    Column(
        name="email address",
        aliases=(
            "email",
            "correo electrónico",
            "dirección de correo electrónico",
            "endereço de email",
            "email adresse",
        ),
    ),
    Column(
        name="company",
        aliases=("current company", "empresa", "empresa actual", "empresa atual", "unternehmen", "firma"),
    ),
    Column(name="position", aliases=("current position", "job title", "cargo", "puesto", "berufsbezeichnung")),
    Column(
        name="connected on",
        aliases=(
            "connection date",
            "conectado el",
            "fecha de conexión",
            "conectado em",
            "conexão em",
            "data da conexão",
            "verbunden am",
            "vernetzt am",
        ),
    ),
)
PROFILE = re.compile(r"(?:https?://)?(?:[a-z-]+\.)*linkedin\.com/(?:in|pub)/([^/?#]+)", re.IGNORECASE)
SLUG_LIMIT = 150


def read_connections(
    source: Source,
    connector: Named,
    today: date,
    progress: ReportProgress = silent,
    told: Mapping[str, str] | None = None,
) -> Checked[Connection] | FileReport:
    """Each row a person and an unconfirmed tie from `connector`, whose export it is: how well they know each other
    is theirs to say, person by person. `told`: which title means which column, in a language we do not know."""
    unknown = unknown_titles(source, COLUMNS, PREAMBLE, told or {})
    if unknown:
        return refusal(source.name, _which_is_which(unknown)).model_copy(update={"unknown": unknown})
    directory = FileDirectory()
    return check(source.name, partial(_connections, source, connector, today, progress, told, directory))


def _which_is_which(unknown: UnknownTitles) -> Wrong:
    titles = ", ".join(f"“{shown(title)}”" for title in unknown.titles)
    needed = [name for name in unknown.wanted if name in unknown.needed]
    told = f'--column "{shown(unknown.titles[0])}={needed[0]}"'
    return Wrong(
        f"Its columns are called {titles}, and none of them is known as {' or '.join(f'“{each}”' for each in needed)}",
        f"Say for each which it is, such as {told}",
    )


class _Dates(NamedTuple):
    """How this file writes its days; `guessed_at` is the first line where only the header's language could tell."""

    order: DateOrder
    guessed_at: int | None


def _connections(
    source: Source,
    connector: Named,
    today: date,
    progress: ReportProgress,
    told: Mapping[str, str] | None,
    directory: FileDirectory,
    findings: Findings,
) -> Iterator[Connection]:
    layout = lay_out(source, COLUMNS, findings, PREAMBLE, told)
    if layout is None:
        return
    dates = _dates(source, layout)
    if dates.guessed_at:
        guess = Wrong(
            f"Days in bare numbers were read {dates.order.value}", "Write one of them like 2023-05-31 if that is wrong"
        )
        findings.notice(dates.guessed_at, "connected on", guess)
    read_date = fields.past_day(today, dates.order)
    for row in rows(source, layout, findings, progress, forgiving=True):
        connection = _connection(row, connector, read_date, directory)
        if connection and directory.takes(connection.person, row):
            yield connection


def _dates(source: Source, layout: Layout) -> _Dates:
    """Read beforehand, because 2/1/23 is only understood beside a 25/1/23 further down."""
    lines: dict[str, int] = {}
    for row in rows(source, layout, Findings(source.name), forgiving=True):
        lines.setdefault(row.cells.get("connected on", ""), row.line)
    proven = order_of(lines)
    if proven:
        return _Dates(proven, None)
    is_english = any(fold(title) in ("first name", "given name") for title in layout.titles)
    guessed_at = min((line for text, line in lines.items() if is_ambiguous(text)), default=None)
    return _Dates(DateOrder.MONTH_FIRST if is_english else DateOrder.DAY_FIRST, guessed_at)


def _connection(
    row: Row, connector: Named, read_date: Callable[[str], date | Wrong], directory: FileDirectory
) -> Connection | None:
    row.cells["name"] = " ".join(filter(None, (row.cells.get("first name"), row.cells.get("last name"))))
    missing = _missing(row)
    if missing:
        row.notice(
            None,
            Wrong(f"This row was passed over: LinkedIn gave {missing}", "Nobody is recognised by their name alone"),
        )
        return None
    person, connected_on = _person(row), row.read("connected on", read_date, None)
    if person is None:
        row.refuse(None, Wrong("Too little is left of it", "Nobody is recognised by their name alone"))
        return None
    person = _with_own_address(person, row, directory)
    named = _named(person)
    if named.key == connector.key:
        row.notice(None, Wrong("This row was passed over: it is the connector", "Nobody has a tie to themself"))
        return None
    return Connection(person=person, tie=_tie(row.line, connector, named, connected_on))


def _missing(row: Row) -> str | None:
    if not row.cells["name"]:
        return "no name"
    if not row.cells.get("url") and not row.cells.get("email address"):
        return "neither a profile nor an e-mail address"
    return None


def _person(row: Row) -> PersonRecord | None:
    name, slug = row.need("name", fields.name), row.read("url", _slug, None)
    email = row.read("email address", fields.address, None)
    headline = row.read("position", fields.headline, "")
    organisation = row.read("company", fields.organisation, "")
    if name is None or (slug is None and email is None):
        return None
    look_at_name(name, row)
    ref = f"{LINKEDIN}{slug}" if slug else None
    return PersonRecord(
        line=row.line, ref=ref, name=name, email=email, headline=headline, organisation=organisation, linkedin=slug
    )


def _with_own_address(person: PersonRecord, row: Row, directory: FileDirectory) -> PersonRecord:
    """An address that two rows share may be either's: the second is known by their profile alone."""
    line = directory.sharer(person)
    if line is None or person.ref is None:
        return person
    row.fault("email address", Wrong(f"Line {line} has the same address", "One address belongs to one person"))
    return person.model_copy(update={"email": None})


def _slug(text: str) -> str | Wrong:
    """The part of a profile's address that names the person, spelt one way whatever the country or the escaping."""
    match = PROFILE.match(text)
    slug = unicodedata.normalize("NFC", unquote(match[1])).casefold() if match else ""
    if slug and slug.isprintable() and "@" not in slug and len(slug) <= SLUG_LIMIT:
        return slug
    remedy = "Write an address like https://www.linkedin.com/in/name, or empty the cell"
    return Wrong(f"“{shown(text)}” is no LinkedIn profile", remedy)


def _named(person: PersonRecord) -> Named:
    if person.ref is not None:
        return ByRef(ref=person.ref)
    assert person.email is not None, "a row without profile and address was passed over"
    return ByAddress(address=person.email)


def _tie(line: int, connector: Named, person: Named, connected_on: date | None) -> TieRecord:
    since = connected_on.isoformat() if connected_on else None
    evidence = f"LinkedIn connection since {since}" if since else "LinkedIn connection"
    return TieRecord(line=line, connector=connector, person=person, evidence=evidence, since=since)
