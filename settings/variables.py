"""The variables of Introbroker: each with what it means; a word that is none of them stops the start."""

import difflib
from collections.abc import Mapping

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


class SettingsError(Exception):
    """A setting is wrong, missing or unknown: one sentence naming it and saying what would be right."""


def wrong(name: str, text: str, right: str) -> SettingsError:
    return SettingsError(f"{PREFIX}{name} is {text!r}: it should be {right}.")


def refuse_unknown(own: Mapping[str, str]) -> None:
    for name in own:
        if name not in KNOWN:
            near = difflib.get_close_matches(name, KNOWN, n=1)
            meant = f"did you mean {PREFIX}{near[0]}?" if near else f"known are {', '.join(PREFIX + k for k in KNOWN)}."
            raise SettingsError(f"{PREFIX}{name} is not a setting: {meant}")
