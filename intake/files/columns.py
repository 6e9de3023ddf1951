"""Columns of a file. The header found, its delimiter and its names understood in three languages."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice

from intake.fault_reports import Findings, UnknownTitles, Wrong, shown
from intake.files.sources import Source
from models import folding
from models.base import Frozen

DELIMITERS = ",;\t"
SEPARATOR_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # spreadsheets write it above the header
CONSENT_WORDS = re.compile(
    r"consen|opt ?in|permi(ss|so)|gdpr|rgpd|lgpd|autori|agree|acepta|aceita|accept|subscri|suscri|assina"
)


class Column(Frozen):
    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False


class Layout(Frozen):
    """Where the rows begin and what stands in each place of a row."""

    delimiter: str
    header_line: int
    places: tuple[str | None, ...]
    """The column's name for each place; None where the file has a column of its own."""
    titles: tuple[str, ...]
    """The header as written."""


def lay_out(
    source: Source,
    columns: Sequence[Column],
    findings: Findings,
    preamble: int = 2,
    told: Mapping[str, str] | None = None,
) -> Layout | None:
    """The header among the first lines, or None with the reasons in `findings`; `told`: which title is which column."""
    known = _known(columns, told or {})
    found = _header(source, known, preamble)
    if found is None:
        findings.fault(1, None, _no_header(source, columns))
        return None
    line, delimiter, titles = found
    places = tuple(known.get(fold(title)) for title in titles)
    layout = Layout(delimiter=delimiter, header_line=line, places=places, titles=titles)
    before = findings.fault_count
    _fault_header(layout, columns, source, findings)
    return None if findings.fault_count > before else layout


def fold(title: str) -> str:
    """One spelling for “E-mail”, “e_mail” and “EMAIL”, for “Título” and “titulo”."""
    letters = "".join(letter if letter.isalnum() else " " for letter in folding.fold(title))
    return " ".join(letters.split()).replace("e mail", "email")


def _header(source: Source, known: dict[str, str], preamble: int) -> tuple[int, str, tuple[str, ...]] | None:
    """The first line that names the most columns we know, and so its delimiter. Notes above it may name some too."""
    best: tuple[int, str, tuple[str, ...]] | None = None
    most = 0
    for number, line in _outside_quotes(source, preamble):
        for delimiter in DELIMITERS:
            titles = _split(line, delimiter)
            if _named(titles, known) > most:
                best, most = (number, delimiter, titles), _named(titles, known)
    return best


def unknown_titles(
    source: Source, columns: Sequence[Column], preamble: int, told: Mapping[str, str]
) -> UnknownTitles | None:
    """Where a needed column is not among the names: what the others are called, for somebody to say which is which."""
    known = _known(columns, told)
    found = _header(source, known, preamble)
    titles = found[2] if found else _widest_line(source, preamble)
    there = {known.get(fold(title)) for title in titles}
    wanted = [column for column in columns if column.name not in there]
    strange = tuple(title for title in titles if title and fold(title) not in known)
    needed = frozenset(column.name for column in wanted if column.required)
    if not needed or len(strange) < len(needed):
        return None
    return UnknownTitles(titles=strange, wanted=tuple(each.name for each in wanted), needed=needed)


def _known(columns: Sequence[Column], told: Mapping[str, str]) -> dict[str, str]:
    ours = {fold(alias): column.name for column in columns for alias in (column.name, *column.aliases)}
    return ours | {fold(title): name for title, name in told.items()}


def _widest_line(source: Source, preamble: int) -> tuple[str, ...]:
    """Where no line names a column: the one that may be the header all the same, since it has the most cells."""
    splits = (_split(line, each) for _, line in _outside_quotes(source, preamble) for each in DELIMITERS)
    return max(splits, key=len, default=())


def _outside_quotes(source: Source, preamble: int) -> Iterator[tuple[int, str]]:
    """The first lines with their numbers, without those inside a quoted paragraph, which is a note and no header."""
    is_inside = False
    for number, line in enumerate(islice(_first_lines(source), preamble), start=1):
        if not is_inside:
            yield number, line
        is_inside ^= line.count('"') % 2 == 1


def _first_lines(source: Source) -> Iterator[str]:
    for line in source.lines():
        too_long = len(line) > source.limits.record
        yield "" if too_long or SEPARATOR_LINE.fullmatch(line) else line


def _split(line: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return ()


def _named(titles: Sequence[str], known: dict[str, str]) -> int:
    return sum(fold(title) in known for title in titles)


def _no_header(source: Source, columns: Sequence[Column]) -> Wrong:
    start = shown(next(source.lines()).strip())
    wanted = ", ".join(column.name for column in columns)
    return Wrong(f"No line of column names was found; the file begins with “{start}”", f"Name the columns: {wanted}")


def _fault_header(layout: Layout, columns: Sequence[Column], source: Source, findings: Findings) -> None:
    line = layout.header_line
    if len(layout.places) > source.limits.columns:
        too_many = Wrong(f"The file has {len(layout.places)} columns", f"Keep at most {source.limits.columns}")
        findings.fault(line, None, too_many)
        return
    for column in columns:
        titles = [
            shown(title) for title, place in zip(layout.titles, layout.places, strict=True) if place == column.name
        ]
        if column.required and not titles:
            findings.fault(line, column.name, Wrong("This column is missing", f"Add a column named “{column.name}”"))
        if len(titles) > 1:
            twice = Wrong(f"This column stands there {len(titles)} times ({', '.join(titles)})", "Keep one of them")
            findings.fault(line, column.name, twice)
    _notice_ignored(layout, columns, findings)


def _notice_ignored(layout: Layout, columns: Sequence[Column], findings: Findings) -> None:
    """A column we do not know is passed over, and said, because it may be a slip of the pen."""
    for title, place in zip(layout.titles, layout.places, strict=True):
        if place is None and title:
            findings.notice(layout.header_line, shown(title), _ignored(title, columns))


def _ignored(title: str, columns: Sequence[Column]) -> Wrong:
    folded = fold(title)
    if CONSENT_WORDS.search(folded):
        return Wrong(
            "This column was passed over", "A file cannot agree to anything for a person: each is asked when it matters"
        )
    close = get_close_matches(folded, [column.name for column in columns], n=1)
    return Wrong(
        "This column was passed over", f"Did you mean “{close[0]}”?" if close else "It is not part of this format"
    )
