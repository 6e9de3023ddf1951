"""Lines of one's own beside a name, and their limits: letters and pages say them in the programme's voice."""

from models.request.links import is_reachable
from telling.languages import phrase
from web.shared.forms import Form

LABEL, VALUE = 60, 200
REACHABLE = phrase("Please leave out addresses and links here: they have places of their own.")
ENOUGH = phrase("You have as many as can be kept. Remove one first.")


def without_address(form: Form, name: str, limit: int = LABEL, *, required: bool = False) -> str:
    """One of them: nothing in it is to be pressed."""
    words = form.line(name, limit, required=required)
    if words and is_reachable(words):
        form.fault(name, REACHABLE)
        return ""
    return words
