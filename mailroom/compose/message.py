"""The bytes a relay is given. One receiver, our own sender, headers nobody can bend.

The standard library lets a line break through in a display name and a NUL in a subject, and takes "a@x, b@y" for two
receivers. So every value is looked at first, and the headers that carry people's words are written out here.
"""

import hashlib
import unicodedata
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import quote
from typing import Any

from mailroom.compose.composition import Composed
from store.people.addresses import Flaw, canonical

LINE_END = "\r\n"
ONE_CLICK = "List-Unsubscribe=One-Click"
LONGEST_LINE = 900  # of ASCII; RFC 5322 ends at 998
_AS_WRITTEN = {"message-id", "list-unsubscribe", "list-unsubscribe-post"}  # folding would break ids and links
_ADDRESSES = {"from", "to", "reply-to"}
_OURS = {*_AS_WRITTEN, *_ADDRESSES, "subject"}
_NEVER_IN_HEADERS = {"Cc", "Cs", "Zl", "Zp"}


class BadHeader(ValueError):
    """A value that may not stand in a header. It names the field, never the value: this may reach a log."""

    def __init__(self, field: str, flaw: str) -> None:
        super().__init__(f"{field}: {flaw}")


class MailPolicy(EmailPolicy):
    """Writes subjects and addresses so that every mail program reads back what we put in."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        # The library would read "=?utf-8?q?x?=" in a name as encoded words, and keep something that nobody wrote.
        return (name, value) if name.lower() in _OURS else super().header_store_parse(name, value)

    def fold(self, name: str, value: Any) -> str:
        written = _written(name, value)
        return super().fold(name, value) if written is None else f"{name}: {written}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        written = _written(name, value)
        return (
            super().fold_binary(name, value) if written is None else f"{name}: {written}{self.linesep}".encode("ascii")
        )


POLICY = MailPolicy(linesep=LINE_END)


def message_id(letter: str, domain: str) -> str:
    """The same letter has the same id however often it is tried, so a relay can be asked about it."""
    return f"<{_plain('letter', letter)}@{_plain('domain', domain)}>"


def message(
    composed: Composed,
    *,
    from_name: str,
    from_address: str,
    reply_to: str,
    to: str,
    message_id: str,
    language: str,
    at: datetime,
    unsubscribe: str | None = None,
) -> bytes:
    """The whole message, built and written out once. No header ties one person's letter to another's."""
    mail = EmailMessage(policy=POLICY)
    mail["Message-ID"] = _plain("Message-ID", message_id)
    mail["Date"] = at
    mail["From"] = _address("From", from_address, from_name)
    mail["Reply-To"] = _address("Reply-To", reply_to)
    mail["To"] = _address("To", to)
    mail["Subject"] = _plain("Subject", composed.subject)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    if unsubscribe:  # RFC 8058: mail programs show a button of their own, and press it for the reader
        mail["List-Unsubscribe"] = f"<{_plain('List-Unsubscribe', unsubscribe)}>"
        mail["List-Unsubscribe-Post"] = ONE_CLICK
    mail.set_content(composed.text, cte="quoted-printable")
    mail.add_alternative(composed.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = language  # set before, it would have moved into the first part
    mail.set_boundary(_boundary(message_id))
    return mail.as_bytes()


def _address(field: str, address: str, name: str = "") -> Address:
    found = canonical(address)
    if isinstance(found, Flaw):
        raise BadHeader(field, found.value)
    local, _, domain = found.written.rpartition("@")
    return Address(_plain(field, name), local, domain)


def _plain(field: str, value: str) -> str:
    if any(unicodedata.category(each) in _NEVER_IN_HEADERS for each in value):
        raise BadHeader(field, "control character")
    return value


def _boundary(message_id: str) -> str:
    # "=_" cannot occur in quoted-printable; the same letter gives the same bytes.
    return "=_" + hashlib.sha256(message_id.encode()).hexdigest()[:24]


def _written(name: str, value: Any) -> str | None:
    """The header's value as it goes out; None where the library writes it well itself."""
    field = name.lower()
    if field in _AS_WRITTEN:
        return str(value)
    if field == "subject":
        return _words(str(value), name)
    if field in _ADDRESSES:
        return _mailbox(value, name)
    return None


def _mailbox(address: Address, field: str) -> str:
    if not address.display_name:
        return address.addr_spec
    return f"{_words(address.display_name, field, quoted=True)}{LINE_END} <{address.addr_spec}>"


def _words(text: str, field: str, *, quoted: bool = False) -> str:
    looks_encoded = "=?" in text  # many readers would decode it
    if text.isascii() and len(text) < LONGEST_LINE and not looks_encoded:
        return f'"{quote(text)}"' if quoted else text
    return Header(text, "utf-8", header_name=field).encode(linesep=LINE_END)
