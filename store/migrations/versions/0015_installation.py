"""What an installation knows of itself: its Temporal namespace, its age, whether it was restored."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("number", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation")),
    )
    op.add_column("letter", sa.Column("may_have_left", Instant(timezone=True), nullable=True))
