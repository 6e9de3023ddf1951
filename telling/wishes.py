"""Wishes in words: what is wanted, as a line, and the question whether it came about."""

from models.letters import Role
from models.request.wish import KINDS
from telling.languages import phrase, said

WANTED: dict[str, str] = {
    "twenty_minutes": phrase("Twenty minutes by phone"),
    "one_mail": phrase("One e-mail"),
    "one_answer": phrase("An answer to one question"),
    "feedback": phrase("Feedback on one thing"),
}
assert set(WANTED) == set(KINDS)

_MET = phrase("Did you meet %(other)s?")
_GOT: dict[str, str] = {
    "one_mail": phrase("Did %(other)s send you the e-mail?"),
    "one_answer": phrase("Did %(other)s answer your question?"),
    "feedback": phrase("Did you get feedback from %(other)s?"),
}
_GOT_SOMETHING = phrase("Did you get what you asked %(other)s for?")
_GAVE: dict[str, str] = {
    "one_mail": phrase("Did you get to write to %(other)s?"),
    "one_answer": phrase("Did you get to answer the question of %(other)s?"),
    "feedback": phrase("Did you get to give %(other)s feedback?"),
}
_GAVE_SOMETHING = phrase("Did %(other)s get what the request was for?")


def is_talk(wanted: str) -> bool:
    """Whether it comes about as two people meet; so it is where nobody said what is wanted."""
    return wanted in ("", "twenty_minutes")


def wanted_line(wanted: str, language: str) -> str:
    return said(WANTED[wanted], language) if wanted in WANTED else wanted


def came_about(wanted: str, role: Role | str) -> str:
    """The question after an introduction, to be said with the name of the `other`."""
    if is_talk(wanted):
        return _MET
    asked = role == Role.REQUESTER
    return (_GOT if asked else _GAVE).get(wanted, _GOT_SOMETHING if asked else _GAVE_SOMETHING)
