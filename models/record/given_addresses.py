"""Addresses of the target that hold: those that an approval in force named, or a question answered since.

An address that somebody gave is part of their answer: with an answer that is undone, made void by an edit or replaced
by another, its address goes. Where an address was named is read from the ledger alone.
"""

from collections.abc import Sequence

from models.ids import AskNumber, ChannelId
from models.news import News
from models.record.ledger import Entry, Moved

_APPROVALS = ("connector_approved", "connector_forwards")


def addresses_in_force(entries: Sequence[Entry]) -> tuple[ChannelId, ...]:
    """What was given for this introduction and still stands, the newest first."""
    given: dict[AskNumber, ChannelId] = {}
    for entry in entries:
        if isinstance(entry.event, Moved):
            given = _heard(given, entry.event.news) if entry.event.standing.approved else {}
    return tuple(reversed(given.values()))


def addresses_ever_named(entries: Sequence[Entry]) -> frozenset[ChannelId]:
    """Whatever any answer named, whether or not it stands."""
    moved = (entry.event.news for entry in entries if isinstance(entry.event, Moved))
    return frozenset(named for news in moved if (named := _named(news)))


def _heard(given: dict[AskNumber, ChannelId], news: News) -> dict[AskNumber, ChannelId]:
    before = {} if news.kind in _APPROVALS else given
    if news.kind == "undone":
        return {ask: address for ask, address in before.items() if ask != news.ask}
    named, number = _named(news), getattr(news, "ask", None)
    return before | {number: named} if named and number else before


def _named(news: News) -> ChannelId | None:
    named: ChannelId | None = getattr(news, "address", None)
    return named
