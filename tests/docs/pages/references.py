"""References: numbers of rules, files and decisions that text of the repository points to, with where they stand."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.docs.pages.identifiers import ROOT, files, parsed

PROSE = {".md", ".toml", ".html", ".css", ".js", ".yml", ""}
NUMBER = re.compile(r"(?<![\w%!+#&;'=./-])([SLAFBNG](?:\d{1,2}|100)[ab]?)(?![\w(%])")
SPAN = re.compile(r"(?<![\w%!+#&;'=./-])([SLAFBNG])(\d{1,2})(?: to |–|-)\1(\d{1,3})\b")
FILE = re.compile(r"(?<![\w/.*{<$~:@-])((?:[\w.-]+/)*[\w-]+\.(?:py|md|toml|html|css|js|po))(?![\w/*])")
ROOMS = (
    "activities|calendars|commands|embedded|images|intake|letters|mailroom|models|policies|settings|store|telling|web"
    "|workflows"
)
ROOTS = "cli|loopback|mailer|server|worker"
DOTTED = re.compile(rf"`((?:{ROOMS}|{ROOTS})(?!\.(?:py|toml)`)(?:\.\w+)+)(?:\(\))?`")
FOLDER = re.compile(rf"`((?:{ROOMS}|benchmarks|docs|tests)/(?:\w+/)*\w*)`")
NAME = re.compile(r"`([A-Za-z_]\w*(?:\.\w+)*)(?:\(\))?`")
DECISION = re.compile(r"\bdecisions? (\d{4})\b|\bADR[- ](\d+)\b")
ELSEWHERE = re.compile(r"\b(?:issue|ticket|case) #?\d+\b", re.IGNORECASE)


RULE = re.compile(r"[SLAFBNG]\d+[ab]? \w")  # the name of a rule or of a goal, in the code


class Text(NamedTuple):
    file: str
    line: int
    text: str

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"


@cache
def texts() -> tuple[Text, ...]:
    """What is written for readers: documents line by line, comments, docstrings and the names of rules in the code."""
    return tuple(text for path in our_files() for text in _texts_of(path))


def numbers_in(text: str) -> Iterator[str]:
    """Each number of a rule that is meant, those between the two of a span among them."""
    for letter, first, last in SPAN.findall(text):
        yield from (f"{letter}{each}" for each in range(int(first), int(last) + 1))
    yield from NUMBER.findall(text)


@cache
def our_files() -> tuple[Path, ...]:
    """What the repository holds, without what is hidden, what others wrote and what a machine recorded."""
    return tuple(path for path in files() if not _is_theirs(path.relative_to(ROOT)))


def _is_theirs(path: Path) -> bool:
    return bool({"vendor", "histories"} & set(path.parts)) or path.name in ("LICENSE", "requirements.lock")


def _texts_of(path: Path) -> Iterator[Text]:
    file = str(path.relative_to(ROOT))
    if path.suffix == ".py":
        yield from (Text(file, line, text) for line, text in _of_code(path))
    elif path.suffix in PROSE:
        lines = path.read_text(encoding="utf-8").splitlines()
        yield from (Text(file, line, text) for line, text in enumerate(lines, 1))


def _of_code(path: Path) -> Iterator[tuple[int, str]]:
    source = path.read_text(encoding="utf-8")
    if not _points(source):
        return  # reading them apart takes long
    if _points("\n".join(line.partition("#")[2] for line in source.splitlines())):
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if node.body and (said := ast.get_docstring(node)):
                yield node.body[0].lineno, said
        elif isinstance(node, ast.Constant) and RULE.match(str(node.value)):
            yield node.lineno, str(node.value)


def _points(text: str) -> bool:
    return any(pattern.search(text) for pattern in (NUMBER, FILE, DECISION, ELSEWHERE, FOLDER, NAME))
