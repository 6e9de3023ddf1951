"""What each may know of an introduction, as columns. Older rows are told again from their ledgers, after migrating."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    in_progress, nothing = sa.text("'in_progress'"), sa.text("0")
    for who in ("requester", "target"):
        progress = sa.Column(f"{who}_progress", sa.String(16), server_default=in_progress, nullable=False)
        op.add_column("introduction", progress)
        op.add_column("introduction", sa.Column(f"{who}_since", Instant(timezone=True), nullable=True))
    for name in ("confirmed", "afresh"):
        op.add_column("introduction", sa.Column(f"{name}_ask", sa.Integer(), nullable=True))
        op.add_column("introduction", sa.Column(f"{name}_at", Instant(timezone=True), nullable=True))
    op.add_column("introduction", sa.Column("told_at", Instant(timezone=True), nullable=True))
    op.add_column("introduction", sa.Column("connector_heard", sa.String(16), nullable=True))
    op.add_column("introduction", sa.Column("connector_heard_at", Instant(timezone=True), nullable=True))
    op.add_column("introduction", sa.Column("known_step", sa.Integer(), server_default=nothing, nullable=False))
    op.add_column("introduction", sa.Column("shown_stage", sa.String(24), nullable=True))
    op.add_column("introduction", sa.Column("shown_waiting_on", sa.String(16), nullable=True))
    op.add_column("introduction", sa.Column("shown_due_at", Instant(timezone=True), nullable=True))
    op.add_column("introduction", sa.Column("shown_until", Instant(timezone=True), nullable=True))
