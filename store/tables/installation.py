"""Tables about the installation itself: facts, one row each, for all its processes; and these processes."""

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text, text

from store.engine.column_types import Instant
from store.tables.constraint_names import metadata

installation = Table(
    "installation",
    metadata,
    Column("name", String(32), primary_key=True),  # store.installation.facts.FactName
    Column("value", Text, nullable=False, server_default=text("''")),
    Column("number", Integer, nullable=False, server_default=text("0")),
    Column("at", Instant, nullable=False),
)

process = Table(
    "process",
    metadata,
    Column("name", String(32), primary_key=True),  # of one start; it means nothing
    Column("kind", String(16), nullable=False),
    Column("machine", String(80), nullable=False),  # a running system within which process ids mean something
    Column("pid", Integer, nullable=False),
    Column("began", BigInteger),  # in that system's own ticks, since process ids are used again
    Column("told", Text, nullable=False),  # store.installation.processes.Told
    Column("at", Instant, nullable=False),  # when it was last heard of, by the database's clock
    Column("clock", Instant, nullable=False),  # and what its own showed then
)
