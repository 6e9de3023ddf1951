"""Words of a programme's face: its name, its sender, its signature, its opening sentence, each within its limit."""

from models.request.links import is_no_name
from models.request.plain_text import Unfit, clean_line, clean_name

NAME, SENDER, LINE, LINES, OPENING = 120, 60, 80, 3, 240  # characters; lines of a signature


def clean_sender(text: str) -> str | Unfit:
    """Whom letters come from, as a mailbox shows it. What looks like an address would pass for another sender."""
    name = clean_name(text, SENDER)
    return Unfit.DAMAGED if isinstance(name, str) and is_no_name(name) else name


def clean_signature(text: str) -> str | Unfit:
    """Who reads what is answered: one to three lines, as they will stand."""
    lines = [clean_line(each, LINE) for each in text.splitlines() if each.strip()]
    flaw = next((each for each in lines if isinstance(each, Unfit)), None)
    if flaw or not lines:
        return flaw or Unfit.EMPTY
    return Unfit.TOO_LONG if len(lines) > LINES else "\n".join(each for each in lines if isinstance(each, str))


def clean_opening(text: str) -> str | Unfit:
    """A sentence of the programme's own, on one line."""
    return clean_line(text, OPENING)


def opening_for(opening: dict[str, str], language: str, of_programme: str) -> str:
    """In the reader's language, else in the programme's; in none, nothing."""
    return opening.get(language) or opening.get(of_programme) or ""
