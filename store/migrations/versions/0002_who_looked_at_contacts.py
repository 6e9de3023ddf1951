"""Who of the staff looked at somebody's contact details."""

import sqlalchemy as sa
from alembic import op

import store.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_view",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("viewer", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("at", store.types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["viewer"], ["person.id"], name=op.f("fk_contact_view_viewer_person")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_contact_view_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_view")),
    )
    with op.batch_alter_table("contact_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_view_person_at"), ["person", "at"], unique=False)


def downgrade() -> None:
    op.drop_table("contact_view")
