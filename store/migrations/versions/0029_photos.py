"""Photos of people, and whether each is shown."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Instant

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "photo",
        sa.Column("mark", sa.String(32), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_photo_person_person")),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_photo")),
        sa.UniqueConstraint("person", name=op.f("uq_photo_person")),
    )
    op.add_column("person", sa.Column("photo", sa.String(32), nullable=True))
    op.add_column("person", sa.Column("photo_shown", sa.Boolean(), nullable=False, server_default=sa.text("false")))
