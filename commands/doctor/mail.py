"""Findings about the relay and the mailbox. Asked up to the point at which a letter would begin."""

import asyncio
import ssl

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPResponseException

from commands.doctor.findings import Diagnosis, unsure, well, wrong
from mailer import mailbox as mailbox_of
from mailroom.inbound.mailbox import BROKEN
from settings import Settings

PATIENCE = 10.0
ROOM = 200_000  # bytes: more than any letter of ours


async def relay(told: Settings, tls: ssl.SSLContext | None = None) -> list[Diagnosis]:
    named = told.relay
    if named is None:
        return [unsure("relay", "none is named: letters stay on the mail page", "Set INTROBROKER_SMTP_URL.")]
    connection = SMTP(
        hostname=named.host,
        port=named.port,
        username=named.login,
        password=named.password,
        use_tls=named.security == "tls",
        start_tls=named.security == "starttls",
        tls_context=tls,
        timeout=PATIENCE,
    )
    try:
        await connection.connect()
        found = _what_it_offers(told, connection)
        await connection.quit()
    except SMTPAuthenticationError:
        return [wrong("relay", "it does not take our login", "See login and password in INTROBROKER_SMTP_URL.")]
    except SMTPResponseException as refusal:
        return [wrong("relay", f"it does not let us in ({refusal.code})", "See what it says to our address.")]
    except (SMTPException, OSError, ValueError) as broken:
        do = "See host, port, TLS and the way there; letters wait meanwhile."
        return [wrong("relay", f"it cannot be reached ({type(broken).__name__})", do)]
    finally:
        connection.close()
    return found


def _what_it_offers(told: Settings, connection: SMTP) -> list[Diagnosis]:
    assert told.relay
    how = {"none": "in the clear", "starttls": "with STARTTLS", "tls": "in TLS"}[told.relay.security]
    found = [well("relay", f"it lets us in, {how}{' and logged in' if told.relay.login else ''}")]
    size = connection.esmtp_extensions.get("size", "").strip()
    if size.isdecimal() and 0 < int(size) < ROOM:
        found.append(wrong("relay", f"it takes letters up to {size} bytes only", f"It has to take {ROOM}."))
    if told.relay.security == "none" and "starttls" in connection.esmtp_extensions:
        found.append(
            unsure("relay", "it offers STARTTLS, and we do not use it", "End INTROBROKER_SMTP_URL in ?starttls.")
        )
    return found


async def mailbox(told: Settings) -> list[Diagnosis]:
    named = mailbox_of(told)
    if named is None:
        return []
    try:
        await asyncio.to_thread(named.check)
    except BROKEN as problem:
        do = "See host, login, password and folder in INTROBROKER_IMAP_URL."
        return [wrong("what comes back", f"its mailbox cannot be opened ({type(problem).__name__})", do)]
    return [well("what comes back", "its mailbox can be looked into")]
