"""Introductions whose columns are behind their ledger, found without looking at all others."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    behind = sa.text("known_step < step")
    op.create_index("ix_introduction_told_behind", "introduction", ["id"], sqlite_where=behind, postgresql_where=behind)
