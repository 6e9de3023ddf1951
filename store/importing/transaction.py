"""Files taken in one transaction.

Together, in one transaction, or none of them; if only tried, given back before anybody saw.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from models.base import Frozen
from store.audit import exposure
from store.engine.secrets import Keys
from store.importing.files import Counted, File
from store.importing.parts.origin import take_turns
from store.importing.parts.remarks import Remarks


class NotTaken(Frozen):
    """Something was said that stops the import: nothing was written."""


class TakenOver(Frozen):
    """What was taken, or would be; `ends_the_trial`: with real people among it, in an installation played in."""

    counted: Counted
    ends_the_trial: bool


def take(
    connection: Connection, keys: Keys, files: Sequence[File], *, dry_run: bool = False, real_people: bool = False
) -> TakenOver | NotTaken:
    """One after the other, so that a later file may name whom an earlier one brought.

    What would end a trial is given back too, unless `real_people` says that this is meant.
    """
    take_turns(connection, files[0].origin)
    was_tried_out = exposure.is_tried_out(connection)
    with connection.begin_nested() as all_of_it:
        counted = _take_each(connection, keys, files)
        ends = was_tried_out and bool(exposure.found(connection))
        if dry_run or isinstance(counted, NotTaken) or (ends and not real_people):
            all_of_it.rollback()
    return counted if isinstance(counted, NotTaken) else TakenOver(counted=counted, ends_the_trial=ends)


def _take_each(connection: Connection, keys: Keys, files: Sequence[File]) -> Counted | NotTaken:
    all_counted = Counted()
    for file in files:
        remarks = Remarks(file.hear)
        counted = file.take(connection, keys, remarks)
        if remarks.stopped:
            return NotTaken()
        all_counted = all_counted + counted
    return all_counted
