"""Membership by import. Whoever is here already stays what they were."""

from typing import Any

from models.ids import PersonId
from models.policy.caps import is_nowhere_wider
from store.importing.known.batch import Handful
from store.importing.known.on_file import Here
from store.importing.parts.records import PersonRecord
from store.importing.parts.remarks import Why


def join_new(handful: Handful, record: PersonRecord, who: PersonId) -> None:
    """Somebody the file brings: it may say that they agreed to be listed, and that they may ask."""
    if not handful.origin.is_export:
        _join(handful, record, who, listed=bool(record.listed), uninvited=True)


def stay(handful: Handful, record: PersonRecord, here: Here) -> bool:
    """They may be new to the programme; a no to being listed counts, and nothing is granted to a member."""
    if handful.origin.is_export:
        return False
    if here.membership is None:
        _join(handful, record, here.id, listed=False, uninvited=not here.under_way)
    elif "requester" in record.roles and not here.membership.requests:
        handful.mention(record, "roles", Why.MAY_NOT_ASK)
    changed = here.membership is None or _becomes(handful, record, here)
    is_listed = here.membership is not None and here.membership.listed
    if record.listed and not is_listed:
        handful.mention(record, "listed", Why.LISTED_BY_THEMSELF)
    if record.listed is False and is_listed:
        found = {"was_programme": handful.origin.programme.id, "was_person": here.id}
        handful.writes.unlisted.append(found | {"listed": False})
        return True
    return changed


def _becomes(handful: Handful, record: PersonRecord, here: Here) -> bool:
    """A file may make a member somebody who is asked less, never somebody who is asked more."""
    now = here.membership.kind if here.membership else None
    if handful.rules is None or record.kind in (None, now):
        return False
    if not is_nowhere_wider(handful.rules, record.kind, now):
        handful.mention(record, "kind", Why.KIND_IS_WIDER)
        return False
    found = {"was_programme": handful.origin.programme.id, "was_person": here.id}
    handful.writes.changed_kinds.append(found | {"kind": record.kind, "kind_at": handful.origin.now})
    return True


def _join(handful: Handful, record: PersonRecord, who: PersonId, *, listed: bool, uninvited: bool) -> None:
    """Nobody writes to them before staff invite them, unless somebody of ours has begun to."""
    rights: dict[str, Any] = {"listed": listed, "requests": "requester" in record.roles, "operates": False}
    rights |= {"uninvited_since": handful.origin.now if uninvited else None}
    rights |= {"kind": record.kind, "kind_at": handful.origin.now if record.kind else None}
    row = {"programme": handful.origin.programme.id, "person": who, "joined_at": handful.origin.now}
    handful.writes.memberships.append(row | rights)
