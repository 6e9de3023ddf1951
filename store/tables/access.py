"""Tables of access: API keys, sessions, drafts, the counts that limit callers, marks of exposure."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from store.engine.column_types import Instant, Json
from store.tables.constraint_names import metadata

api_key = Table(
    "api_key",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("programme", ForeignKey("programme.id"), nullable=False),
    Column("prefix", String(16), nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("scope", String(40), nullable=False),
    Column("key", String(200), nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("response", Text, nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("scope", "key"),
)

session = Table(
    "session",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

draft = Table(
    "draft",
    metadata,
    Column("programme", ForeignKey("programme.id"), nullable=False),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("body", Json, nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("programme", "person"),
)

trouble = Table(  # introductions whose workflow does not do its work, as last seen
    "trouble",
    metadata,
    Column("introduction", ForeignKey("introduction.id"), primary_key=True),
    Column("what", String(16), nullable=False),  # store.views.stalled_workflows.What
    Column("since", Instant, nullable=False),
)

alarm = Table(  # what is wrong with the installation and not with one introduction, as last seen
    "alarm",
    metadata,
    Column("kind", String(16), primary_key=True),  # store.views.installation.alarms.Alarm
    Column("since", Instant, nullable=False),
)

rate = Table(  # one row per event that is counted in a window: sign-in links asked for, requests by a key
    "rate",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("scope", String(80), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "scope", "at"),
)

exposure = Table(  # marks that are never taken back: with any of them there is no mail page
    "exposure",
    metadata,
    Column("kind", String(16), primary_key=True),  # relay | public_address | real_people
    Column("at", Instant, nullable=False),
)
