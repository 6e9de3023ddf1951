"""Tables: every one of the database, alike on SQLite and PostgreSQL.

Words, names and addresses stand in `person`, `known_as`, `channel`, `words`, `request` and `mail` only, so that erasing
a person is deleting rows; everything else holds ids and facts.
"""

from store.tables.access import alarm, api_key, draft, exposure, idempotency, rate, session, trouble
from store.tables.constraint_names import metadata
from store.tables.installation import installation, process
from store.tables.introductions import (
    ask,
    asks_pause,
    consent,
    disclosure,
    help_given,
    introduction,
    no_show,
    private_note,
    request,
    reservation,
    words,
)
from store.tables.ledger import ledger
from store.tables.letters import came_back, inbox, letter, mail, token
from store.tables.people import (
    block,
    channel,
    conflict,
    contact_view,
    erasure,
    known_as,
    logo,
    membership,
    name_change,
    person,
    photo,
    policy,
    programme,
    retention_run,
    suppression,
    tie,
)
from store.tables.staff import hearing, told_to_staff

__all__ = [
    "alarm",
    "api_key",
    "ask",
    "asks_pause",
    "block",
    "came_back",
    "channel",
    "conflict",
    "consent",
    "contact_view",
    "disclosure",
    "draft",
    "erasure",
    "exposure",
    "hearing",
    "help_given",
    "idempotency",
    "inbox",
    "installation",
    "introduction",
    "known_as",
    "ledger",
    "letter",
    "logo",
    "mail",
    "membership",
    "metadata",
    "name_change",
    "no_show",
    "person",
    "photo",
    "policy",
    "private_note",
    "process",
    "programme",
    "rate",
    "request",
    "reservation",
    "retention_run",
    "session",
    "suppression",
    "tie",
    "token",
    "told_to_staff",
    "trouble",
    "words",
]
