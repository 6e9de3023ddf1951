"""Columns for names and what stands beside them, folded for every search; `fold_again` fills them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

FOLDED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    for name in ("name_folded", "organisation_folded", "entry_folded"):
        op.add_column("person", sa.Column(name, FOLDED, server_default="", nullable=False))
    for name in ("name_folded", "organisation_folded"):
        op.create_index(op.f(f"ix_person_tenant_{name}"), "person", ["tenant", name])
    missed = sa.text("entry_folded = '' AND erased_at IS NULL")
    op.create_index("ix_person_unfolded", "person", ["id"], sqlite_where=missed, postgresql_where=missed)
