"""people.csv: one row a person, with addresses, place, and what they may do in the programme."""

from collections.abc import Collection, Iterator
from functools import partial

from intake.cells import fields, places
from intake.duplicates import FileDirectory
from intake.fault_reports import Checked, FileReport, Findings, Wrong, check
from intake.files.columns import Column, lay_out
from intake.files.rows import ReportProgress, Row, rows, silent
from intake.files.sources import Source
from models.letters import Language
from models.request.plain_text import mixes_scripts
from store.importing.parts.records import PersonRecord

COLUMNS = (
    Column(name="ref", aliases=("id", "key", "reference", "clave", "referencia", "chave", "referência"), required=True),
    Column(name="name", aliases=("full name", "nombre", "nombre completo", "nome", "nome completo"), required=True),
    Column(
        name="email",
        aliases=(
            "mail",
            "email address",
            "correo",
            "correo electrónico",
            "dirección de correo electrónico",
            "endereço de email",
        ),
    ),
    Column(name="language", aliases=("lang", "idioma", "lengua", "língua")),
    Column(
        name="zone", aliases=("time zone", "timezone", "zona", "zona horaria", "huso horario", "fuso", "fuso horário")
    ),
    Column(name="country", aliases=("país", "pais")),
    Column(name="region", aliases=("state", "province", "región", "provincia", "estado", "região")),
    Column(name="called", aliases=("first name", "given name", "nombre de pila", "apodo", "primeiro nome")),
    Column(name="headline", aliases=("titular", "título", "title", "cargo", "puesto", "position")),
    Column(name="organisation", aliases=("organization", "company", "organización", "organização", "empresa")),
    Column(name="topics", aliases=("temas", "tópicos", "assuntos", "topic")),
    Column(name="listed", aliases=("listado", "listada", "en la lista", "na lista")),
    Column(name="roles", aliases=("role", "rol", "papel", "papéis", "funciones", "funções")),
    Column(name="kind", aliases=("tipo", "clase", "classe", "kind of person")),
)


def read_people(
    source: Source,
    progress: ReportProgress = silent,
    kinds: Collection[str] = (),
    directory: FileDirectory | None = None,
) -> Checked[PersonRecord] | FileReport:
    """`kinds`: those the programme's policy knows; `directory`: where everybody of this file is to be found again."""
    everybody = FileDirectory() if directory is None else directory
    return check(source.name, partial(_people, source, progress, kinds, everybody))


def _people(
    source: Source, progress: ReportProgress, kinds: Collection[str], directory: FileDirectory, findings: Findings
) -> Iterator[PersonRecord]:
    layout = lay_out(source, COLUMNS, findings)
    if layout is None:
        return
    for row in rows(source, layout, findings, progress):
        person = _person(row, kinds)
        if person and directory.takes(person, row) and row.sound:
            yield person


def _person(row: Row, kinds: Collection[str]) -> PersonRecord | None:
    """Also when a cell of theirs is wrong, so that whoever is there twice is found at the same time."""
    ref, name = row.need("ref", fields.ref), row.need("name", fields.name)
    email = row.read("email", fields.address, None)
    language: Language | None = row.read("language", fields.language, None)
    zone = row.read("zone", fields.zone, None)
    country = row.read("country", places.country, None)
    region = row.read("region", partial(places.region, country), None)
    called = row.read("called", partial(fields.called, name or ""), "")
    headline = row.read("headline", fields.headline, "")
    organisation = row.read("organisation", fields.organisation, "")
    topics = row.read("topics", fields.topics, ())
    listed = row.read("listed", fields.yes_or_no, None)
    roles = row.read("roles", fields.roles, ())
    kind = row.read("kind", partial(fields.kind, kinds), None)
    if ref is None or name is None:
        return None
    look_at_name(name, row)
    return PersonRecord(
        line=row.line, ref=ref, name=name, called=called, email=email, language=language, zone=zone, country=country,
        region=region, headline=headline, organisation=organisation, topics=topics, listed=listed, roles=roles,
        kind=kind,
    )  # fmt: skip


def look_at_name(name: str, row: Row) -> None:
    """A name in two alphabets may imitate somebody's: it is read, and somebody should see it."""
    if mixes_scripts(name):
        row.notice(
            "name",
            Wrong("It mixes letters of several alphabets that look alike", "Check that it is who it seems to be"),
        )
