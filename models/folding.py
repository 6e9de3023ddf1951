"""Folding: the one form in which words are sought and names compared, without case and without accents.

“Östlund”, “östlund” and “OSTLUND” are one; “ß” is “ss”, a sigma at the end of a word is a sigma. Done here and kept in
columns of its own: no two databases, nor one in two locales, agree on small letters.
"""

import unicodedata


def fold(text: str) -> str:
    """The same for every way of writing it; each space as it was."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
