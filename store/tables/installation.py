"""The table of facts about the installation: one row a fact, for all its processes."""

from sqlalchemy import Column, Integer, String, Table, Text, text

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
