"""Private notes written beside an answer. A note for the staff, or for nobody but themselves."""

from telling.languages import phrase
from web.answers.answer_context import Answering

NOTE = 1000  # characters
READERS = ("programme", "nobody")

WHO_READS = phrase("Please choose who may read it.")


def keep_note(answering: Answering) -> None:
    """Kept with the answer, apart from it: no news, no letter and no ledger holds a word of it."""
    body = answering.form.text("note", NOTE)
    readers = readers_of(answering, "note_readers") if body else None
    if readers:
        answering.kept.note(answering.view.number, readers, body)


def readers_of(answering: Answering, field: str) -> str | None:
    """Who may read what they wrote. It has to be said: nothing is taken for granted here."""
    chosen = answering.form.raw(field)
    if chosen in READERS:
        return chosen
    answering.form.fault(field, WHO_READS)
    return None
