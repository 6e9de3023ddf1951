"""Addresses in settings: where it listens, where its pages are reached, where the database is, whom letters answer."""

import re
from urllib.parse import urlsplit

from loopback import is_loopback
from settings.variables import PREFIX, SettingsError, wrong


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def read_http(text: str) -> tuple[str, int]:
    right = "host:port, such as 127.0.0.1:8700"
    found = re.fullmatch(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9.-]+)):(?P<port>\d{1,5})", text)
    if not found or not 1 <= int(found["port"]) <= 65535:
        raise wrong("HTTP", text, right)
    return found["six"] or found["host"], int(found["port"])


def read_database(text: str) -> str:
    if re.fullmatch(r"sqlite:///[^?]+|postgresql://[^/]+/[^/]+", text):
        return text
    # The text may hold a password: it is not repeated.
    raise SettingsError(
        f"{PREFIX}DATABASE_URL should be sqlite:///path/to/file.db or postgresql://login:password@host:port/name."
    )


def read_host(public_url: str) -> str:
    return urlsplit(read_public_url(public_url)).hostname or ""


def read_public_url(text: str) -> str:
    right = "an address such as https://introductions.example.org, without a path"
    try:
        url = urlsplit(text)
        _ = url.port  # a port that is no number is noticed only when asked for
    except ValueError:
        raise wrong("PUBLIC_URL", text, right) from None
    bare = not (url.path.strip("/") or url.query or url.fragment or url.username)
    if not url.hostname or not bare or url.scheme not in ("http", "https"):
        raise wrong("PUBLIC_URL", text, right)
    if url.scheme == "http" and not is_loopback(url.hostname):
        raise wrong("PUBLIC_URL", text, "an https:// address: people's answers travel over it")
    return text.rstrip("/")


def read_address(name: str, text: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise wrong(name, text, "one e-mail address, such as introductions@example.org") from None
