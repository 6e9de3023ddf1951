"""Retelling of a ledger: where an introduction stands, told again from its events.

So that a page can ask the core what it would take.
"""

from collections.abc import Iterable

from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from models.process.story import begin, heard
from models.process.verdict import Refused
from models.record.ledger import Began, Entry, Moved


def retold(opening: Opening, entries: Iterable[Entry]) -> Introduction | None:
    """The state the running workflow has reached, as far as it is recorded; None before its first step."""
    introduction: Introduction | None = None
    for entry in entries:
        match entry.event:
            case Began():
                introduction = begin(opening, entry.at).after
            case Moved(news=news) if introduction:
                verdict = heard(introduction, news, entry.at, in_time=True)
                if isinstance(verdict, Refused):
                    return None  # recorded under rules we no longer know: nobody can say what would be taken
                introduction = verdict.after
    return introduction
