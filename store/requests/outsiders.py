"""People outside the programme, named by a requester. Somebody on file who reads exactly so, or somebody new.

Whether we knew them never shows: what the requester sees of them is what they typed.
"""

import re
import secrets
from datetime import datetime

from sqlalchemy import Connection, insert, select

from models.base import Frozen
from models.ids import PersonId
from models.request.plain_text import clean_name
from models.request.request import Outside
from store.engine.ids import new_id
from store.tables import introduction, person

# Legal forms, left out when two spellings of one organisation are compared.
_FORMS = frozenset(
    {
        *("inc", "incorporated", "ltd", "limited", "llc", "llp", "plc", "corp", "corporation", "co", "company"),
        *("gmbh", "ag", "ab", "as", "oy", "bv", "nv", "sa", "sas", "sarl", "srl", "spa", "sl", "slu", "lda", "ltda"),
    }
)
_PARTICLES = frozenset(
    {
        *("de", "da", "do", "das", "dos", "del", "della", "der", "den", "di", "du", "la", "las", "los", "le"),
        *("van", "von", "y", "e", "bin", "ibn", "al", "el"),
    }
)


class Home(Frozen):
    """What a new person has from the programme until we know better: its tenant, its language, its zone."""

    tenant: str
    language: str
    zone: str


def tidy_name(typed: str) -> str:
    """As a letter would write it. Decided by what was typed alone, never by what is on file."""
    cleaned = clean_name(typed)
    if not isinstance(cleaned, str):
        return ""
    if cleaned != cleaned.lower():
        return cleaned
    return " ".join(word if word in _PARTICLES else word[:1].upper() + word[1:] for word in cleaned.split())


def met_before(connection: Connection, tenant: str, outside: Outside, requester: PersonId) -> PersonId | None:
    """The one person on file who is spelt this way and works there. Two of them: the one this requester asked for."""
    name, organisation = tidy_name(outside.name), _organisation(outside.organisation)
    if not name or not organisation:
        return None
    named = select(person.c.id, person.c.organisation).where(
        person.c.tenant == tenant, person.c.name == name, person.c.erased_at.is_(None), person.c.merged_into.is_(None)
    )
    found = [PersonId(row.id) for row in connection.execute(named) if _organisation(row.organisation) == organisation]
    return found[0] if len(found) == 1 else _asked_for(connection, requester, found)


def keep_outside(connection: Connection, home: Home, outside: Outside, now: datetime) -> PersonId:
    """A row for somebody new, without any address: that is the connector's to give."""
    new = PersonId(new_id("per"))
    row = {"id": new, "name": tidy_name(outside.name), "organisation": clean_name(outside.organisation)}
    own = {"topics": [], "places": [], "salt": secrets.token_hex(32), "created_at": now}
    connection.execute(insert(person).values(row | own | home.model_dump()))
    return new


def _asked_for(connection: Connection, requester: PersonId, people: list[PersonId]) -> PersonId | None:
    earlier = select(introduction.c.target).where(
        introduction.c.requester == requester, introduction.c.target.in_(people)
    )
    return connection.execute(earlier.order_by(introduction.c.asked_at.desc()).limit(1)).scalar_one_or_none()


def _organisation(written: str) -> str:
    cleaned = clean_name(written)
    if not isinstance(cleaned, str):
        return ""
    words = re.findall(r"\w+", cleaned.casefold())
    kept = [word for word in words if word not in _FORMS]
    return " ".join(kept or words)
