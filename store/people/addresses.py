"""E-mail addresses, and the mailbox each means however it is written."""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from urllib.parse import quote

from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, ConfigDict

LOCAL_LIMIT, ADDRESS_LIMIT = 64, 254
TEXT_LIMIT = 1000  # nothing longer is looked at: normalising can make text eighteen times as long
DOT_ATOM = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
GMAIL = {"gmail.com", "googlemail.com"}


class Flaw(StrEnum):
    """Why a text is no address that we write to. A code: each surface words it for its own reader."""

    EMPTY = "empty"
    HIDDEN = "hidden"
    SEVERAL = "several"
    NAMED = "named"
    QUOTED = "quoted"
    IP_LITERAL = "ip_literal"
    SPACE = "space"
    NO_AT = "no_at"
    TOO_LONG = "too_long"
    LOCAL_NOT_ASCII = "local_not_ascii"
    LOCAL = "local"
    NO_DOT = "no_dot"
    DOMAIN = "domain"


class Address(BaseModel):
    """One address in the forms we need. `key` says who it is, `mailbox` is the stricter question for blocks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    written: str
    """What letters are sent to: the local part as its owner writes it, the domain in ASCII."""
    key: str
    """Two people cannot share it. Equal for every spelling of one address (case, width, IDN)."""
    mailbox: str
    """Equal also for a +tag, and for dots at Gmail: a block or suppression compares this one."""


def canonical(text: str) -> Address | Flaw:
    """The address meant by `text`, or why it is none. Never asks the network."""
    if len(text) > TEXT_LIMIT:
        return Flaw.TOO_LONG
    plain = unicodedata.normalize("NFKC", text).strip(" ")
    local, _, domain = plain.rpartition("@")
    flaw = _flaw_of_whole(plain) or _flaw_of_local(local)
    if flaw:
        return flaw
    ascii_domain = _ascii_domain(domain.lower())
    if isinstance(ascii_domain, Flaw):
        return ascii_domain
    written = f"{local}@{ascii_domain}"
    if len(written) > ADDRESS_LIMIT:
        return Flaw.TOO_LONG
    return Address(written=written, key=written.lower(), mailbox=_mailbox(local.lower(), ascii_domain))


def _flaw_of_whole(plain: str) -> Flaw | None:
    """In this order, so that what is said helps: `"A" <a@x.test>` is an address with a name, not a bad local part."""
    questions = (
        (not plain, Flaw.EMPTY),
        (not plain.isprintable(), Flaw.HIDDEN),
        ("@" not in plain, Flaw.NO_AT),
        ("," in plain or ";" in plain or ("<" in plain and plain.count("@") > 1), Flaw.SEVERAL),
        ("<" in plain or ">" in plain, Flaw.NAMED),
        ('"' in plain, Flaw.QUOTED),
        (plain.count("@") > 1, Flaw.SEVERAL),
        ("@[" in plain, Flaw.IP_LITERAL),
        (" " in plain, Flaw.SPACE),
    )
    return next((flaw for is_so, flaw in questions if is_so), None)


def _flaw_of_local(local: str) -> Flaw | None:
    if not local.isascii():
        return Flaw.LOCAL_NOT_ASCII  # needs SMTPUTF8, which many relays lack; without it an invalid address is sent
    if len(local) > LOCAL_LIMIT:
        return Flaw.TOO_LONG
    return None if DOT_ATOM.fullmatch(local) else Flaw.LOCAL


@lru_cache(maxsize=4096)
def _ascii_domain(domain: str) -> str | Flaw:
    """Remembered, because a file of a hundred thousand people has a few thousand domains."""
    try:
        # `test_environment` lets domains under .test pass: no letter can reach anybody there.
        checked = validate_email(f"x@{domain}", check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return Flaw.DOMAIN if "." in domain else Flaw.NO_DOT
    return checked.ascii_domain if "." in checked.ascii_domain else Flaw.NO_DOT


def _mailbox(local: str, domain: str) -> str:
    box = local.partition("+")[0] or local
    if domain in GMAIL:
        return f"{box.replace('.', '')}@gmail.com"
    return f"{box}@{domain}"


def mailto(address: str) -> str:
    """The link that writes there."""
    return "mailto:" + quote(address, safe="@")
