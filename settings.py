"""Settings: what this process was told, read once; a wrong word stops the start. Temporal reads its own variables."""

import difflib
import ipaddress
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from temporalio.envconfig import ClientConnectConfig

PREFIX = "INTROBROKER_"
# Each with what it means and what holds without it; docs/running/settings.md is written from here.
KNOWN = {
    "DATA": ("the folder that holds all state of this installation", "`.introbroker` where the command is typed"),
    "DATABASE_URL": (
        "`sqlite:///path/to/file.db` or `postgresql://login:password@host:port/name`",
        "SQLite, in the folder",
    ),
    "HTTP": ("host:port to listen on; wider than this machine only with the next three", "`127.0.0.1:8700`"),
    "SMTP_URL": (
        "the relay: `smtp://host:port`, `smtp://login:password@host:port?starttls` or `smtps://login:password@host:port`",
        "letters stay here, on the mail page; not where a relay, a public address or real people ever were",
    ),
    "PUBLIC_URL": (
        "where people reach the pages; the links in letters begin so; without a relay only of this machine",
        "the address listened on",
    ),
    "REPLY_TO": ("an address that a person reads; replies to letters go there", "none, and no relay without it"),
    "BUILD": (
        "this worker's build id, a word of yours for each release; workers of several builds then stand side by side",
        "the worker works unversioned: one release at a time",
    ),
    "FROM": ("the sender of letters", "the address for replies"),
    "BOUNCES": (
        "an address for what comes back; each letter leaves under one of its own below it (`bounces+…@host`)",
        "letters come back to the sender, and nobody is told",
    ),
    "IMAP_URL": (
        "the mailbox where these arrive: `imaps://login:password@host:port/folder` or `imap://…?starttls`",
        "`introbroker receive` is handed them by the mail server",
    ),
}
NOBODY = "introductions@introbroker.test"  # what stands as sender where no letter can leave the machine
KNOWN_TO_TEMPORAL = (
    "TEMPORAL_ADDRESS",
    "TEMPORAL_NAMESPACE",
    "TEMPORAL_API_KEY",
    "TEMPORAL_PROFILE",
    "TEMPORAL_CONFIG_FILE",
    "TEMPORAL_TLS",
    "TEMPORAL_TLS_CLIENT_CERT_PATH",
    "TEMPORAL_TLS_CLIENT_CERT_DATA",
    "TEMPORAL_TLS_CLIENT_KEY_PATH",
    "TEMPORAL_TLS_CLIENT_KEY_DATA",
    "TEMPORAL_TLS_SERVER_CA_CERT_PATH",
    "TEMPORAL_TLS_SERVER_CA_CERT_DATA",
    "TEMPORAL_TLS_SERVER_NAME",
    "TEMPORAL_TLS_DISABLE_HOST_VERIFICATION",
)

LONGEST_BOUNCES = 17  # what the signed part leaves of a local part's 64

# What the database remembers of the whole installation, and how it is said; the first that is so is told.
WHY_NO_MAIL_PAGE = {
    "relay": "a process of this installation has had a relay",
    "public_address": "this installation has had a public address",
    "real_people": "this installation knows real people",
}

Security = Literal["none", "starttls", "tls"]
DEFAULT_PORTS: Mapping[Security, int] = {"none": 25, "starttls": 587, "tls": 465}


class SettingsError(Exception):
    """A setting is wrong, missing or unknown: one sentence naming it and saying what would be right."""


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


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def wrong(name: str, text: str, right: str) -> SettingsError:
    return SettingsError(f"{PREFIX}{name} is {text!r}: it should be {right}.")


def refuse_unknown(own: Mapping[str, str]) -> None:
    for name in own:
        if name not in KNOWN:
            near = difflib.get_close_matches(name, KNOWN, n=1)
            meant = f"did you mean {PREFIX}{near[0]}?" if near else f"known are {', '.join(PREFIX + k for k in KNOWN)}."
            raise SettingsError(f"{PREFIX}{name} is not a setting: {meant}")


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


def read_address(name: str, text: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise wrong(name, text, "one e-mail address, such as introductions@example.org") from None


def read_build(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", text):
        raise SettingsError(
            "INTROBROKER_BUILD is one word of letters, digits, points, dashes and underscores, such as 2027-03-01."
        )
    return text


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


def read_temporal(told: Mapping[str, str]) -> "ClientConnectConfig | None":
    """Temporal's own variables and profile file name a cluster; where they say nothing, it is embedded."""
    from temporalio.envconfig import ClientConfigProfile

    refuse_doubtful_temporal(told)
    try:
        # config_file_strict: a misspelt key in the profile file is an error, not a default.
        profile = ClientConfigProfile.load(config_file_strict=True, override_env_vars=dict(told))
        config = profile.to_client_connect_config()
    except Exception as problem:
        raise SettingsError(f"Temporal's settings (TEMPORAL_* or its profile file) are wrong: {problem}.") from None
    if config and "target_host" not in config:
        raise SettingsError(
            f"Temporal's settings name {', '.join(sorted(config))} but no address: set "
            "TEMPORAL_ADDRESS=host:port, or leave them all out to run the embedded server."
        )
    if config and not re.fullmatch(r"\S+:\d{1,5}", config["target_host"]):
        raise SettingsError(f"TEMPORAL_ADDRESS is {config['target_host']!r}: it should be host:port.")
    return config or None


def refuse_doubtful_temporal(told: Mapping[str, str]) -> None:
    """What Temporal's reader passes over would start an embedded server where a cluster was meant."""
    for name in told:
        near = difflib.get_close_matches(name, KNOWN_TO_TEMPORAL, n=1, cutoff=0.85)
        if name not in KNOWN_TO_TEMPORAL and near:
            raise SettingsError(f"{name} is not a setting of Temporal's: did you mean {near[0]}?")
    file = told.get("TEMPORAL_CONFIG_FILE")
    if file and not Path(file).is_file():
        raise SettingsError(f"TEMPORAL_CONFIG_FILE is {file!r}: no such file.")
    if told.get("TEMPORAL_TLS", "true").lower() not in ("true", "false", "1", "0"):
        raise SettingsError(f"TEMPORAL_TLS is {told['TEMPORAL_TLS']!r}: it should be true or false.")
