"""Refusals in words. Each reason in its own words."""

from models.process.verdict import Reason
from telling.languages import phrase

WORDS: dict[Reason, str] = {
    Reason.CLOSED: phrase("This introduction is over; nothing more can be said about it."),
    Reason.UNKNOWN_ASK: phrase("We cannot find this question. Please open the link in your letter again."),
    Reason.NOT_YOURS: phrase("This question was put to somebody else, so we cannot take your answer to it."),
    Reason.OWN_PART: phrase("This is an introduction of your own, so another operator has to do that."),
    Reason.OLD_VERSION: phrase("The request has changed since you were asked. You will get the new one by letter."),
    Reason.ALREADY_ANSWERED: phrase("We had your answer already, and it stands."),
    Reason.SETTLED: phrase("This question is no longer open. There is nothing left for you to do."),
    Reason.TOO_LATE_TO_UNDO: phrase("This can no longer be undone. Nothing has changed."),
    Reason.UNDONE: phrase("You have undone this answer, so it does not count."),
    Reason.ALREADY_INTRODUCED: phrase("You have been introduced already, so this can no longer be taken back."),
    Reason.BUSY: phrase("The letters are being written this very moment. Please try again in a few seconds."),
    Reason.BAD_DATE: phrase("That date is past, or too far away. Please choose another."),
    Reason.EDITED_OFTEN: phrase("This request has been changed as often as the programme allows."),
    Reason.OFTEN_ENOUGH: phrase("This has been done as often as it can be; what stands now counts."),
    Reason.SENTENCE_NEEDED: phrase("This programme asks for a sentence of your own with each yes."),
    Reason.VOUCH_NEEDED: phrase(
        "For this request a yes means that you vouch for them. If you would rather not, choose no."
    ),
    Reason.NOT_AN_ANSWER: phrase("That is not an answer to this question. Please open the link in your letter again."),
    Reason.NOT_NOW: phrase("This cannot be done at this point. Nothing has changed."),
    Reason.NOTHING_DUE: phrase("Nothing is due here now. Nothing has changed."),
}
