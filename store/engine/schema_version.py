"""The schema version of a database. None yet, an older one, ours, or one that only a newer version knows."""

from enum import StrEnum

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from store.engine.migrate import MIGRATIONS


class Shape(StrEnum):
    EMPTY = "empty"
    OLDER = "older"
    OURS = "ours"
    NEWER = "newer"


def shape(connection: Connection) -> Shape:
    """Looks only."""
    script = ScriptDirectory(str(MIGRATIONS))
    at = MigrationContext.configure(connection).get_current_revision()
    if at is None:
        return Shape.EMPTY
    if at == script.get_current_head():
        return Shape.OURS
    known = {revision.revision for revision in script.walk_revisions()}
    return Shape.OLDER if at in known else Shape.NEWER
