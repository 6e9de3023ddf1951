"""Tables of staff: how operators want to hear of what needs them, and what each letter told them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table

from store.engine.column_types import Instant, Json
from store.tables.constraint_names import metadata

hearing = Table(
    "hearing",
    metadata,
    Column("person", ForeignKey("person.id"), primary_key=True),
    Column("ways", Json, nullable=False),  # models.desk.StaffHearing.ways: of each kind, when
    Column("hour", Integer, nullable=False),  # of the morning's letter, on their own clock
    Column("morning_at", Instant, nullable=False),  # so far mornings have been looked at
)

told_to_staff = Table(  # what a letter to an operator says, and that they have been told: ids alone
    "told_to_staff",
    metadata,
    Column("letter", String(40), nullable=False),
    Column("number", Integer, nullable=False),  # its place in the letter
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("mark", String(200), nullable=False),  # models.desk.DeskItem.mark
    Column("programme", String(40)),
    Column("introduction", String(40)),
    Column("due_at", Instant),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("letter", "number"),
    Index(None, "person", "mark"),
)
