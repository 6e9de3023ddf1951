"""By what an import knows somebody again, and what it last said of them."""

import sqlalchemy as sa
from alembic import op

import store.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_as",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("said", store.types.Json(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_known_as_person_person")),
        sa.PrimaryKeyConstraint("tenant", "key", name=op.f("pk_known_as")),
    )
    with op.batch_alter_table("known_as", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_known_as_person"), ["person"], unique=False)


def downgrade() -> None:
    op.drop_table("known_as")
