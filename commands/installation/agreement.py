"""Agreement of the processes of one installation: where what they were told differs, in a sentence each.

What would leave people before links that open nothing, or unprotected by marks that nobody recognises, is grave: it
refuses a start, and holds the letters of a mailroom that runs. What is only untidy is told.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple
from urllib.parse import urlsplit

from loopback import is_loopback
from store.installation.processes import SKEW, Process

PORTS = {"http": 80, "https": 443}
KEYS_DO = (
    "Put the installation's keys.json into INTROBROKER_DATA of each of them, the same everywhere, and start them again."
)
ADDRESS_DO = (
    "Give every process the same INTROBROKER_PUBLIC_URL; without one, give the mailroom the web's INTROBROKER_HTTP too."
)


class Disagreement(NamedTuple):
    """What two processes do not agree on. `holds`: letters of a mailroom among them must not leave."""

    setting: str
    said: str
    do: str
    is_grave: bool = False
    holds: bool = False

    @property
    def sentence(self) -> str:
        return f"{self.said[0].upper()}{self.said[1:]}. {self.do}"


def with_others(mine: Process, others: Sequence[Process]) -> list[Disagreement]:
    """Where this process differs from those beside it: of each kind of difference the first, the grave ones before."""
    return _first_of_each([*_address(mine, others), *_of(mine, others), *_clock(mine)])


def among(running: Sequence[Process]) -> list[Disagreement]:
    """Where any of them differ: of each kind of difference the first, the grave ones before."""
    found = [each for one in running for each in [*_address(one, [*running]), *_clock(one)]]
    found += [each for one, other in combinations(running, 2) for each in _of(one, [other])]
    found += [each for one, other in combinations(running, 2) for each in _of(other, [one]) if each.is_grave]
    return _first_of_each(found)


def _first_of_each(found: Sequence[Disagreement]) -> list[Disagreement]:
    """The grave ones before; of each kind the first, and a grave one before a harmless one of its kind."""
    first: dict[str, Disagreement] = {}
    for each in sorted(found, key=lambda each: not each.is_grave):
        first.setdefault(each.setting, each)
    return list(first.values())


def no_web_yet(mailroom: Process) -> Disagreement:
    """Nobody is there who could disagree, and nobody ever was: its links may open nothing."""
    return Disagreement(
        "INTROBROKER_PUBLIC_URL",
        f"{called(mailroom)} writes links to {mailroom.told.public_url}, and no web has ever answered there",
        "Start the web; letters wait for it, for an hour at most.",
        holds=True,
    )


def has_web(running: Sequence[Process]) -> bool:
    return any(each.kind == "web" for each in running)


def called(one: Process) -> str:
    return f"the {one.kind} (process {one.pid} on {one.machine.partition(':')[0]})"


def _address(mine: Process, others: Sequence[Process]) -> Iterator[Disagreement]:
    """A mailroom writes links to where pages answer: at least one web goes by its address."""
    for mailroom in (each for each in (mine, *others) if each.kind == "mailroom"):
        webs = [each for each in (mine, *others) if each.kind == "web" and each != mailroom]
        if webs and mine in (mailroom, *webs) and not any(_same(mailroom, each) for each in webs):
            web = mine if mine in webs else webs[0]
            yield Disagreement(
                "INTROBROKER_PUBLIC_URL",
                f"{called(mailroom)} writes links to {mailroom.told.public_url}, and {called(web)} answers at "
                f"{web.told.public_url}, so they would open nothing",
                ADDRESS_DO,
                is_grave=True,
                holds=True,
            )


def _of(mine: Process, others: Sequence[Process]) -> Iterator[Disagreement]:
    for other in others:
        yield from _keys(mine, other)
        if other.told.namespace != mine.told.namespace:
            yield Disagreement(
                "TEMPORAL_NAMESPACE",
                f"{called(mine)} works in Temporal's namespace {mine.told.namespace}, and {called(other)} in "
                f"{other.told.namespace}, so what one begins the other never hears of",
                "Give both the same TEMPORAL_NAMESPACE, or end the one that is wrong.",
                is_grave=True,
            )
        if other.told.version != mine.told.version:
            yield Disagreement(
                "version",
                f"{called(mine)} is of version {mine.told.version}, and {called(other)} of {other.told.version}",
                "While a new version is rolled out that is well; else bring both to the same.",
            )
        if other.told.clock_law != mine.told.clock_law:
            yield Disagreement(
                "tzdata",
                f"{called(mine)} goes by the zone law of {mine.told.clock_law}, and {called(other)} by that of "
                f"{other.told.clock_law}",
                "Install both from the same lock.",
            )


def _keys(mine: Process, other: Process) -> Iterator[Disagreement]:
    """What the other marks now must be recognised here; what is marked here, by those who open links."""
    if other.told.keys[0] not in mine.told.keys:
        said = f"{called(mine)} does not have the key with which {called(other)} marks links and who wants no letters"
        yield Disagreement("keys.json", said, KEYS_DO, is_grave=True, holds=True)
    elif mine.told.keys[0] not in other.told.keys:
        opens_nothing = mine.kind == "mailroom" and other.kind == "web"
        said = f"{called(other)} does not have the newest key of {called(mine)} yet"
        yield Disagreement("keys.json", said, KEYS_DO, is_grave=opens_nothing, holds=opens_nothing)


def _clock(mine: Process) -> Iterator[Disagreement]:
    if abs(mine.ahead) > SKEW:
        seconds = abs(mine.ahead).total_seconds()
        said = f"the clock of {called(mine)} and the database's are {seconds:.0f} s apart"
        yield Disagreement("clock", said, "Keep both by NTP.")


def _same(one: Process, other: Process) -> bool:
    return place_of(one) == place_of(other)


def place_of(one: Process) -> str:
    """Where its links lead, however it is written."""
    return "{} {} {}".format(*_place(one.told.public_url))


def _place(address: str) -> tuple[str, str, int | None]:
    found = urlsplit(address)
    host = (found.hostname or "").lower()
    return found.scheme, "loopback" if is_loopback(host) else host, found.port or PORTS.get(found.scheme)
