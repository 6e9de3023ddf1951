"""Words for where an introduction stands. Each word of the process in one place, in the reader's language.

What staff may know is decided before, in `models/record/staff_reading.py`: here it is only worded.
"""

from models.asks import AskKind
from models.desk import DeskKind
from models.record.staff_reading import CameOf, StaffEnding
from telling.languages import phrase

FORGOTTEN = phrase("somebody who was forgotten")  # in place of a name that is gone, to staff

STAGES: dict[str, str] = {
    "asked": phrase("Just asked"),
    "confirming": phrase("Requester confirms"),
    "seeking": phrase("Somebody is looked for"),
    "screening": phrase("To be read"),
    "revising": phrase("Sent back to the requester"),
    "finding": phrase("Looking for a connector"),
    "with_connector": phrase("With a connector"),
    "with_parties": phrase("With the parties"),
    "passing_on": phrase("Passing on two lines"),
    "delivering": phrase("About to be introduced"),
    "following_up": phrase("Following up"),
    "resting": phrase("Ended, to be told"),
    "closed": phrase("Closed"),
}

WAITING: dict[str, str] = {
    "requester": phrase("the requester"),
    "connector": phrase("the connector"),
    "target": phrase("the other party"),
    "parties": phrase("both parties"),
    "operator": phrase("you"),
    "nobody": phrase("nobody"),
}

TROUBLES: dict[str, str] = {
    "stands_still": phrase("Stands still: our program fails on it"),
    "unrecorded": phrase("A step of it cannot be recorded"),
    "asleep": phrase("Overdue, and nothing of it is being done"),
    "overgrown": phrase("Its run in Temporal has grown too long"),
    "gone": phrase("Ended from outside, in Temporal"),
    "missing": phrase("Missing in Temporal: it waits for your word"),
}

TROUBLES_MEAN: dict[str, str] = {
    "stands_still": phrase(
        "Nothing that was decided is lost, and what people say meanwhile is kept: it goes on once the fault is mended."
    ),
    "unrecorded": phrase(
        "What was decided is tried again and again, and nothing is lost: it goes on once the database takes it."
    ),
    "asleep": phrase(
        "It missed its hour, or has not heard what was said. What people say is kept: it goes on once it is woken."
    ),
    "overgrown": phrase(
        "It goes on. A new run should have begun long ago: a program of an older version may be at work."
    ),
    "missing": phrase(
        "Temporal no longer holds its workflow, as it no longer holds others. What people say is kept, and it is begun"
        " anew as soon as somebody gives the word."
    ),
    "gone": phrase(
        "Somebody ended its workflow outside this console, so nothing follows from an answer any more. What people say"
        " is kept."
    ),
}

ALARMS: dict[str, str] = {
    "no_worker": phrase(
        "No worker is running. What people say is kept, and nothing follows from it until one is started."
    ),
}

ENDINGS: dict[str, str] = {
    StaffEnding.MET: phrase("They met"),
    StaffEnding.TWO_LINES: phrase("Answered in two lines"),
    StaffEnding.DID_NOT_MEET: phrase("Introduced, but did not meet"),
    StaffEnding.DELIVERED: phrase("Introduced; nobody has said how it went"),
    StaffEnding.NOTHING_CAME: phrase("Closed without an introduction"),
    StaffEnding.STOPPED: phrase("Stopped by the programme"),
    StaffEnding.NO_ROUTE: phrase("No connector knows them"),
    StaffEnding.UNDELIVERABLE: phrase("A letter could not be delivered"),
}

QUESTIONS: dict[str, str] = {
    AskKind.CONFIRM: phrase("Is this what you want to say?"),
    AskKind.APPROVE: phrase("Would you introduce them?"),
    AskKind.ADDRESS: phrase("Do you know another address?"),
    AskKind.OPT_IN: phrase("Would you like to be introduced?"),
    AskKind.WRITTEN: phrase("Have you written?"),
    AskKind.MEET: phrase("Did you meet?"),
    AskKind.THANKS: phrase("Two lines of thanks"),
    AskKind.CLOSING: phrase("How was the term?"),
}

