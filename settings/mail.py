"""Mail in settings: the relay that takes our letters, and the mailbox for those that came back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from loopback import is_loopback
from settings.addresses import read_address
from settings.variables import PREFIX, SettingsError, wrong

LONGEST_BOUNCES = 17  # what the signed part leaves of a local part's 64

Security = Literal["none", "starttls", "tls"]
DEFAULT_PORTS: Mapping[Security, int] = {"none": 25, "starttls": 587, "tls": 465}


@dataclass(frozen=True, kw_only=True, slots=True)
class RelaySettings:
    """The mail server that takes our letters."""

    host: str
    port: int
    security: Security
    login: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class MailboxSettings:
    """The mailbox that is looked into for letters that came back."""

    host: str
    port: int
    security: Security
    login: str
    password: str = field(repr=False)
    folder: str = "INBOX"


def read_relay(text: str) -> RelaySettings:
    # The text may hold a password: it is not repeated in any sentence.
    right = "smtp://host:port, smtp://login:password@host:port?starttls or smtps://login:password@host:port"
    complaint = SettingsError(f"{PREFIX}SMTP_URL should be {right}.")
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        raise complaint from None
    options = parse_qsl(url.query, keep_blank_values=True)
    if url.scheme not in ("smtp", "smtps") or not url.hostname or url.path.strip("/") or url.fragment:
        raise complaint
    if options not in ([], [("starttls", "")]) or bool(url.username) != bool(url.password) or port == 0:
        raise complaint
    return relay_at(url, port, wants_starttls=bool(options))


def relay_at(url: SplitResult, port: int | None, *, wants_starttls: bool) -> RelaySettings:
    security: Security = "tls" if url.scheme == "smtps" else "starttls" if wants_starttls else "none"
    host = url.hostname or ""
    if url.password and security == "none" and not is_loopback(host):
        raise SettingsError(
            f"{PREFIX}SMTP_URL would send the password in the clear: use smtps://, or end it in ?starttls."
        )
    login = unquote(url.username) if url.username else None
    password = unquote(url.password) if url.password else None
    return RelaySettings(
        host=host, port=port or DEFAULT_PORTS[security], security=security, login=login, password=password
    )


def read_bounces(text: str) -> str:
    address = read_address("BOUNCES", text)
    local = address.rpartition("@")[0]
    if len(local) > LONGEST_BOUNCES or "+" in local:
        raise wrong("BOUNCES", text, f"a short address, {LONGEST_BOUNCES} letters at most before the @ and no +")
    return address


def read_mailbox(text: str, bounces: str | None) -> MailboxSettings:
    # The text holds a password: it is not repeated in any sentence.
    right = "imaps://login:password@host:port/folder or imap://login:password@host:port/folder?starttls"
    complaint = SettingsError(f"{PREFIX}IMAP_URL should be {right}.")
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        raise complaint from None
    wants_starttls = parse_qsl(url.query, keep_blank_values=True) == [("starttls", "")]
    if url.scheme not in ("imap", "imaps") or not url.hostname or not url.username or not url.password or url.fragment:
        raise complaint
    if (url.query and not wants_starttls) or (url.scheme == "imaps" and wants_starttls) or port == 0:
        raise complaint
    security: Security = "tls" if url.scheme == "imaps" else "starttls" if wants_starttls else "none"
    if security == "none" and not is_loopback(url.hostname):
        raise SettingsError(
            f"{PREFIX}IMAP_URL would send the password in the clear: use imaps://, or end in ?starttls."
        )
    if not bounces:
        raise SettingsError(
            f"{PREFIX}IMAP_URL is of no use without {PREFIX}BOUNCES, the address whose mail lies there."
        )
    return MailboxSettings(
        host=url.hostname,
        port=port or (993 if security == "tls" else 143),
        security=security,
        login=unquote(url.username),
        password=unquote(url.password),
        folder=unquote(url.path.strip("/")) or "INBOX",
    )
