"""Indexes of what lies unclaimed or may stand still; alarms about the installation; the pace of each link."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _partial("ix_introduction_not_begun", "introduction", ["asked_at", "id"], "step = 0")
    _partial("ix_introduction_due", "introduction", ["due_at", "id"], "closed_at IS NULL")
    _partial("ix_introduction_grown", "introduction", ["id"], "closed_at IS NULL AND step >= 64")
    _partial("ix_inbox_unheard", "inbox", ["next_try_at", "key"], "(state = 'waiting' OR heard_step IS NOT NULL)")
    op.create_table(
        "alarm",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("since", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_alarm")),
    )
    op.add_column("token", sa.Column("paced_until", Instant(timezone=True), nullable=True))


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
