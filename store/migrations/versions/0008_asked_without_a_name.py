"""Requests whose target is not told who asks, and blocks of a person whose name the blocker was not told."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("request", sa.Column("goal", sa.String(length=40), nullable=True))
    op.add_column("request", sa.Column("blind", sa.String(length=40), nullable=True))
    op.add_column("block", sa.Column("by_name", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.add_column("block", sa.Column("unnamed_in", sa.String(length=40), nullable=True))
