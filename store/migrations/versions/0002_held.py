"""A column that says whether an operator holds an introduction."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("introduction", sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.text("false")))
