"""Addresses given for an introduction end with the answer that gave them, and say in which language to write there."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Instant

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel", sa.Column("ended_at", Instant(timezone=True), nullable=True))
    op.add_column("channel", sa.Column("language", sa.String(2), nullable=True))
