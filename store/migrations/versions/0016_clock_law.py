"""By which release of zone law an introduction counts."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    known = sa.text("'2026f'")  # that of the clocks by which all counted before any were told to them
    op.add_column("introduction", sa.Column("clock_law", sa.String(16), server_default=known, nullable=False))
    name = "ix_introduction_clock_law_open"
    op.create_index(name, "introduction", ["clock_law"], sqlite_where=OPEN, postgresql_where=OPEN)
