"""Pairs of people or organisations that a programme keeps apart."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conflict",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("programme", sa.String(40), nullable=False),
        sa.Column("one", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("one_written", sa.Text(), nullable=False),
        sa.Column("other_written", sa.Text(), nullable=False),
        sa.Column("via", sa.String(16), nullable=False),
        sa.Column("by", sa.String(40), nullable=True),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(40), nullable=True),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_conflict_programme_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
        sa.UniqueConstraint("programme", "one", "other", name=op.f("uq_conflict_programme_one_other")),
    )
