"""Answers about how it went, and changes of mind."""

from collections.abc import Callable

from models.news import News, Reported, Thanked, TookBack, Undone, Withdrew
from models.outcomes import Met, Outcome
from web.answers.answer_context import Answering
from web.answers.wording.private_notes import keep_note
from web.shared.forms import Form

THANKS, WORDS = 600, 600  # characters


def report(outcome: Callable[[Form], Outcome]) -> Callable[[Answering], News]:
    def said(answering: Answering) -> News:
        """Their own sentence goes with the report; a private note is kept beside it, and is no part of it."""
        form, view = answering.form, answering.view
        words = answering.kept.words("report", form.text("words", WORDS))
        keep_note(answering)
        return Reported(
            ask=view.number,
            by=view.person.id,
            outcome=outcome(form),
            words=words,
            share_with_connector=words is not None and form.ticked("share_words"),
        )

    return said


def met(form: Form) -> Outcome:
    return Met(useful={"yes": True, "no": False}.get(form.raw("useful")))


def thank(answering: Answering) -> News:
    words = answering.kept.words("thanks", answering.form.text("thanks", THANKS, required=True))
    return Thanked(
        ask=answering.view.number,
        by=answering.view.person.id,
        words=words,
        share_with_connector=answering.form.ticked("share"),
    )


def already_thanked(answering: Answering) -> News:
    return Thanked(ask=answering.view.number, by=answering.view.person.id, words=None)


def undo(answering: Answering) -> News:
    return Undone(ask=answering.view.number, by=answering.view.person.id)


def withdraw(answering: Answering) -> News:
    return Withdrew(by=answering.view.person.id)


def take_back(answering: Answering) -> News:
    return TookBack(by=answering.view.person.id)
