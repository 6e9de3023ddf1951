"""What somebody is called, where they have said so."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("called", sa.Text(), nullable=False, server_default=""))
