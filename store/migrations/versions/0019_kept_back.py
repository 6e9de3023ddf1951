"""Until when anything is kept from staff, and what is due once part of it shows."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("introduction", sa.Column("then_due_at", Instant(timezone=True), nullable=True))
    op.add_column("introduction", sa.Column("kept_until", Instant(timezone=True), nullable=True))
