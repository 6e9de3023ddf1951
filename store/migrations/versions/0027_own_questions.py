"""Answers to the programme's own questions: for each version of a request, which words answer which question."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Json

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("request", sa.Column("answers", Json(), nullable=True))
