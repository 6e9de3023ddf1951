"""The origin of a file: its source, its programme, and the keys it knows people by."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from store.importing.parts.records import LINKEDIN
from store.programmes.programmes import Programme
from store.tables import programme as programmes

FILE_KEYS = "file"  # whose keys refs are, unless a programme imports from several systems and tells them apart


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """One file on its way in."""

    programme: Programme
    file: str
    now: datetime
    keys: str = FILE_KEYS
    is_export: bool = False
    """A connector's own export: whom it names joins no programme, and it only fills in what nobody has said."""

    @property
    def tenant(self) -> str:
        return self.programme.tenant

    @property
    def source(self) -> str:
        """What is written beside an address or a tie, so that everybody can be told where we have it from."""
        return f"import {self.file} {self.now:%Y-%m-%d}"

    def key(self, ref: str) -> str:
        """A LinkedIn profile is the same in everybody's file; any other key is its own system's."""
        folded = ref.casefold()
        if folded.startswith(LINKEDIN):
            return f"linkedin {folded.removeprefix(LINKEDIN)}"
        return f"{self.keys} {folded}"


def take_turns(connection: Connection, origin: Origin) -> None:
    """Two imports of one tenant never meet, and nobody else waits. SQLite's writers take turns anyway."""
    theirs = select(programmes.c.id).where(programmes.c.tenant == origin.tenant).order_by(programmes.c.id)
    connection.execute(theirs.with_for_update(key_share=True))
