"""Pages of docs/ that are written from the code, kept in step with it. A test compares; `make docs` writes."""

from collections.abc import Callable
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs"

InStep = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-docs", action="store_true", help="write the generated pages of docs/ instead of comparing"
    )


def writes_docs(config: pytest.Config) -> bool:
    """Whether what is written from the code is to be written again, instead of compared."""
    return bool(config.getoption("--write-docs"))


@pytest.fixture
def in_step(request: pytest.FixtureRequest) -> InStep:
    """`in_step("process.md", text)`: the page holds this text. Mark the test `docs`, so that `make docs` finds it."""
    writes = writes_docs(request.config)

    def compare(page: str, text: str) -> None:
        file = DOCS / page
        if writes:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        assert file.exists(), f"docs/{page} is missing: run `make docs`"
        assert file.read_text(encoding="utf-8") == text, f"docs/{page} is out of step with the code: run `make docs`"

    return compare
