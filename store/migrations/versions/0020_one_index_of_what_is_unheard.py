"""No index of unconfirmed news any more: the one of all that is unheard (0017) holds it too."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_inbox_unconfirmed", "inbox")
