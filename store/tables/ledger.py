"""The table of the ledger: what happened, for good, each event with the hash of the one before."""

from sqlalchemy import Column, Integer, PrimaryKeyConstraint, String, Table, Text, UniqueConstraint

from store.engine.column_types import Instant
from store.tables.constraint_names import metadata

ledger = Table(
    "ledger",
    metadata,
    Column("scope", String(40), nullable=False),  # an introduction, or a person for what concerns only them
    Column("seq", Integer, nullable=False),
    Column("step", Integer),
    Column("kind", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("body", Text, nullable=False),  # canonical JSON: exactly what the hash covers
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    PrimaryKeyConstraint("scope", "seq"),
    UniqueConstraint("scope", "step"),
)
