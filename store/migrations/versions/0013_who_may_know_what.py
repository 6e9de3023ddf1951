"""What each may know of an introduction, as columns; older rows are filled from their ledgers."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Instant
from store.journal.disclosure_columns import told_again
from store.journal.ledger import entries
from store.tables import introduction

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OLD = ("id", "opening", "promised_at")  # what the rows had before, as far as their new columns follow from it
NEW = (
    "requester_progress", "requester_since", "confirmed_ask", "confirmed_at", "told_at", "afresh_ask", "afresh_at",
    "target_progress", "target_since", "connector_heard", "connector_heard_at", "known_step",
    "shown_stage", "shown_waiting_on", "shown_due_at", "shown_until",
)  # fmt: skip


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
    _fill()


def _fill() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(*(introduction.c[name] for name in OLD))).all():
        found = told_again(row, entries(connection, row.id))
        if found:
            values = {name: found[name] for name in NEW}
            connection.execute(sa.update(introduction).where(introduction.c.id == row.id).values(values))
