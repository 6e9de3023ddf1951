"""Addresses given for an introduction, kept in step with the answers that gave them."""

from sqlalchemy import select, update

from models.record.given_addresses import addresses_in_force
from models.record.ledger import Began, Moved, entry
from store.journal.ledger import entries
from store.steps.effects.writer import Writing
from store.tables import channel


def keep_in_step(writing: Writing, event: Began | Moved) -> None:
    """What this step gives holds from now on, and what no answer stands for any more ends with its answer."""
    if not isinstance(event, Moved) or not _may_change(writing, event):
        return
    given = (channel.c.person == writing.target, channel.c.introduction == writing.introduction)
    emails = (*given, channel.c.kind == "email")
    rows = writing.run(select(channel.c.id, channel.c.ended_at).where(*emails)).all()
    if not rows:
        return
    so_far = entries(writing.connection, writing.recording.introduction)
    this = entry(writing.recording.introduction, so_far[-1] if so_far else None, writing.now, event)
    hold = addresses_in_force([*so_far, this])
    for ended_at, ids in (
        (None, [row.id for row in rows if row.id in hold and row.ended_at]),
        (writing.now, [row.id for row in rows if row.id not in hold and not row.ended_at]),
    ):
        if ids:
            writing.run(update(channel).where(channel.c.id.in_(ids)).values(ended_at=ended_at))


def _may_change(writing: Writing, event: Moved) -> bool:
    news = event.news
    named = getattr(news, "address", None) is not None
    return named or news.kind == "undone" or bool(writing.row.approved) != event.standing.approved
