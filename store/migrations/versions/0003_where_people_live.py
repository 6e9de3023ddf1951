"""A person's country and region, for their holidays, and the instant until which a yes counts."""

import sqlalchemy as sa
from alembic import op

import store.engine.column_types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("programme", "person"):
        op.add_column(table, sa.Column("country", sa.String(length=2), nullable=True))
        op.add_column(table, sa.Column("region", sa.String(length=24), nullable=True))
    op.add_column("consent", sa.Column("valid_until", store.engine.column_types.Instant(timezone=True), nullable=True))
