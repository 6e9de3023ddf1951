"""Findings about the database: there, in our shape, careful enough, by the same clock."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

from commands import clock
from commands.databases import is_missing
from commands.doctor import processes, workflows
from commands.doctor.findings import Diagnosis, unsure, well, wrong
from mailroom.age_kept import AGE, AgeKept
from settings import Settings, refuse_without_relay
from settings.variables import SettingsError
from store.audit import exposure
from store.engine.database import DatabaseAway, database
from store.engine.schema_version import Shape, shape
from store.installation import age
from store.installation.processes import SKEW
from store.journal import inbox
from store.people import operators
from store.views import stalled_workflows
from store.views.letters import letters_held

SHAPES = {
    Shape.EMPTY: ("it has no tables yet", "introbroker migrate"),
    Shape.OLDER: ("it has the shape of an older version", "introbroker migrate"),
    Shape.NEWER: ("it has the shape of a newer version", "Bring this process up to date too."),
}


async def look(told: Settings) -> list[Diagnosis]:
    if is_missing(told.database_url):
        return [wrong("database", "there is none yet", "introbroker migrate")]
    try:
        async with database(told.database_url) as opened:
            now = clock.now()
            return await opened.read(lambda connection: _look(connection, told, now))
    except (DatabaseAway, OSError) as problem:
        return [wrong("database", f"it cannot be reached ({type(problem).__name__})", "See INTROBROKER_DATABASE_URL.")]


def _look(connection: Connection, told: Settings, now: datetime) -> list[Diagnosis]:
    at = shape(connection)
    if at is not Shape.OURS:
        said, do = SHAPES[at]
        make = unsure if at is Shape.NEWER else wrong
        return [make("database", said, do)]
    found = [well("database", "it can be reached, and is in its newest shape")]
    found += _sqlite(connection) if connection.dialect.name == "sqlite" else _postgresql(connection)
    if not operators.count(connection):
        do = "introbroker operator add …, before others are let in"
        found.append(unsure("operators", "nobody who can be reached operates a programme", do))
    found += _unreadable(connection)
    return (
        found
        + _restored(connection, told, now)
        + _missing(connection, now)
        + _mail_page(connection, told)
        + processes.look(connection, told)
        + workflows.look(connection, now)
    )


def _unreadable(connection: Connection) -> list[Diagnosis]:
    """What a newer version has taken in, before somebody went back to this one."""
    many = inbox.unreadable(connection)
    if not many:
        return []
    said = f"{many} pieces of news are of kinds that this version does not know; they are kept, and nobody hears them"
    return [wrong("news", said, "Bring this installation up to date again.")]


def _restored(connection: Connection, told: Settings, now: datetime) -> list[Diagnosis]:
    """Whether the database is older than the world, as it knows or as this data folder does."""
    held = letters_held.held(connection, now)
    do = "See what would leave, and let it go: introbroker restored"
    if held:
        many = held.due + held.may_have_left
        return [wrong("letters", f"the database was brought back, and {many} letters that are due are held", do)]
    seen = AgeKept(told.data / AGE).number
    if seen is not None and seen > age.now_at(connection):
        return [wrong("letters", "the database is older than this data folder knows it, so the mailroom will hold", do)]
    return []


def _missing(connection: Connection, now: datetime) -> list[Diagnosis]:
    """Of what is under way, what Temporal no longer holds."""
    lost = stalled_workflows.missing(connection, now)
    if not lost:
        return []
    do = "See that Temporal's address and namespace are right; if it is lost for good: introbroker begin-anew"
    return [wrong("Temporal", f"it holds nothing of {lost} introductions under way; what people say is kept", do)]


def _mail_page(connection: Connection, told: Settings) -> list[Diagnosis]:
    """What this process was told, held against what any process of the installation ever was."""
    try:
        refuse_without_relay(told, exposure.found(connection))
    except SettingsError as refusal:
        return [wrong("mail page", "there is none, so pages and letters have no start here", str(refusal))]
    if told.shows_mail_page:
        return [well("mail page", "anybody at this machine reads every mailbox there; nobody else does")]
    return []


def _sqlite(connection: Connection) -> list[Diagnosis]:
    mode = str(connection.execute(text("PRAGMA journal_mode")).scalar_one())
    if mode != "wal":
        return [
            wrong(
                "database", f"its journal is {mode}, so readers and writers block each other", "PRAGMA journal_mode=wal"
            )
        ]
    return [well("database", "SQLite, in WAL mode: one machine, and the clock is its own")]


def _postgresql(connection: Connection) -> list[Diagnosis]:
    isolation = str(connection.execute(text("SHOW default_transaction_isolation")).scalar_one())
    durable = str(connection.execute(text("SHOW synchronous_commit")).scalar_one())
    theirs: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    found = [well("database", f"PostgreSQL, {isolation}")]
    if durable == "off":
        do = "Set synchronous_commit to on."
        found.append(wrong("database", "an answer we have acknowledged may be lost in a power cut", do))
    return [*found, skew("the database", datetime.now(UTC) - theirs)]


def skew(whose: str, ahead: timedelta) -> Diagnosis:
    """Deadlines are counted by our clock and recorded there."""
    if abs(ahead) > SKEW:
        said = f"ours and that of {whose} are {abs(ahead).total_seconds():.0f} s apart"
        return wrong("clocks", said, "Keep both by NTP.")
    return well("clocks", f"ours and that of {whose} agree")
