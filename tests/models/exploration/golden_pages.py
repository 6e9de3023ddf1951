"""Golden pages of what the core decides. `make docs` writes them; read the difference, commit it with the change."""

from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from pathlib import Path

import pytest

from tests.models.exploration.lives import LIVES
from tests.support.play import Play
from tests.support.run.docs_in_step import writes_docs

TESTS = Path(__file__).parents[2]

Page = Callable[[], Iterable[str]]


def is_in_step(config: pytest.Config, name: str, page: Page) -> None:
    """The page is as it was when somebody last read it; or it is written again."""
    if writes_docs(config):
        (TESTS / name).write_text("".join(f"{line}\n" for line in page()), encoding="utf-8")
    compare(name, page)


def compare(name: str, page: Page) -> None:
    """Fails at the first line that differs: the rest is not even worked out."""
    kept, life = (TESTS / name).read_text(encoding="utf-8").splitlines(), ""
    for was, line in zip_longest(kept, page()):
        life = line if line and line.startswith("## ") else life
        if line != was:  # no assert: to explain how two long lines differ takes longer than the whole test
            pytest.fail(f"{life}: if this is meant, run `make docs`.\nwas: {was}\nis:  {line}")


def of_each_life(tell: Callable[[Play], Iterable[str]]) -> Iterator[str]:
    for name, life in LIVES.items():
        yield f"## {name}"
        yield from tell(life.lived())
