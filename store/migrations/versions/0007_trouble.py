"""Introductions that stand still in Temporal, or are gone from it."""

import sqlalchemy as sa
from alembic import op

import store.engine.column_types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trouble",
        sa.Column("introduction", sa.String(40), nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("since", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["introduction"], ["introduction.id"], name=op.f("fk_trouble_introduction_introduction")
        ),
        sa.PrimaryKeyConstraint("introduction", name=op.f("pk_trouble")),
    )
