"""Lines on which fields of a TOML text stand. The reader of the standard library does not say."""

import re

_TABLE = re.compile(r"^\s*\[\s*([\w.\- ]+?)\s*\]")
_MEMBER = re.compile(r"^\s*\[\[\s*([\w.\- ]+?)\s*\]\]")
_KEY = re.compile(r"^\s*([\w.\-]+)\s*=")


def line_of(text: str, path: tuple[str, ...]) -> int:
    """The line of this field, else of the table it belongs to, else the first; lines count from 1."""
    lines = _lines(text)
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


def _lines(text: str) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _MEMBER.match(line):  # [[request.questions]]: each is one more of a list
            name = tuple(part.strip() for part in header[1].split("."))
            table = (*name, str(sum(each[:-1] == name and each[-1].isdigit() for each in found)))
            found.setdefault(name, number)
            found.setdefault(table, number)
        elif header := _TABLE.match(line):
            table = tuple(part.strip() for part in header[1].split("."))
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, *key[1].split(".")), number)
    return found
