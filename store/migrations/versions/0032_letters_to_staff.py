"""Letters to staff: how operators want to hear of what needs them, and what each letter told them."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Instant, Json

revision = "0032"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hearing",
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("ways", Json(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("morning_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_hearing_person_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_hearing")),
    )
    op.create_table(
        "told_to_staff",
        sa.Column("letter", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("mark", sa.String(200), nullable=False),
        sa.Column("programme", sa.String(40), nullable=True),
        sa.Column("introduction", sa.String(40), nullable=True),
        sa.Column("due_at", Instant(timezone=True), nullable=True),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_told_to_staff_person_person")),
        sa.PrimaryKeyConstraint("letter", "number", name=op.f("pk_told_to_staff")),
    )
    op.create_index(op.f("ix_told_to_staff_person_mark"), "told_to_staff", ["person", "mark"])
