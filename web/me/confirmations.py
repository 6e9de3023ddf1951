"""Confirmations after something was done. Known sentences by name: no address puts words on it."""

from fastapi import Request

from telling import refusals
from telling.languages import phrase

SAID: dict[str, str] = {
    "withdrawn": phrase("Your request is withdrawn. Nobody is asked any further."),
    "edited": phrase("Your new words are in. Whoever had agreed is asked again."),
    "taken_back": phrase("Your yes is taken back. Nothing of yours will be shared here."),
    "paused": phrase("You are paused. Anybody who asks for you is told the day from which you can be asked again."),
    "unpaused": phrase("Your pause is over. You may be asked again."),
    "returned": phrase("Good to have you back. You may be asked again, and you may ask."),
    "note_removed": phrase("Your note is gone."),
    "opted_out": phrase("You will get no more letters from us. What was open with you has ended."),
    "opted_in": phrase("You may be written to again."),
    "blocked": phrase("Done. They cannot reach you through us any more, and are not told."),
    "unblocked": phrase("Done. They may ask for you again."),
    "called": phrase("Your name is kept."),
    "spoken": phrase("Your language and time zone are kept."),
    "days": phrase("Your days off are kept."),
    "presented": phrase("What others see of you is kept."),
    "photo": phrase("Your photo is kept as you say."),
    "shown": phrase("Your choice is kept."),
    "added": phrase("Added."),
    "removed": phrase("Removed."),
    **{str(reason): words for reason, words in refusals.WORDS.items()},
}


def told(request: Request) -> str | None:
    """The sentence that the address names, if it names one of ours."""
    return SAID.get(request.query_params.get("said", ""))
