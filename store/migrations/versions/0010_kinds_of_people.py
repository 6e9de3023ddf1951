"""Kinds of people, whose caps are their own."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("membership", sa.Column("kind", sa.String(length=32), nullable=True))
    op.add_column("membership", sa.Column("kind_by", sa.String(length=40), nullable=True))
    op.add_column("membership", sa.Column("kind_at", Instant(), nullable=True))
