"""Bounce reports and complaints. Read as far as mail servers and mail programs say it in fields of their own.

Everything here may be forged, broken or endless. So only a part is read, only so many pieces of it are looked at, and
what is not understood says nothing. The person's words, if there are any, are never looked at.
"""

import re
from email import message_from_bytes, policy
from email.message import Message
from typing import Literal

from mailroom.transport.relay_codes import UNTOLD, enhanced_code, means_dead_address
from models.base import Frozen

LONGEST = 512 * 1024  # what is read of a message; a report says what it has to say at its beginning
BOUNDARIES, PIECES = 20, 40  # more than any report has
LONGEST_FIELD = 2000
OUR_ID = re.compile(r"<(let_[0-9a-f]{24})@([^<>\s]{1,255})>", re.IGNORECASE)
_REPLY = re.compile(r"(?<![\d.])([245]\d\d)(?![\d.])")
_FIELDS = re.compile(rb"^content-[a-z-]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*|\r[ \t][^\r\n]*)*", re.IGNORECASE | re.MULTILINE)
_AGENTS = re.compile(r"bulk|junk|list|auto_reply", re.IGNORECASE)

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
    raw = _FIELDS.sub(_shortened, raw[:LONGEST])
    if raw.lower().count(b"boundary=") > BOUNDARIES:
        return NOTHING
    try:
        return _read(message_from_bytes(raw, policy=policy.compat32))
    except (ValueError, LookupError, RecursionError, TypeError, AttributeError):  # whatever a parser stumbles over
        return NOTHING


def _shortened(found: re.Match[bytes]) -> bytes:
    """A field that says what kind a part is, no longer than any is: parameters without end take half a minute."""
    return found[0] if len(found[0]) <= LONGEST_FIELD else found[0][:LONGEST_FIELD].rstrip()


def _read(message: Message) -> Report:
    kind, of = message.get_content_type(), str(message.get_param("report-type") or "").lower()
    places = _all(message, "delivered-to", "x-original-to", "envelope-to", "to")
    if kind == "multipart/report" and of in ("", "delivery-status"):
        return _delivery(message, places)
    if kind == "multipart/report" and of == "feedback-report":
        return Report(sort="complaint", returned_to=_returned_to(message), sent_to=places)
    if kind == "multipart/report" or _is_from_a_machine(message):
        return NOTHING
    return Report(sort="other", sent_to=places, answers=_all(message, "in-reply-to", "references"))


def _delivery(message: Message, places: tuple[str, ...]) -> Report:
    """RFC 3464: one block of fields for each receiver. We write to one at a time; of several, the worst counts."""
    found = [_of_receiver(block) for part in _pieces(message) for block in _blocks(part)]
    said = [each for each in found if each[0]]
    if not said:
        return NOTHING
    action, code, reply = min(said, key=lambda each: _WORSE.index(each[0]) if each[0] in _WORSE else len(_WORSE))
    return Report(sort="delivery", action=action, code=code, reply=reply, sent_to=places)


_WORSE = ("failed", "delayed")


def _blocks(part: Message) -> list[Message]:
    held = part.get_payload()
    if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
        return []
    return [each for each in held[:PIECES] if isinstance(each, Message)] if isinstance(held, list) else []


def _of_receiver(block: Message) -> tuple[str, str, int | None]:
    """Some servers report 5.0.0 of everything: then what the other server told them says more."""
    action, diagnosis = _field(block, "action").lower().split(), _field(block, "diagnostic-code")
    code, told = enhanced_code(_field(block, "status")), enhanced_code(diagnosis)
    if told and code in ("", *UNTOLD):
        code = told
    reply = _REPLY.search(diagnosis)
    return action[0] if action else "", code, int(reply[1]) if reply else None


def _returned_to(message: Message) -> tuple[str, ...]:
    """The letter complained about names the envelope it left under: in the report's own field, or in its headers."""
    named: list[str] = []
    for part in _pieces(message):
        held = part.get_payload()
        inner = [each for each in held[:PIECES] if isinstance(each, Message)] if isinstance(held, list) else []
        if part.get_content_type() == "text/rfc822-headers" and isinstance(held, str):
            inner = [message_from_bytes(held.encode("ascii", "replace")[: LONGEST_FIELD * 10], policy=policy.compat32)]
        if part.get_content_type() == "message/feedback-report" and isinstance(held, str):
            inner = [message_from_bytes(held.encode("ascii", "replace")[: LONGEST_FIELD * 10], policy=policy.compat32)]
        for each in inner:
            named += _all(each, "original-mail-from", "return-path")
    return tuple(named[:PIECES])


def _is_from_a_machine(message: Message) -> bool:
    """Out of office, receipts, lists, calendars: nobody has written this."""
    if _field(message, "auto-submitted").lower().split(";")[0].strip() not in ("", "no"):
        return True
    if _AGENTS.search(_field(message, "precedence")) or _field(message, "list-id") or _field(message, "x-autoreply"):
        return True
    if _field(message, "return-path") in ("<>",) or _field(message, "x-auto-response-suppress"):
        return True
    kinds = {part.get_content_type() for part in (message, *_pieces(message))}
    return bool(kinds & {"text/calendar", "application/ics", "message/disposition-notification"})


def _pieces(message: Message) -> list[Message]:
    held = message.get_payload()
    outer = [each for each in held[:PIECES] if isinstance(each, Message)] if isinstance(held, list) else []
    inner = [piece for each in outer if each.get_content_maintype() == "multipart" for piece in _pieces_of(each)]
    return (outer + inner)[:PIECES]


def _pieces_of(message: Message) -> list[Message]:
    held = message.get_payload()
    return [each for each in held[:PIECES] if isinstance(each, Message)] if isinstance(held, list) else []


def _all(message: Message, *names: str) -> tuple[str, ...]:
    values = (str(value)[:LONGEST_FIELD] for name in names for value in (message.get_all(name) or [])[:PIECES])
    return tuple(values)


def _field(message: Message, name: str) -> str:
    return " ".join(str(message.get(name) or "")[:LONGEST_FIELD].split())
