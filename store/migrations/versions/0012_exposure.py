"""What any process of this installation was ever told that lets letters or strangers through."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exposure",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_exposure")),
    )
