"""Forgetting: erasures as jobs with their proof, runs of the retention, records of one human being put together."""

import sqlalchemy as sa
from alembic import op

import store.engine.column_types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("merged_into", sa.String(length=40), nullable=True))
    op.create_table(
        "erasure",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("asked_by", sa.String(length=16), nullable=False),
        sa.Column("asked_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("suppressed", store.engine.column_types.Json(), nullable=False),
        sa.Column("wiped_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.Column("done_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.Column("counts", store.engine.column_types.Json(), nullable=True),
        sa.Column("executions", sa.Integer(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_erasure_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("person", name=op.f("uq_erasure_person")),
    )
    op.create_index(op.f("ix_erasure_state_next_try_at"), "erasure", ["state", "next_try_at"])
    op.create_table(
        "retention_run",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=True),
        sa.Column("of", sa.String(length=24), nullable=False),
        sa.Column("until", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    op.create_index(op.f("ix_retention_run_at"), "retention_run", ["at"])
