"""A member whom a file brought waits until staff invite them. Whoever is a member by now counts as invited."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Instant

revision = "0036"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("membership", sa.Column("uninvited_since", Instant(timezone=True), nullable=True))
    op.add_column("membership", sa.Column("invited_at", Instant(timezone=True), nullable=True))
    op.add_column("membership", sa.Column("invited_by", sa.String(40), nullable=True))
    op.add_column("membership", sa.Column("welcome", sa.String(40), nullable=True))
    op.create_index("ix_membership_welcome", "membership", ["welcome"])
