"""What is wanted of whom somebody asks for. Kept as words of the request, like its other texts."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("request", sa.Column("wanted", sa.String(length=40), nullable=True))
