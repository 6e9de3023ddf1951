"""Bounce reports and complaints. Read as far as mail servers and mail programs say it in fields of their own.

Everything here may be forged, broken or endless. So of most messages only the header is read; a report is opened one
level deep, as only at the top is it a report to us: what somebody forwards is theirs. What is not understood says
nothing. The person's words, if there are any, are never looked at.
"""

import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Literal

from mailroom.transport.relay_codes import UNTOLD, enhanced_code, means_dead_address
from models.base import Frozen

LONGEST = 512 * 1024  # what is read of a message; a report says what it has to say at its beginning
PIECES = 40  # more than any report has
LONGEST_FIELD = 2000
OUR_ID = re.compile(r"<(let_[0-9a-f]{24})@([^<>\s]{1,255})>", re.IGNORECASE)
_REPLY = re.compile(r"(?<![\d.])([245]\d\d)(?![\d.])")
_FIELDS = re.compile(rb"^content-[a-z-]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*|\r[ \t][^\r\n]*)*", re.IGNORECASE | re.MULTILINE)
_COMMENT = re.compile(r"\([^()]*\)")
_BLANK_LINE = re.compile(rb"(?:\r?\n|^)[ \t]*\r?\n")
_BROKEN = (ValueError, LookupError, RecursionError, TypeError, AttributeError, MessageError)

# RFC 3464 and RFC 6533; RFC 5965 with the headers of what was complained about, in either alphabet.
OF_DELIVERY = ("message/delivery-status", "message/global-delivery-status")
FEEDBACK = "message/feedback-report"
COMPLAINED_ABOUT = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
NO_COMPLAINT = ("not-spam", "auth-failure")  # RFC 6430: taken back; RFC 6591: a signature or a forwarder failed
WRITTEN_BY_NOBODY = ("text/calendar", "application/ics", "message/disposition-notification")

Sort = Literal["delivery", "complaint", "machine", "other"]


class Report(Frozen):
    """What a message says of itself; whose letter it is about, its address says."""

    sort: Sort
    action: str = ""  # of a report about delivery: failed, delayed, …
    code: str = ""  # as in 5.1.1
    reply: int | None = None  # as in 550: what the receiver's server answered ours
    returned_to: tuple[str, ...] = ()  # envelope addresses named in what was complained about
    answers: tuple[str, ...] = ()  # Message-IDs it answers
    sent_to: tuple[str, ...] = ()  # addresses it arrived at, as its headers have them

    @property
    def is_permanent(self) -> bool:
        return self.action == "failed"

    @property
    def blames_address(self) -> bool:
        return self.is_permanent and means_dead_address(self.reply, self.code)


NOTHING = Report(sort="machine")


def read(raw: bytes) -> Report:
    """What this message is. It never fails: what cannot be read is a machine's, and says nothing."""
    try:
        return _read(_FIELDS.sub(_shortened, raw[:LONGEST]))
    except _BROKEN:  # whatever a parser stumbles over
        return NOTHING


def _shortened(found: re.Match[bytes]) -> bytes:
    """A field that says what kind a part is, no longer than any is: parameters without end take half a minute."""
    return found[0] if len(found[0]) <= LONGEST_FIELD else found[0][:LONGEST_FIELD].rstrip()


def _read(raw: bytes) -> Report:
    message = _parsed(raw)
    kind, of = message.get_content_type(), str(message.get_param("report-type") or "").lower()
    places = _all(message, "delivered-to", "x-original-to", "envelope-to", "to")
    if kind == "multipart/report" and of in ("", "delivery-status", "global-delivery-status"):
        return _delivery(_pieces(message, raw), places)
    if kind == "multipart/report" and of == "feedback-report":
        return _complaint(_pieces(message, raw), places)
    if kind == "multipart/report" or _is_from_a_machine(message):
        return NOTHING
    return Report(sort="other", sent_to=places, answers=_all(message, "in-reply-to", "references"))


def _delivery(pieces: list[Message], places: tuple[str, ...]) -> Report:
    """RFC 3464: one block of fields for each receiver. We write to one at a time; of several, the worst counts."""
    found = [
        _of_receiver(block) for part in pieces if part.get_content_type() in OF_DELIVERY for block in _blocks(part)
    ]
    said = [each for each in found if each[0]]
    if not said:
        return NOTHING
    action, code, reply = min(said, key=lambda each: _WORSE.index(each[0]) if each[0] in _WORSE else len(_WORSE))
    return Report(sort="delivery", action=action, code=code, reply=reply, sent_to=places)


