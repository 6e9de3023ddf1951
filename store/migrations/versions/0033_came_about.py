"""What came about in a programme is found by its day, without going through all that was ever asked there."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    came_about = sa.text("delivered_at IS NOT NULL")
    op.create_index(
        "ix_introduction_came_about",
        "introduction",
        ["programme", "delivered_at"],
        sqlite_where=came_about,
        postgresql_where=came_about,
    )
