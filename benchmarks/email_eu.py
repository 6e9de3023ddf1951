"""A real network to import. The email-Eu-core graph, turned into people.csv and ties.csv.

The graph is who wrote to whom in a research institution, with a department for each (SNAP, email-Eu-core). It is given
as a folder and never copied: names, addresses and all else written here are made up, the same for the same id.

A row in ties.csv says that somebody wrote to somebody. How strong such a tie is:

    1  no answer, fewer than 10 correspondents in common        3  answered, fewer than 10 in common
    2  no answer, 10 or more in common                          4  answered, 10 to 19 in common
                                                                5  answered, 20 or more in common
"""

import argparse
import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from models.letters import LANGUAGES

FOLDER = Path(__file__).parents[1] / ".." / "shared" / "data"
GRAPH, LABELS = "email-Eu-core.txt", "email-Eu-core-department-labels.txt"

GIVEN = {
    "en": (
        "Ada Alice Amir Beth Carl Chloe Daniel Edith Frank Grace Henry Irene James Kate Liam Mona Nora Omar "
        "Paul Ruth Sean Tessa Victor Wendy"
    ),
    "es": (
        "Adela Álvaro Beatriz Carlos Clara Diego Elena Fermín Gloria Héctor Inés Jaime Lucía Mateo Noelia "
        "Óscar Pilar Raúl Sofía Tomás Úrsula Vicente Ximena Zoilo"
    ),
    "pt": (
        "Afonso Beatriz Caio Conceição Davi Eduarda Fábio Gabriela Heitor Isadora João Lívia Márcio Nádia "
        "Otávio Patrícia Quitéria Rafael Simão Tainá Ubirajara Valéria Wagner Yara"
    ),
}
FAMILY = {
    "en": (
        "Abbott Barlow Carver Dalton Ellery Farrow Garrick Holloway Ingram Jarvis Kendall Lockwood Merton "
        "Norwood Osborne Prescott Quill Redfern Sterling Thorne Underhill Vance Whitlock Yardley"
    ),
    "es": (
        "Aguirre Barrios Cárdenas Domínguez Echeverría Fuentes Galván Herrera Ibáñez Juárez Linares Montoya "
        "Núñez Olmedo Peña Quiroga Rivas Salcedo Tejada Ureña Valdés Yáñez Zamora Zúñiga"
    ),
    "pt": (
        "Almeida Barroso Carvalho Damasceno Esteves Figueiredo Gouveia Henriques Leitão Macedo Noronha Paixão "
        "Queirós Rebelo Sampaio Teixeira Uchoa Vasconcelos Xavier Assunção Brandão Falcão Magalhães Simões"
    ),
}
ZONES = {
    "en": ("Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Kolkata"),
    "es": ("Europe/Madrid", "America/Mexico_City", "America/Bogota", "America/Argentina/Buenos_Aires"),
    "pt": ("America/Sao_Paulo", "Europe/Lisbon", "America/Manaus"),
}
TOPICS = {
    "en": ("statistics", "genetics", "materials", "teaching", "energy", "robotics", "health policy"),
    "es": ("estadística", "genética", "materiales", "docencia", "energía", "robótica", "política sanitaria"),
    "pt": ("estatística", "genética", "materiais", "ensino", "energia", "robótica", "política de saúde"),
}
HEADLINES = {
    "en": "Researcher, department {}",
    "es": "Investigación, departamento {}",
    "pt": "Pesquisa, departamento {}",
}
SAME, OTHER = "Colleagues in department {}", "Worked together across departments {} and {}"

PEOPLE_HEADER = ("ref", "name", "email", "language", "zone", "headline", "topics", "listed", "roles")
TIES_HEADER = ("connector", "person", "strength", "evidence", "since", "confirmed")
CONFIRMED_WITHIN = 90  # days: fresh under every policy that ships


class Network(NamedTuple):
    departments: dict[int, int]
    wrote: set[tuple[int, int]]
    """Who wrote to whom; letters to oneself left out."""


def read_network(folder: Path) -> Network:
    departments = dict(_pairs(folder / LABELS))
    return Network(departments, {(writer, reader) for writer, reader in _pairs(folder / GRAPH) if writer != reader})


def write_files(network: Network, out: Path, today: date) -> None:
    out.mkdir(parents=True, exist_ok=True)
    _write(out / "people.csv", PEOPLE_HEADER, people(network))
    _write(out / "ties.csv", TIES_HEADER, ties(network, today))


def people(network: Network) -> Iterator[tuple[str, ...]]:
    for number, department in sorted(network.departments.items()):
        language = language_of(number)
        zones, topics = ZONES[language], TOPICS[language]
        yield (
            ref(number),
            name_of(number),
            f"{ref(number)}@dept{department}.example",
            language,
            zones[number // 3 % len(zones)],
            HEADLINES[language].format(department),
            ";".join(sorted({topics[department % 7], topics[number % 7]})),
            "yes" if is_listed(number) else "no",
            "requester",
        )


def ties(network: Network, today: date) -> Iterator[tuple[str, ...]]:
    known = _correspondents(network)
    for writer, reader in sorted(network.wrote):
        in_common = len(known[writer] & known[reader])
        mixed = writer * 31 + reader * 17
        yield (
            ref(writer),
            ref(reader),
            str(strength(in_common, answered=(reader, writer) in network.wrote)),
            _evidence(network.departments[writer], network.departments[reader]),
            str(2012 + mixed % 12),
            (today - timedelta(days=mixed % CONFIRMED_WITHIN)).isoformat(),
        )


def strength(in_common: int, *, answered: bool) -> int:
    if not answered:
        return 1 if in_common < 10 else 2
    return 3 + (in_common >= 10) + (in_common >= 20)


def is_listed(number: int) -> bool:
    return number % 7 != 6


def ref(number: int) -> str:
    return f"p{number}"


def language_of(number: int) -> str:
    return LANGUAGES[number % 3]


def name_of(number: int) -> str:
    """Given and family name move on at different speeds, so that no two of the first 1,728 people share both."""
    language, turn = language_of(number), number // 3
    given, family = GIVEN[language].split(), FAMILY[language].split()
    names = [given[turn % 24], family[(turn // 24 + turn) % 24]]
    if language == "es":
        names.append(family[(turn * 7 + 5) % 24])
    return " ".join(names)


def _evidence(mine: int, theirs: int) -> str:
    return SAME.format(mine) if mine == theirs else OTHER.format(mine, theirs)


def _correspondents(network: Network) -> dict[int, set[int]]:
    known: dict[int, set[int]] = {number: set() for number in network.departments}
    for writer, reader in network.wrote:
        known[writer].add(reader)
        known[reader].add(writer)
    return known


def _pairs(path: Path) -> Iterator[tuple[int, int]]:
    with path.open(encoding="ascii") as file:
        for line in file:
            first, second = line.split()
            yield int(first), int(second)


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Turn the email-Eu-core graph into people.csv and ties.csv.")
    parser.add_argument("data", type=Path, nargs="?", default=FOLDER, help=f"folder with {GRAPH} and {LABELS}")
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    parser.add_argument(
        "--today",
        type=date.fromisoformat,
        default=datetime.now(UTC).date(),
        help="ties are confirmed in the ninety days before",
    )
    given = parser.parse_args()
    missing = [name for name in (GRAPH, LABELS) if not (given.data / name).is_file()]
    if missing:
        parser.error(f"{given.data} holds no {' and no '.join(missing)}")
    write_files(read_network(given.data), given.out, given.today)


if __name__ == "__main__":
    main()
