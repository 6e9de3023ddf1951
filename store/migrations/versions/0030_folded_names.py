"""Names and what stands beside them, folded for every search; of everybody who is here."""

import sqlalchemy as sa
from alembic import op

from store.engine.column_types import Folded, Json
from store.tables.folded_columns import folded

revision = "0030"
down_revision = "0017"
branch_labels = None
depends_on = None

COLUMNS = ("name_folded", "organisation_folded", "entry_folded")
AT_ONCE = 1000
person = sa.table(
    "person",
    *(sa.column(name) for name in ("id", "name", "headline", "organisation", *COLUMNS)),
    sa.column("topics", Json),
)


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("person", sa.Column(name, Folded, server_default="", nullable=False))
    _fill(op.get_bind())
    for name in COLUMNS[:2]:
        op.create_index(op.f(f"ix_person_tenant_{name}"), "person", ["tenant", name])


def _fill(connection: sa.Connection) -> None:
    facts = sa.select(person.c.id, person.c.name, person.c.headline, person.c.organisation, person.c.topics)
    found = {name: sa.bindparam(f"now_{name}") for name in COLUMNS}
    change = sa.update(person).where(person.c.id == sa.bindparam("who")).values(found)
    last = ""
    while rows := connection.execute(facts.where(person.c.id > last).order_by(person.c.id).limit(AT_ONCE)).all():
        values = [{f"now_{name}": text for name, text in folded(row._mapping).items()} for row in rows]
        connection.execute(change, [each | {"who": row.id} for each, row in zip(values, rows, strict=True)])
        last = rows[-1].id
