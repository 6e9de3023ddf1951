"""A mark for news that the ledger has heard and Temporal has not confirmed yet, so that it is told again."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("heard_step", sa.Integer(), nullable=True))
    op.add_column("inbox", sa.Column("heard_at", Instant(), nullable=True))
    unconfirmed = sa.text("heard_step IS NOT NULL")
    op.create_index(
        "ix_inbox_unconfirmed", "inbox", ["next_try_at"], sqlite_where=unconfirmed, postgresql_where=unconfirmed
    )
