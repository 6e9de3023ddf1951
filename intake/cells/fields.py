"""Fields of a row: a cell's text read as a name, an address, a date or a word of ours, or told as a fault."""

import re
from collections.abc import Callable, Collection
from datetime import date, timedelta
from difflib import get_close_matches
from functools import lru_cache
from typing import TypeVar, cast, get_args
from zoneinfo import available_timezones

from intake.cells.addresses import repaired
from intake.cells.dates import DateOrder, is_ambiguous, read_day
from intake.cells.fault_wording import NO_ADDRESS, UNFIT
from intake.fault_reports import Repaired, Wrong, shown
from models.folding import fold
from models.letters import Language
from models.request.names import CALLED, clean_called
from models.request.plain_text import (
    HEADLINE_LIMIT,
    NAME_LIMIT,
    TOPIC_COUNT,
    TOPIC_LIMIT,
    Unfit,
    clean_line,
    clean_name,
)
from store.importing.parts.records import ByAddress, ByRef, MemberRole, Named
from store.people.addresses import Address, Flaw, canonical

Value = TypeVar("Value")
NOT_CALLED = Wrong("It is more than a name", "Give a short name: words of the name, and one beside them at most")
REF_LIMIT, EVIDENCE_LIMIT = 100, 500
OLDEST_YEAR = 1900
PARTIAL = re.compile(r"(\d{4})(?:[-/](\d{1,2}))?")
LANGUAGES = {
    "english": "en",
    "ingles": "en",
    "spanish": "es",
    "espanol": "es",
    "castellano": "es",
    "portuguese": "pt",
    "portugues": "pt",
}
YES = {"yes", "y", "true", "1", "si", "s", "sim", "x"}
NO = {"no", "n", "false", "0", "nao"}
NOT_ZONES = {"localtime", "factory", "posixrules"}


def name(text: str) -> str | Wrong:
    return _fit(clean_name(text), text, NAME_LIMIT)


def called(whole: str, text: str) -> str | Wrong:
    """What letters call whoever has this whole name."""
    found = clean_called(text, whole) if whole else clean_name(text, CALLED)
    if found is Unfit.DAMAGED:
        return _with_text(NOT_CALLED, text)
    return _fit(found, text, CALLED)


def headline(text: str) -> str | Wrong:
    return _fit(clean_line(text, HEADLINE_LIMIT), text, HEADLINE_LIMIT)


def organisation(text: str) -> str | Wrong:
    return _fit(clean_line(text, NAME_LIMIT), text, NAME_LIMIT)


def evidence(text: str) -> str | Wrong:
    return _fit(clean_line(text, EVIDENCE_LIMIT), text, EVIDENCE_LIMIT)


def ref(text: str) -> str | Wrong:
    if "@" in text:
        return Wrong(
            f"“{shown(text)}” has an @, so it would be taken for an address", "Use a key without @, such as a number"
        )
    # Kept without regard to case, a key may be longer: “ß” is then “ss”.
    return _fit(Unfit.TOO_LONG if len(text.casefold()) > REF_LIMIT else clean_name(text), text, REF_LIMIT)


def address(text: str) -> Address | Repaired[Address] | Wrong:
    """One address. What only hides it is taken away, and told; of two nobody guesses which is meant."""
    repair = repaired(text)
    found = canonical(repair.text)
    if isinstance(found, Flaw):
        return _with_text(NO_ADDRESS[found], text)
    if not repair.done:
        return found
    told = Wrong(f"“{shown(text)}” was read as {found.written}: {', '.join(repair.done)}", "Check that it is right")
    return Repaired(found, told)


@lru_cache(maxsize=65_536)
def person_named(text: str) -> Named | Repaired[Named] | Wrong:
    """A ref or an e-mail address; the @ tells. Remembered, because ties name the same people again and again."""
    if "@" in text or "\uff20" in text:
        found = address(text)
        if isinstance(found, Repaired):
            return Repaired(ByAddress(address=found.value), found.told)
        return found if isinstance(found, Wrong) else ByAddress(address=found)
    key = ref(text)
    return key if isinstance(key, Wrong) else ByRef(ref=key)


@lru_cache(maxsize=1024)
def language(text: str) -> Language | Wrong:
    folded = fold(text).strip()
    code = LANGUAGES.get(folded, re.split("[-_]", folded)[0])
    if code in get_args(Language):
        return cast(Language, code)
    return Wrong(f"“{shown(text)}” is no language we write in", "Write en, es or pt, or leave it empty")