_WORSE = ("failed", "delayed")


def _blocks(part: Message) -> list[Message]:
    return [_parsed(block) for block in _BLANK_LINE.split(_content(part), PIECES)[:PIECES]]


def _of_receiver(block: Message) -> tuple[str, str, int | None]:
    """Some servers report 5.0.0 of everything: then what the other server told them says more."""
    action, diagnosis = _field(block, "action").lower().split(), _field(block, "diagnostic-code")
    code, told = enhanced_code(_field(block, "status")), enhanced_code(diagnosis)
    if told and code in ("", *UNTOLD):
        code = told
    reply = _REPLY.search(diagnosis)
    return action[0] if action else "", code, int(reply[1]) if reply else None


def _complaint(pieces: list[Message], places: tuple[str, ...]) -> Report:
    """The letter complained about names the envelope it left under: in the report's own field, or in its headers."""
    of_report = [_parsed(_content(part)) for part in pieces if part.get_content_type() == FEEDBACK]
    if any(_field(each, "feedback-type").lower() in NO_COMPLAINT for each in of_report):
        return NOTHING
    of_letter = [_parsed(_content(part)) for part in pieces if part.get_content_type() in COMPLAINED_ABOUT]
    named = [place for each in of_report + of_letter for place in _all(each, "original-mail-from", "return-path")]
    return Report(sort="complaint", returned_to=tuple(named[:PIECES]), sent_to=places)


def _is_from_a_machine(message: Message) -> bool:
    """Out of office, receipts, answers of calendars: nobody has written this, and it says so (RFC 3834).

    What a mail program or a list adds to what somebody wrote (List-Id, X-Auto-Response-Suppress, an invitation) says
    nothing of the kind.
    """
    if _word(message, "auto-submitted") not in ("", "no") or _word(message, "x-autoreply") not in ("", "no"):
        return True
    if _word(message, "precedence") in ("bulk", "junk", "auto_reply"):  # of responders older than RFC 3834
        return True
    return "".join(_field(message, "return-path").split()) == "<>" or message.get_content_type() in WRITTEN_BY_NOBODY


def _pieces(message: Message, raw: bytes) -> list[Message]:
    """The parts of a report itself, none of them opened: a report inside one is not to us."""
    body = _BLANK_LINE.split(raw, maxsplit=1)[1:]
    boundary = message.get_boundary()
    if not boundary or not body:
        return []
    return [_parsed(each) for each in _between(boundary.encode("ascii", "surrogateescape"), body[0])]


def _between(boundary: bytes, body: bytes) -> Iterator[bytes]:
    """RFC 2046: whole lines of the boundary part the pieces; one with two hyphens behind it ends them."""
    line = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?$\n?", re.MULTILINE)
    began: int | None = None
    for count, found in enumerate(line.finditer(body)):
        if began is not None:
            yield body[began : found.start()]
        began = None if found[1] or count > PIECES else found.end()
        if began is None:
            return
    if began is not None:
        yield body[began:]


def _content(part: Message) -> bytes:
    """Out of whatever transfer encoding it came in."""
    held = part.get_payload(decode=True)
    return held.removeprefix(b"\xef\xbb\xbf").lstrip() if isinstance(held, bytes) else b""


def _parsed(raw: bytes) -> Message:
    return BytesHeaderParser(policy=policy.compat32).parsebytes(raw)


def _all(message: Message, *names: str) -> tuple[str, ...]:
    values = (str(value)[:LONGEST_FIELD] for name in names for value in (message.get_all(name) or [])[:PIECES])
    return tuple(_plain(each) for each in values)


def _plain(value: str) -> str:
    """Some servers write even ids as encoded words (RFC 2047)."""
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except _BROKEN:
        return value


def _field(message: Message, name: str) -> str:
    return " ".join(str(message.get(name) or "")[:LONGEST_FIELD].split())


def _word(message: Message, name: str) -> str:
    """What a field says, without comments and what follows a semicolon."""
    return _COMMENT.sub("", _field(message, name)).partition(";")[0].strip().lower()
