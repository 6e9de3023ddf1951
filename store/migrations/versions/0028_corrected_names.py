"""Names corrected by those who bear them, and whether one's public places are shown."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Instant

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "name_change",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_name_change_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_change")),
    )
    op.create_index(op.f("ix_name_change_person_at"), "name_change", ["person", "at"])
    op.add_column("person", sa.Column("places_shown", sa.Boolean(), nullable=False, server_default=sa.text("false")))
