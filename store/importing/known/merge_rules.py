"""Merge rules: what of a file's word holds beside what is here.

The stronger does, and whatever somebody changed by hand.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

from store.importing.parts.records import PersonRecord, TieRecord

Fields = dict[str, Any]
TIE_FACTS = ("strength", "evidence", "since", "confirmed_at")
DESCRIBING = ("name", "language", "zone", "country", "region", "called", "headline", "organisation", "topics")


def said_of(record: PersonRecord) -> Fields:
    """What the file says of a person. An empty cell says nothing."""
    said = {field: getattr(record, field) for field in DESCRIBING}
    return {field: list(value) if field == "topics" else value for field, value in said.items() if value}


def person_changes(here: Mapping[str, Any], said: Fields, said_before: Fields | None) -> Fields:
    """What changes: what is empty here, and what is still as this very source last said it.

    Anything else was changed in the product, by themself or by a connector, or comes from another source: it stays.
    """
    before = said_before or {}
    return {
        field: value
        for field, value in said.items()
        if value != here[field] and (not here[field] or before.get(field) == here[field])
    }


def tie_facts(record: TieRecord) -> Fields:
    """As `TIE_FACTS` names them."""
    return {
        "strength": record.strength,
        "evidence": record.evidence,
        "since": first_day(record.since) if record.since else None,
        "confirmed_at": _instant(record.confirmed_on) if record.confirmed_on else None,
    }


def tie_changes(here: Mapping[str, Any], new: Fields, *, is_export: bool) -> Fields:
    """What changes in a tie that is here. A connector's "not me" and "no asks about them" stand, whatever comes."""
    if here["denied_at"] or here["no_go"]:
        return {}
    outweighs = not is_export and _weight(new) >= _weight(here)
    said = {field: value for field, value in new.items() if value and (outweighs or not here[field])}
    if here["confirmed_at"] and not new["confirmed_at"]:
        said.pop("strength", None)  # somebody's guess would stand there as the connector's own word
    return {field: value for field, value in said.items() if value != here[field]}


@lru_cache(maxsize=4_096)
def first_day(since: str) -> date:
    """Of the year, month or day that the file names."""
    year, month, day = (*map(int, since.split("-")), 1, 1)[:3]
    return date(year, month, day)


@lru_cache(maxsize=4_096)
def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _weight(tie: Mapping[str, Any]) -> tuple[datetime, bool]:
    """The connector's own latest word weighs most; then any strength at all."""
    return tie["confirmed_at"] or datetime.min.replace(tzinfo=UTC), tie["strength"] is not None
