"""Codes of relays: the enhanced code in what a mail server says, and whether it means that the address is dead.

One rule for both ways of a refusal: at once, at the relay's door, and days later, in a report. A dead address is
stopped for good, so it takes a code that speaks of nothing else; whatever may be about us, about the letter or about
today only fails this one letter.
"""

import re

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")  # as in "550 5.1.1 no such user"; no IP

# RFC 3463, and RFC 7505 for a domain that takes no mail.
DEAD = {
    "5.1.1": "no such mailbox",
    "5.1.2": "no such domain",
    "5.1.3": "not an address",
    "5.1.6": "moved, and nobody knows where to",
    "5.1.10": "a domain that takes no mail",
    "5.2.1": "the mailbox is closed",
    "5.4.4": "no way there: the domain has no mail server",
}
# These say no more than that it failed, and many servers say nothing else: then the plain reply counts.
# Not here: 5.1.4 (several fit), 5.1.7 and 5.1.8 (our own address), 5.2.2 and 5.2.3 (full, too long), 5.7.x (us).
UNTOLD = ("5.0.0", "5.1.0")
NO_SUCH_MAILBOX = (550, 551, 553, 556)


def enhanced_code(text: str) -> str:
    """The first one in there, as in 5.1.1; or nothing."""
    found = _ENHANCED.search(text)
    return found[0] if found else ""


def means_dead_address(reply: int | None, code: str) -> bool:
    """Nobody is there any more. `reply` is the plain one, as in 550; the enhanced `code` is the better told."""
    if code and code not in UNTOLD:
        return code in DEAD
    return reply in NO_SUCH_MAILBOX