@lru_cache(maxsize=1024)
def zone(text: str) -> str | Wrong:
    known = _zones()
    wanted = text.casefold().replace(" ", "_")
    if wanted in known:
        return known[wanted]
    cities = {key.rpartition("/")[2]: value for key, value in known.items()}
    close = [known.get(match) or cities[match] for match in get_close_matches(wanted, [*known, *cities], n=1)]
    return Wrong(
        f"“{shown(text)}” is no time zone", f"Write a name like {close[0] if close else 'America/Mexico_City'}"
    )


@lru_cache(maxsize=1024)
def topics(text: str) -> tuple[str, ...] | Wrong:
    found: dict[str, str] = {}
    for part in filter(str.strip, text.split(";")):
        topic = _fit(clean_line(part, TOPIC_LIMIT), part, TOPIC_LIMIT)
        if isinstance(topic, Wrong):
            return topic
        found.setdefault(topic.casefold(), topic)
    if len(found) > TOPIC_COUNT:
        return Wrong(f"It holds {len(found)} topics", f"Keep the {TOPIC_COUNT} that matter most")
    return tuple(found.values())


def yes_or_no(text: str) -> bool | Wrong:
    folded = fold(text).strip()
    if folded in YES or folded in NO:
        return folded in YES
    return Wrong(f"“{shown(text)}” is neither yes nor no", "Write yes or no, or leave it empty")


@lru_cache(maxsize=1024)
def roles(text: str) -> tuple[MemberRole, ...] | Wrong:
    wanted = {fold(part).strip() for part in text.split(";") if part.strip()}
    unknown = wanted - set(get_args(MemberRole))
    if unknown:
        what = f"“{shown(min(unknown))}” is no role that a file can give"
        return Wrong(what, "Write requester, connector or both with ; between")
    return cast(tuple[MemberRole, ...], tuple(role for role in get_args(MemberRole) if role in wanted))


def kind(known: Collection[str], text: str) -> str | Wrong:
    """One of those that the policy in force tells apart."""
    folded = fold(text).strip()
    if folded in known:
        return folded
    if not known:
        return Wrong(f"“{shown(text)}”: the programme's policy tells no kinds of people apart", "Leave it empty")
    *others, last = sorted(known)
    listed = f"{', '.join(others)} or {last}" if others else last
    return Wrong(f"“{shown(text)}” is no kind that the programme's policy knows", f"Write {listed}, or leave it empty")


def strength(text: str) -> int | Wrong:
    if text in ("1", "2", "3", "4", "5"):
        return int(text)
    return Wrong(f"“{shown(text)}” is no strength", "Write 1 (met once) to 5 (close), or leave it empty")


def since(today: date) -> Callable[[str], str | Wrong]:
    """A year, a month or a day, kept as exact as it was written."""

    @lru_cache(maxsize=4096)
    def read(text: str) -> str | Wrong:
        partial = PARTIAL.fullmatch(text)
        if partial and (found := read_day(f"{partial[1]}-{partial[2] or 1}-1")):
            written = f"{partial[1]}-{int(partial[2]):02}" if partial[2] else partial[1]
            return _past(found, text, today, written)
        found = read_day(text)
        return _past(found, text, today, found.isoformat()) if found else _no_date(text, "2019, 2019-05 or 2019-05-31")

    return read


def past_day(today: date, order: DateOrder | None = None) -> Callable[[str], date | Wrong]:
    @lru_cache(maxsize=4096)
    def read(text: str) -> date | Wrong:
        found = read_day(text, order)
        return _past(found, text, today, found) if found else _no_date(text, "2023-05-31")

    return read


def _past(found: date, text: str, today: date, value: Value) -> Value | Wrong:
    if found > today + timedelta(days=1):  # it may be tomorrow already where they live
        return Wrong(f"“{shown(text)}” is still to come", "Write a date in the past")
    if found.year < OLDEST_YEAR:
        return Wrong(f"“{shown(text)}” is too long ago", "Look for a slip of the pen")
    return value


def _no_date(text: str, example: str) -> Wrong:
    if is_ambiguous(text):
        return Wrong(f"“{shown(text)}” can mean two days", f"Write it like {example}")
    return Wrong(f"“{shown(text)}” is no date we can read", f"Write it like {example}")


def _fit(cleaned: str | Unfit, text: str, limit: int) -> str | Wrong:
    if isinstance(cleaned, str):
        return cleaned
    if cleaned is Unfit.TOO_LONG:
        return Wrong(f"It is longer than {limit} characters", "Shorten it")
    return _with_text(UNFIT[cleaned], text)


def _with_text(wrong: Wrong, text: str) -> Wrong:
    return Wrong(f"{wrong.what} (“{shown(text)}”)", wrong.remedy)


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {known.casefold(): known for known in available_timezones() if known.casefold() not in NOT_ZONES}
