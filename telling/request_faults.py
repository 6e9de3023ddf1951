"""Faults of a request in words for its requester. Kindly, with its numbers, in their language."""

from models.request.faults import Fault, FaultName
from telling.dates import long_day, long_moment
from telling.languages import Reader, phrase, said

_MISSING: dict[str, str] = {
    "target": phrase("Choose who you would like to meet."),
    "name": phrase("Write their name."),
    "organisation": phrase("Write where they work."),
    "need": phrase("Write what you need."),
    "why": phrase("Write why this person and nobody else."),
    "offer": phrase("Write what you can offer in return, however small."),
    "note": phrase("Write the note that will be forwarded."),
    "wanted": phrase("Say what you would like from them."),
    "goal": phrase("Write what a good result would be."),
    "blind": phrase("Write what they may read of you before they know your name."),
    "track": phrase("Choose what kind of request this is."),
    "channels": phrase("Choose at least one way in which they may reach you."),
}
_WORDS: dict[FaultName, str] = {
    FaultName.MISSING: phrase("This is needed."),
    FaultName.NOT_ASKED: phrase("This programme asks no such question."),
    FaultName.UNREADABLE: phrase("This holds characters that cannot be shown. Please type it again."),
    FaultName.TOO_MANY_WORDS: phrase("This has %(found)s words; the most is %(limit)s. Short notes are the ones read."),
    FaultName.TOO_LONG: phrase("This is too long: %(found)s, where the most is %(limit)s."),
    FaultName.PLACEHOLDER: phrase("“%(words)s” looks like a blank that was never filled in."),
    FaultName.PROMOTIONAL_LINK: phrase("The link “%(words)s” carries a tracking or offer code. Use its plain address."),
    FaultName.HIDDEN_LINK: phrase("The link “%(words)s” does not show where it leads. Use its full address."),
    FaultName.TOO_MANY_LINKS: phrase("Links in this note: %(found)s. Keep the one that matters most."),
    FaultName.SAME_AS_EARLIER: phrase(
        "This is %(found)s%% the same as a note of yours to somebody else. Write this one for them."
    ),
    FaultName.AN_ADDRESS: phrase(
        "A name belongs here, not an address. Whoever introduces you knows how to reach them."
    ),
    FaultName.MIXED_ALPHABETS: phrase("This mixes letters of alphabets that look alike. Please type it again."),
    FaultName.UNKNOWN: phrase("This is not among what you can choose from."),
    FaultName.YOURSELF: phrase("That is you. Choose somebody else."),
    FaultName.ALREADY_ASKED: phrase("Your request to meet this person is already under way."),
    FaultName.ASKED_LATELY: phrase("You asked for this person not long ago. You can ask again from %(day)s."),
    FaultName.TAKING_ASKS_FROM: phrase("They can be asked again from %(day)s."),
    FaultName.ASKS_REST: phrase(
        "You are on a break until %(day)s. One press on your own page, or in our letter about it, and you are back."
    ),
    FaultName.TOO_MANY_OPEN: phrase(
        "You have as many requests under way as this programme allows (%(found)s). When one ends, you can ask again."
    ),
    FaultName.TOO_MANY_NEW: phrase(
        "You have made as many new requests as this programme allows for now (%(found)s). "
        "The next one can go out from %(moment)s."
    ),
    FaultName.HELP_FIRST: phrase(
        "Here everybody helps before they ask again. Introduce two people, say yes to somebody, or answer somebody in "
        "two lines; then this request can go out."
    ),
    FaultName.NAMES_YOU: phrase("“%(words)s” would tell who you are. Leave it out here."),
    FaultName.NOT_BLIND: phrase("In this programme everybody asks by name. Leave this out."),
    FaultName.INTRODUCED_ENOUGH: phrase(
        "You have been introduced to as many people as this programme allows for now (%(found)s). "
        "You can ask again from %(day)s."
    ),
    FaultName.OPTED_OUT: phrase(
        "You asked us not to write to you, so we could not tell you what came of it. "
        "Take letters again on your own page first."
    ),
    FaultName.MAY_NOT_ASK: phrase(
        "In this programme you are not set up to ask for introductions. Its operators can change that."
    ),
    FaultName.NOT_INVITED: phrase(
        "This programme has not invited you yet. Open your own page once, or ask its operators for an invitation; "
        "then this request can go out."
    ),
}


def said_of(fault: Fault, reader: Reader) -> str:
    """One sentence or two, in the reader's language and days."""
    words = _MISSING.get(fault.field, "") if fault.name == FaultName.MISSING else ""
    return said(words or _WORDS[fault.name], reader.language, **_facts(fault, reader))


def _facts(fault: Fault, reader: Reader) -> dict[str, object]:
    numbers: dict[str, object] = {"found": fault.found, "limit": fault.limit, "words": fault.words}
    if fault.at is None:
        return numbers
    return numbers | {"day": long_day(fault.at, reader), "moment": long_moment(fault.at, reader)}
