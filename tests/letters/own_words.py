"""Words of a letter that are ours. The frame and the foot, without what people wrote and without bare facts."""

import re

RULE = "———"
_LINKS = re.compile(r"https?://\S+")
_SAID = re.compile(r"“[^”]*”")  # the connector's words on how they know somebody stand inside a sentence


def frame(text: str) -> str:
    """The letter above its foot, without quotations, lists (contacts, places) and links."""
    lines = [line for line in text.split(RULE)[0].splitlines() if not line.startswith((">", "- "))]
    return _SAID.sub("", _LINKS.sub("", "\n".join(lines)))


def foot(text: str) -> str:
    return _LINKS.sub("", text.split(RULE)[1])


def count(text: str) -> int:
    return sum(any(map(str.isalnum, word)) for word in text.split())