DESK: dict[str, str] = {
    DeskKind.STUCK: phrase("Something is stuck, or no letter leaves"),
    DeskKind.TO_READ: phrase("A request waits to be read"),
    DeskKind.NEED: phrase("A request that names nobody waits for a person"),
    DeskKind.NO_CONNECTOR: phrase("Nobody was found who could introduce the two"),
    DeskKind.HELD: phrase("An introduction is held"),
    DeskKind.LETTER: phrase("A letter did not simply arrive, or was answered"),
    DeskKind.PROMISE: phrase("A promised day is near, and nobody has been introduced"),
}

WHEN: dict[str, str] = {
    "at_once": phrase("At once"),
    "morning": phrase("In the morning"),
    "never": phrase("Never"),
}

LETTERS: dict[str, str] = {
    "confirm_request": phrase("Confirm the request"),
    "advice": phrase("Advice on the request"),
    "ask_connector": phrase("Asking the connector"),
    "ask_address": phrase("Asking for another address"),
    "ask_target": phrase("Asking the other party"),
    "ask_requester": phrase("Asking the requester"),
    "introduction_to_requester": phrase("The introduction, to the requester"),
    "introduction_to_target": phrase("The introduction, to the other party"),
    "two_lines": phrase("Two lines instead"),
    "no_introduction": phrase("No introduction this time"),
    "have_you_written": phrase("Have you written?"),
    "have_they_written": phrase("Have they written?"),
    "did_you_meet": phrase("Did you meet?"),
    "thank_you": phrase("The thank-you"),
    "was_it_useful": phrase("Was it useful?"),
    "term_over": phrase("The term is over"),
    "term_over_to_target": phrase("The term is over, to the other party"),
    "how_it_went": phrase("How it went"),
}

OF_NEWER = phrase("A letter of a newer version")

STATES: dict[str, str] = {
    "planned": phrase("waiting to leave"),
    "started": phrase("on its way"),
    "accepted": phrase("arrived at the relay"),
    "unknown": phrase("nobody can tell"),
    "failed": phrase("failed"),
    "dropped": phrase("not needed any more"),
    "due": phrase("due; whether it has left is not shown"),
}

ON_THE_MAIL_PAGE = phrase("on the mail page")  # as the page answers, where it stands in for a relay


def state_of(state: str, said: str | None) -> str:
    """Of a letter: its state, and where it arrived as the one that took it said."""
    return ON_THE_MAIL_PAGE if (state, said) == ("accepted", ON_THE_MAIL_PAGE) else STATES[state]


CAME_BACK: dict[str, str] = {
    "bounced": phrase("It came back: it could not be delivered."),
    "delayed": phrase("The receiving mail server has not taken it yet, and goes on trying."),
    "refused": phrase("A mail server refused it for what it is."),
    "complaint": phrase("Its reader marked it as unwanted."),
    "reply": phrase("A reply came. It is in the mailbox for replies, and answers nothing here."),
}

TEXTS: dict[str, str] = {
    "need": phrase("What is needed"),
    "wanted": phrase("What is asked for"),
    "why": phrase("Why this person"),
    "read": phrase("What they read or heard"),
    "offer": phrase("What they offer"),
    "note": phrase("The note"),
    "goal": phrase("What a good result would be"),
    "blind": phrase("What is read without their name"),
}

ANSWERS: dict[str, str] = {
    CameOf.OPEN: phrase("open"),
    CameOf.LATER: phrase("asked for more time"),
    CameOf.CLOSED: phrase("closed"),
    CameOf.SILENT: phrase("no answer"),
    CameOf.YES: phrase("yes"),
    CameOf.FORWARDS: phrase("yes, forwards it by hand"),
    CameOf.ADDRESS: phrase("gave another address"),
    CameOf.NO: phrase("no"),
    CameOf.UNKNOWN_TO_THEM: phrase("does not know them"),
    CameOf.REDIRECTED: phrase("named somebody better placed"),
    CameOf.TWO_LINES: phrase("answered in two lines"),
    CameOf.SOMEBODY_ELSE: phrase("the letter reached somebody else"),
    CameOf.TOLD: phrase("answered"),
}


def stands_at(stage: str, ending: str | None, waiting_on: str = "") -> str:
    """Where it stands, or how it ended."""
    if (stage, waiting_on) == ("resting", "operator"):
        return DESK[DeskKind.NO_CONNECTOR]
    return ENDINGS[ending] if ending else STAGES[stage]


def waits_for(stage: str, waiting_on: str) -> str | None:
    """Whom it waits for; None once it is over."""
    return None if stage == "closed" else WAITING[waiting_on]
