"""An import at size (goal G15). A made-up network of 36,692 people and 367,662 ties, brought in by the command itself.

The network grows as friendships do: whoever comes knows somebody, and mostly those whom many know already, so that a
few know thousands. It is the same in every run. `python -m benchmarks.import_size [sqlite | postgres]` prints the CPU
seconds and the most memory that `introbroker import ties --people` took, and how often it told how far it was.
"""

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.gates import Gate

PEOPLE, TIES = 36_692, 367_662
SECONDS, MIB = 45, 200
HUB = 0.9  # how often somebody is chosen by how many know them already
PEOPLE_HEADER = ("ref", "name", "email", "language", "zone", "headline", "organisation", "topics", "listed", "roles")
TIES_HEADER = ("connector", "person", "strength", "evidence", "since", "confirmed")
LANGUAGES = (("en", "Europe/London"), ("es", "America/Mexico_City"), ("pt", "Europe/Lisbon"))
COMMAND = (sys.executable, "-m", "cli")


class Cost(NamedTuple):
    """What one import took."""

    seconds: float
    mib: float
    said: str


def network(people: int, ties: int) -> Iterator[tuple[int, int]]:
    """Each tie in both directions, no pair twice."""
    dice = random.Random(15)
    known: set[tuple[int, int]] = {(0, 1)}
    ends = [0, 1]
    while len(known) * 2 < ties:
        newcomer = len(known) % people if len(known) < people else dice.randrange(people)
        other = dice.choice(ends) if dice.random() < HUB else dice.randrange(people)
        pair = (min(newcomer, other), max(newcomer, other))
        if newcomer != other and pair not in known:
            known.add(pair)
            ends += pair
    for one, other in sorted(known):
        yield one, other
        yield other, one


def write_files(folder: Path, people: int = PEOPLE, ties: int = TIES) -> None:
    _write(folder / "people.csv", PEOPLE_HEADER, (_person(number) for number in range(people)))
    _write(folder / "ties.csv", TIES_HEADER, (_tie(*pair) for pair in network(people, ties)))


def measured(folder: Path, database: str | None) -> Cost:
    """In a process of its own, as somebody types it."""
    told = {"INTROBROKER_DATA": str(folder / "data")} | ({"INTROBROKER_DATABASE_URL": database} if database else {})
    surroundings = os.environ | told
    before: tuple[tuple[str, ...], ...] = (("migrate",), ("programme", "add", "Spring"))
    for words in before:
        subprocess.run([*COMMAND, *words], env=surroundings, check=True, stdout=subprocess.DEVNULL)
    asked = [*COMMAND, "import", "ties", str(folder / "ties.csv"), "--people", str(folder / "people.csv")]
    with (folder / "said").open("w+b") as said:
        process = subprocess.Popen(asked, env=surroundings, stdout=said, stderr=said)
        _, code, usage = os.wait4(process.pid, 0)
        said.seek(0)
        text = said.read().decode()
    if code:
        raise SystemExit(text)
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


@contextmanager
def place(kind: str) -> Iterator[str | None]:
    """Where the database stands: None for the file in the data folder."""
    if kind == "sqlite":
        yield None
        return
    from tests.support.services.postgres import PostgresServer

    server = PostgresServer()
    server.prepare()
    try:
        yield server.fresh()
    finally:
        server.stop()


def _person(number: int) -> tuple[str, ...]:
    language, zone = LANGUAGES[number % 3]
    name = f"Given{number % 977} Família{number % 6_113}"
    about = (f"Works on matter {number % 53}", f"House {number % 211}", f"salt;water{number % 19}")
    return (f"p{number}", name, f"p{number}@house{number % 211}.example", language, zone, *about, "yes", "requester")


def _tie(connector: int, person: int) -> tuple[str, ...]:
    mixed = connector * 31 + person * 17
    return (
        f"p{connector}",
        f"p{person}",
        str(1 + mixed % 5),
        f"Worked together on {mixed % 997}",
        "2019",
        "2026-01-15",
    )


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main() -> int:
    kinds = sys.argv[1:] or ["sqlite", "postgres"]
    found = []
    with tempfile.TemporaryDirectory() as written:
        write_files(Path(written))
        for kind in kinds:
            with tempfile.TemporaryDirectory() as folder, place(kind) as database:
                for name in ("people.csv", "ties.csv"):
                    (Path(folder) / name).symlink_to(Path(written) / name)
                started, taken = time.monotonic(), measured(Path(folder), database)
                sys.stdout.write(f"{kind}, {time.monotonic() - started:.0f} s by the clock:\n{taken.said}\n")
            found += [
                Gate(f"G15 CPU seconds, {kind}", taken.seconds, SECONDS, hard=False),
                Gate(f"G15 MiB, {kind}", taken.mib, MIB, hard=False),
            ]
    sys.stdout.write("\n".join(each.line() for each in found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
