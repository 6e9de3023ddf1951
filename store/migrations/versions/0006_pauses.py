"""No-shows as the other party told them, asks that rest for a while, and private notes."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _no_show()
    _asks_pause()
    _private_note()


def _no_show() -> None:
    op.create_table(
        "no_show",
        sa.Column("introduction", sa.String(40), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("programme", sa.String(40), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("set_aside_at", Instant(timezone=True)),
        _key("no_show", "introduction", "introduction"),
        _key("no_show", "person", "person"),
        _key("no_show", "by", "person"),
        _key("no_show", "programme", "programme"),
        sa.PrimaryKeyConstraint("introduction", "person", name=op.f("pk_no_show")),
    )
    op.create_index(op.f("ix_no_show_person_at"), "no_show", ["person", "at"])


def _asks_pause() -> None:
    op.create_table(
        "asks_pause",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("programme", sa.String(40), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("since", Instant(timezone=True), nullable=False),
        sa.Column("until", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True)),
        sa.Column("ended_by", sa.String(40)),
        sa.Column("letter", sa.String(40)),
        _key("asks_pause", "programme", "programme"),
        _key("asks_pause", "person", "person"),
        _key("asks_pause", "ended_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asks_pause")),
    )
    op.create_index(op.f("ix_asks_pause_person_until"), "asks_pause", ["person", "until"])
    op.create_index(op.f("ix_asks_pause_programme_until"), "asks_pause", ["programme", "until"])


def _private_note() -> None:
    op.create_table(
        "private_note",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("introduction", sa.String(40), nullable=False),
        sa.Column("ask", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(40), nullable=False),
        sa.Column("readers", sa.String(16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        _key("private_note", "introduction", "introduction"),
        _key("private_note", "owner", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_note")),
    )
    op.create_index(op.f("ix_private_note_owner_at"), "private_note", ["owner", "at"])
    op.create_index(op.f("ix_private_note_introduction"), "private_note", ["introduction"])


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
