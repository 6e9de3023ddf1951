"""Messages that mail servers and mail programs send back. The messages themselves, as bytes."""

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

Feedback-Type: abuse
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


def complaint(about: str, to: str = "complaints@programme.example.test") -> bytes:
    """Somebody pressed "this is spam" (RFC 5965)."""
    return _wired(COMPLAINT.format(to=to, about=about))


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
