"""Suggestions of whom to ask: listed members who, by what they show of themselves, fit what a requester wrote.

From listed members' topics and places of work, and the requester's own words and topics: nothing else is looked at, so
that nothing of ties, load or boundaries can show (S10).
"""

import re
from collections.abc import Iterable, Sequence

from models.base import Frozen
from models.folding import fold

SUGGESTED = 3  # at most: a hint, not a second list
SHORTEST = 4  # letters of a word sought in what others show; shorter ones stand everywhere
_WORD = re.compile(r"\w+")


class MemberEntry(Frozen):
    """What a member shows of themselves."""

    id: str
    name_folded: str
    organisation: str
    topics: tuple[str, ...]


class Fit(Frozen):
    """One who fits, and by which of their own words."""

    id: str
    by: tuple[str, ...]


def fitting(members: Iterable[MemberEntry], written: Sequence[str], own_topics: Sequence[str]) -> tuple[Fit, ...]:
    """Those of whom most words fit come first, then by name: the same for the same words, whoever else is asked."""
    said = "".join(map(_phrase, (*written, *own_topics)))
    here = "".join(map(_phrase, written))
    found = [(_fitting_words(each, said, here), each) for each in members]
    best = sorted(
        (each for each in found if each[0]), key=lambda each: (-len(each[0]), each[1].name_folded, each[1].id)
    )
    return tuple(Fit(id=member.id, by=by) for by, member in best[:SUGGESTED])


def words_to_seek(written: Sequence[str], own_topics: Sequence[str]) -> list[str]:
    """One's own topics first, then the longest words: they say most."""
    own = [word for topic in own_topics for word in _words(topic)]
    longest = sorted({word for text in written for word in _words(text)}, key=lambda word: (-len(word), word))
    return list(dict.fromkeys(each for each in (*own, *longest) if len(each) >= SHORTEST))


def _fitting_words(member: MemberEntry, said: str, here: str) -> tuple[str, ...]:
    """A place of work fits only what was written: colleagues need no introduction."""
    topics = tuple(each for each in member.topics if _stands_in(each, said))
    return (*topics, member.organisation) if _stands_in(member.organisation, here) else topics


def _stands_in(words: str, text: str) -> bool:
    return len(phrase := _phrase(words)) > 2 and phrase in text


def _phrase(text: str) -> str:
    return f" {' '.join(_words(text))} "


def _words(text: str) -> list[str]:
    """Folded, in the singular as far as an s tells: "pilots" fits "pilot"."""
    return [word[:-1] if len(word) >= SHORTEST and word.endswith("s") else word for word in _WORD.findall(fold(text))]
