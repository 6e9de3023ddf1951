"""The faces of programmes: logo, colour, sender, signature, opening sentence."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Instant, Json

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "logo",
        sa.Column("mark", sa.String(32), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("dropped_at", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_logo")),
    )
    for name, kind in (
        ("sender", sa.Text()),
        ("signature", sa.Text()),
        ("opening", Json()),
        ("colour", sa.String(7)),
        ("logo", sa.String(32)),
        ("face_by", sa.String(40)),
        ("face_at", Instant(timezone=True)),
    ):
        op.add_column("programme", sa.Column(name, kind, nullable=True))
