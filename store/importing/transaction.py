"""Files taken in one transaction.

Together, in one transaction, or none of them; if only tried, given back before anybody saw.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from models.base import Frozen
from store.engine.secrets import Keys
from store.importing.files import Counted, File
from store.importing.parts.origin import take_turns
from store.importing.parts.remarks import Remarks


class NotTaken(Frozen):
    """Something was said that stops the import: nothing was written."""


def take(connection: Connection, keys: Keys, files: Sequence[File], *, dry_run: bool = False) -> Counted | NotTaken:
    """One after the other, so that a later file may name whom an earlier one brought."""
    take_turns(connection, files[0].origin)
    with connection.begin_nested() as all_of_it:
        counted = _take_each(connection, keys, files)
        if dry_run or isinstance(counted, NotTaken):
            all_of_it.rollback()
    return counted


def _take_each(connection: Connection, keys: Keys, files: Sequence[File]) -> Counted | NotTaken:
    all_counted = Counted()
    for file in files:
        remarks = Remarks(file.hear)
        counted = file.take(connection, keys, remarks)
        if remarks.stopped:
            return NotTaken()
        all_counted = all_counted + counted
    return all_counted
