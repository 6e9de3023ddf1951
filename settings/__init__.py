"""Settings: what this process was told, read once; a wrong word stops the start. Temporal reads its own variables."""

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from loopback import is_loopback
from settings.addresses import (
    bracketed,
    read_address,
    read_database,
    read_host,
    read_http,
    read_public_url,
)
from settings.mail import MailboxSettings, RelaySettings, read_bounces, read_mailbox, read_relay
from settings.temporal import read_temporal
from settings.variables import PREFIX, SettingsError, refuse_unknown, wrong

if TYPE_CHECKING:
    from temporalio.envconfig import ClientConnectConfig

NOBODY = "introductions@introbroker.test"  # what stands as sender where no letter can leave the machine
# What the database remembers of the whole installation, and how it is said; the first that is so is told.
WHY_NO_MAIL_PAGE = {
    "relay": "a process of this installation has had a relay",
    "public_address": "this installation has had a public address",
    "real_people": "this installation knows real people",
}
THE_END_OF_A_TRIAL = (
    "Whoever has no address set apart for trying out, or none at all, counts as a real person, and with one on file "
    "the mail page and its sign-in are closed, no letter leaves, and `introbroker run` does not start again until "
    f"{PREFIX}SMTP_URL names a relay."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Everything this process was told, read once at the start and handed down as an argument."""

    data: Path
    database_url: str = field(repr=False)
    host: str
    port: int
    public_url: str
    relay: RelaySettings | None
    reply_to: str | None
    sender: str
    bounces: str | None = None
    mailbox: MailboxSettings | None = None
    build: str | None = None
    temporal: "ClientConnectConfig | None" = field(repr=False)

    @property
    def is_embedded(self) -> bool:
        """No cluster was named, so `introbroker run` brings a Temporal server of its own."""
        return self.temporal is None

    @property
    def shows_mail_page(self) -> bool:
        """Whether it may, as far as this process was told. The database and each request have their word too."""
        return self.relay is None and not self.is_open_to_others

    @property
    def is_open_to_others(self) -> bool:
        """By the address listened on, or by one that a proxy on this machine lends it."""
        return not (is_loopback(self.host) and is_loopback(urlsplit(self.public_url).hostname or ""))


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Reads and checks every setting; whatever is wrong raises SettingsError before anything has started."""
    told = os.environ if environ is None else environ
    own = {name.removeprefix(PREFIX): text.strip() for name, text in told.items() if name.startswith(PREFIX)}
    refuse_unknown(own)
    data = Path(own.get("DATA") or ".introbroker").expanduser().absolute()
    host, port = read_http(own.get("HTTP") or "127.0.0.1:8700")
    relay = read_relay(own["SMTP_URL"]) if own.get("SMTP_URL") else None
    reply_to = read_address("REPLY_TO", own["REPLY_TO"]) if own.get("REPLY_TO") else None
    refuse_unsafe(host, relay, own.get("PUBLIC_URL"), reply_to)
    return Settings(
        data=data,
        database_url=read_database(own.get("DATABASE_URL") or f"sqlite:///{data / 'introbroker.db'}"),
        host=host,
        port=port,
        public_url=read_public_url(own.get("PUBLIC_URL") or f"http://{bracketed(host)}:{port}"),
        relay=relay,
        reply_to=reply_to,
        sender=read_address("FROM", own["FROM"]) if own.get("FROM") else reply_to or NOBODY,
        build=read_build(own["BUILD"]) if own.get("BUILD") else None,
        bounces=read_bounces(own["BOUNCES"]) if own.get("BOUNCES") else None,
        mailbox=read_mailbox(own["IMAP_URL"], own.get("BOUNCES")) if own.get("IMAP_URL") else None,
        temporal=read_temporal(told),
    )


def child_environment(**additions: str) -> dict[str, str]:
    """What a process started by this one finds around it: our own surroundings, with these words set."""
    return {**os.environ, **additions}


def refuse_without_operator(settings: Settings, operator_accounts: int) -> None:
    """The one condition that only the database can answer; asked by whoever opens the door to others."""
    if settings.is_open_to_others and operator_accounts == 0:
        opened = (
            f"{PREFIX}PUBLIC_URL={settings.public_url} is"
            if is_loopback(settings.host)
            else f"{PREFIX}HTTP={bracketed(settings.host)}:{settings.port} is"
        )
        raise SettingsError(
            f"{opened} open to other machines, and no operator has an account yet: create one first, or use 127.0.0.1."
        )


def refuse_without_relay(settings: Settings, exposures: Collection[str]) -> None:
    """The other one: without a relay letters would go to the mail page, and there they are read by anybody who asks."""
    if settings.relay is None and exposures:
        why = next(said for kind, said in WHY_NO_MAIL_PAGE.items() if kind in exposures)
        raise SettingsError(
            f"{PREFIX}SMTP_URL is not set, and {why}: letters no longer stay on a mail page. Name the relay for this "
            f"process too, or try things out with another {PREFIX}DATA and {PREFIX}DATABASE_URL."
        )


def why_no_letter_leaves(exposures: Collection[str]) -> str:
    """To whoever looks at an installation without a relay, whose mail page was closed while it ran."""
    why = next(said for kind, said in WHY_NO_MAIL_PAGE.items() if kind in exposures)
    return f"{why}, so no letter leaves until {PREFIX}SMTP_URL names a relay and everything is started again"


def refuse_real_people(*, are_meant: bool) -> None:
    """Whoever would bring real people into a trial is asked first: it cannot be taken back."""
    if not are_meant:
        raise SettingsError(
            f"This would end the trial for good, so nothing was changed. {THE_END_OF_A_TRIAL} To go on trying things "
            "out, give everybody an address under .test. If real people are meant, set "
            f"{PREFIX}SMTP_URL first, or add --real-people."
        )


def refuse_unsafe(host: str, relay: RelaySettings | None, public_url: str | None, reply_to: str | None) -> None:
    """Letters and pages reach strangers only when somebody can be reached back and the links in them work."""
    if relay and not reply_to:
        raise SettingsError(
            f"{PREFIX}SMTP_URL lets letters out, so {PREFIX}REPLY_TO must name an address a person reads."
        )
    if relay and not is_loopback(relay.host) and not public_url:
        raise SettingsError(
            f"{PREFIX}SMTP_URL lets letters out, so {PREFIX}PUBLIC_URL must say where the links in them lead."
        )
    if public_url and not relay and is_loopback(host) and not is_loopback(read_host(public_url)):
        raise SettingsError(
            f"{PREFIX}PUBLIC_URL={public_url} lets others in, so {PREFIX}SMTP_URL must name the relay, for this "
            "process as for all others: the mail page, which stands in for one, is for this machine only."
        )
    given = {"SMTP_URL": relay, "PUBLIC_URL": public_url, "REPLY_TO": reply_to}
    missing = [PREFIX + name for name, value in given.items() if not value]
    if not is_loopback(host) and missing:
        raise SettingsError(
            f"{PREFIX}HTTP is open to other machines ({host}), which needs {' and '.join(missing)} too; "
            "use 127.0.0.1 to stay on this machine."
        )
    if not is_loopback(host) and public_url and not public_url.startswith("https://"):
        raise wrong("PUBLIC_URL", public_url, "an https:// address, since the page is open to other machines")


def read_build(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", text):
        raise SettingsError(
            "INTROBROKER_BUILD is one word of letters, digits, points, dashes and underscores, such as 2027-03-01."
        )
    return text
