"""Opt-outs as staff may know them: one that ends a question of theirs is a no, and told no earlier than any other."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_

from store.journal.disclosure_columns import is_kept_back
from store.tables import inbox, introduction, person


def is_told_to_staff(now: datetime) -> ColumnElement[bool]:
    """Of a row of people: they opted out, and no introduction of theirs is told as if they had not (S41)."""
    theirs = or_(introduction.c.target == person.c.id, introduction.c.requester == person.c.id)
    before_it = introduction.c.asked_at <= person.c.opted_out_at
    is_kept = exists().where(theirs, before_it, is_kept_back(now)).correlate(person)
    said = (inbox.c.person == person.c.id, inbox.c.kind == "opted_out", inbox.c.state == "waiting")
    return person.c.opted_out_at.is_not(None) & ~is_kept & ~exists().where(*said).correlate(person)
