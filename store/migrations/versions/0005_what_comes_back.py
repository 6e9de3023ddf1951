"""Returned mail, and the address each letter went to."""

import sqlalchemy as sa
from alembic import op

import store.engine.column_types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "came_back",
        sa.Column("letter", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.Column("last_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("letter", "kind", name=op.f("pk_came_back")),
    )
    op.add_column("letter", sa.Column("channel", sa.String(length=40)))
    op.add_column("letter", sa.Column("waits_since", store.engine.column_types.Instant(timezone=True)))
    op.add_column("programme", sa.Column("letters_paused_at", store.engine.column_types.Instant(timezone=True)))
    op.add_column("programme", sa.Column("letters_paused_for", sa.String(length=16)))
    op.add_column("programme", sa.Column("letters_resumed_at", store.engine.column_types.Instant(timezone=True)))


def downgrade() -> None:
    op.drop_column("programme", "letters_resumed_at")
    op.drop_column("programme", "letters_paused_for")
    op.drop_column("programme", "letters_paused_at")
    op.drop_column("letter", "waits_since")
    op.drop_column("letter", "channel")
    op.drop_table("came_back")
