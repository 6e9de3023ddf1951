"""Notices for operators about the installation as a whole."""

from datetime import datetime

from sqlalchemy import Connection

from models.base import Frozen
from store.installation import age, facts
from store.installation.facts import FactName
from store.views import stalled_workflows


class Notices(Frozen):
    """What nobody but a person can decide. `missing`: introductions that Temporal no longer holds."""

    is_elsewhere: bool  # a process has met another namespace of Temporal's than the one that holds what is under way
    missing: int
    held: datetime | None  # since when no letter leaves, as the database was brought back

    @property
    def any(self) -> bool:
        return self.is_elsewhere or self.missing > 0 or self.held is not None


def of_installation(connection: Connection, now: datetime) -> Notices:
    held = age.held(connection)
    return Notices(
        is_elsewhere=facts.get(connection, FactName.STRANGE) is not None,
        missing=stalled_workflows.missing(connection, now),
        held=held.at if held else None,
    )
