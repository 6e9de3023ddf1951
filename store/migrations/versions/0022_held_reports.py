"""Until when a report can be taken back, and nobody hears it."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Instant

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("held_until", Instant(timezone=True), nullable=True))
