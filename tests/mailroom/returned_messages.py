"""Messages that mail servers and mail programs send back. The messages themselves, as bytes."""

import base64
import quopri
from collections.abc import Iterable

REPORT = """\
From: MAILER-DAEMON@mx.example.test
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"

--=_b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--=_b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.test

Final-Recipient: rfc822; carl@example.test
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <carl@example.test>: nobody here

--=_b
Content-Type: text/rfc822-headers

Subject: Would you introduce them?

--=_b--
"""

IN_ANY_ALPHABET = """\
From: MAILER-DAEMON@mx.example.test (Система доставки)
To: {to}
Subject: Не доставлено
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="7F.1/mx"

--7F.1/mx
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Письмо не доставлено: <дина@пример.test>

--7F.1/mx
Content-Description: Delivery report
Content-Type: message/global-delivery-status
Content-Transfer-Encoding: {encoding}

{fields}

--7F.1/mx
Content-Type: message/global-headers
Content-Transfer-Encoding: 8bit

To: дина@пример.test
Subject: Would you introduce them?

--7F.1/mx--
"""

FIELDS_IN_ANY_ALPHABET = """\
Reporting-MTA: dns; mx.example.test
Arrival-Date: Tue, 03 Nov 2026 09:41:55 +0100 (CET)

Final-Recipient: utf-8; дина@пример.test
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 нет такого ящика
"""

FORWARDED = """\
From: Carl Lund <carl@example.test>
To: {to}
Subject: Fwd: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: {kind}; boundary="=_outer"

--=_outer
Content-Type: text/plain; charset=utf-8

I wrote to somebody and got this. What now?

--=_outer
{inner_header}

{inner}
--=_outer--
"""

COMPLAINT = """\
From: feedback@mail.example.test
To: {to}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="=_b"

--=_b
Content-Type: text/plain

This is an email abuse report.
--=_b
Content-Type: message/feedback-report

Feedback-Type: {feedback}
Version: 1
Original-Mail-From: <{about}>

--=_b
Content-Type: message/rfc822

Subject: Would you introduce them?

Hello.
--=_b--
"""


def report(to: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A report about delivery (RFC 3464)."""
    return _wired(REPORT.format(to=to, action=action, status=status))


def encoded_report(to: str, encoding: str = "8bit", kind: str = "message/global-delivery-status") -> bytes:
    """A report in any alphabet (RFC 6533), its fields in a transfer encoding."""
    plain = FIELDS_IN_ANY_ALPHABET.encode()
    written = {"quoted-printable": quopri.encodestring(plain), "base64": base64.encodebytes(plain)}.get(encoding, plain)
    whole = IN_ANY_ALPHABET.format(to=to, encoding=encoding, fields=written.decode())
    return _wired(whole.replace("message/global-delivery-status", kind))


def forwarded(raw: bytes, to: str, how: str = "message/rfc822", kind: str = "multipart/mixed") -> bytes:
    """Somebody passes on what they got: attached, or its parts among their own."""
    header, _, body = raw.decode().replace("\r\n", "\n").partition("\n\n")
    inner_header, inner = f"Content-Type: {how}", f"{header}\n\n{body}"
    if how == "multipart/report":
        inner_header, inner = header, body
    return _wired(FORWARDED.format(to=to, kind=kind, inner_header=inner_header, inner=inner))


def complaint(about: str, to: str = "complaints@programme.example.test", feedback: str = "abuse") -> bytes:
    """Somebody pressed "this is spam" (RFC 5965)."""
    return _wired(COMPLAINT.format(to=to, about=about, feedback=feedback))


def mail(to: str, body: str = "Hello", **headers: str) -> bytes:
    """Whatever else people and machines send."""
    fields = {"From": "carl@example.test", "To": to, "Subject": "Re: Would you introduce them?"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    return _wired("".join(f"{name}: {value}\n" for name, value in fields.items()) + f"\n{body}\n")


def of_many_pieces(to: str, pieces: int, boundaries: Iterable[str] = ("=_b",)) -> bytes:
    """One message of very many parts, or of parts within parts."""
    head = f"From: x@example.test\nTo: {to}\nMIME-Version: 1.0\n"
    opened = "".join(
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{each}"\n\n--{each}\n'
        for each in boundaries
    )
    last = list(boundaries)[-1]
    return _wired(head + opened + f"Content-Type: text/plain\n\nx\n--{last}\n" * pieces)


def _wired(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()
