"""Forms as they were sent. A form read field by field; what cannot stand becomes a fault beside its field."""

from collections.abc import Collection
from datetime import date, datetime, time
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from models.request.notes import tidy
from models.request.plain_text import Unfit
from models.time.patience import MORNING
from store.people.addresses import Address, Flaw, canonical
from telling.languages import Reader, phrase, said
from web.shared.acts.given_back import is_words

SENTENCE = 500  # characters of a connector's own sentence
TOO_MANY = phrase("Please choose one answer only.")
NONE = phrase("Please choose an answer. Nothing has been sent yet.")
EMPTY = phrase("Please fill this in.")
TOO_LONG = phrase("Please shorten this: %(limit)s characters at most; you have %(found)s.")
UNREADABLE = phrase("This holds characters that cannot be read. Please type it again.")
NO_ADDRESS = phrase("This does not look like one e-mail address, such as name@example.org.")
NOT_AN_ADDRESS: dict[Flaw, str] = {
    Flaw.EMPTY: EMPTY,
    Flaw.HIDDEN: phrase(
        "Something invisible was in this address. We have taken it out: please look, and send it again."
    ),
    Flaw.SEVERAL: phrase("Please give one address only."),
    Flaw.NO_DOT: phrase("After the @ something is missing, as in name@example.org."),
    Flaw.LOCAL_NOT_ASCII: phrase("We cannot write to an address with accents, or of another alphabet, before the @."),
}
NO_LINK = phrase("A link begins with https:// or http://.")
NO_DATE = phrase("Please choose a day, as 2026-06-01.")
NO_NUMBER = phrase("Please give a whole number.")


class Form:
    """The fields of one POST, and what is wrong with them. Texts keep their line breaks, and nothing hidden."""

    def __init__(self, sent: FormData, reader: Reader) -> None:
        self.reader, self.form = reader, sent
        self.faults: dict[str, str] = {}
        self.sent: dict[str, list[str]] = {}
        for name, value in sent.multi_items():
            if isinstance(value, str):
                self.sent.setdefault(name, []).append(value)

    @property
    def values(self) -> dict[str, str]:
        """What was typed, to be shown again."""
        return {name: values[0] for name, values in self.sent.items()}

    @property
    def words(self) -> list[str]:
        return [value for name, values in self.sent.items() for value in values if is_words(name, value)]

    def has(self, name: str) -> bool:
        return name in self.sent

    def raw(self, name: str) -> str:
        return self.sent.get(name, [""])[0]

    def ticked(self, name: str) -> bool:
        return self.raw(name) == "yes"

    def all(self, name: str) -> list[str]:
        return self.sent.get(name, [])

    def fault(self, name: str, text: str, **facts: object) -> None:
        self.faults.setdefault(name, said(text, self.reader.language, **facts))

    def choice(self, name: str, among: Collection[str]) -> str | None:
        """The one value chosen among those on offer. Several, or one we never offered, is no choice."""
        chosen = set(self.all(name))
        if len(chosen) == 1 and chosen <= set(among):
            return chosen.pop()
        self.fault(name, TOO_MANY if len(chosen) > 1 else NONE)
        return None

    def text(self, name: str, limit: int, *, required: bool = False) -> str:
        """Words of their own, as they will be passed on; empty where nothing, or nothing that can stand, was typed."""
        words = tidy(self.raw(name))
        if words == Unfit.EMPTY:
            words = ""
        if words == Unfit.TOO_LONG or (isinstance(words, str) and len(words) > limit):
            self.fault(name, TOO_LONG, limit=limit, found=len(self.raw(name)))
        elif isinstance(words, Unfit):
            self.fault(name, UNREADABLE)
        elif required and not words:
            self.fault(name, EMPTY)
        return words if isinstance(words, str) and name not in self.faults else ""

    def line(self, name: str, limit: int, *, required: bool = False) -> str:
        """Words that stand on one line, whatever was sent."""
        return " ".join(self.text(name, limit, required=required).split())

    def address(self, name: str) -> Address | None:
        """One e-mail address; a fault where it is none. What nobody could see in it is not shown to them again."""
        found = canonical(self.raw(name))
        if isinstance(found, Address):
            return found
        if found is Flaw.HIDDEN:
            self.sent[name] = ["".join(each for each in self.raw(name) if each.isprintable())]
        self.fault(name, NOT_AN_ADDRESS.get(found, NO_ADDRESS))
        return None

    def link(self, name: str, limit: int = 300) -> str:
        """An address on the web, or nothing."""
        text = self.text(name, limit)
        if text and not _is_web_address(text):
            self.fault(name, NO_LINK)
            return ""
        return text

    def day(self, name: str) -> date | None:
        try:
            return date.fromisoformat(self.raw(name).strip()) if self.raw(name).strip() else None
        except ValueError:
            self.fault(name, NO_DATE)
            return None

    def number(self, name: str) -> int | None:
        text = self.raw(name).strip()
        if text.isascii() and text.isdecimal() and len(text) < 9:
            return int(text)
        self.fault(name, NO_NUMBER)
        return None


def morning_of(day: date, zone: str) -> datetime:
    """When we write to somebody who has named a day."""
    return datetime.combine(day, time(MORNING), ZoneInfo(zone))


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in parts.netloc and "@" not in parts.netloc and " " not in text
