"""The table of texts in docs/privacy.md, made from tests/docs/pages/texts.toml: who wrote each, and who reads it."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from models.request.guidance.readers import READERS

Reader = Literal["requester", "connector", "target", "staff", "members"]
MARK = "<!-- written by `make docs` from here on, out of texts.toml -->\n"
HEAD = """
## What is written, and who reads it

Every text a person writes, and nobody else than these reads it; its writer always may. Where it is typed, the page says
so in their language before they send it. Tests compare this with the tables, the forms and the API, and follow a mark
in each text through every letter, page, copy and answer.

| what | who writes it | who reads it | when |
|---|---|---|---|
"""


class WrittenText(BaseModel):
    """One kind of text. `says`: by page, the sentences by which it names the readers."""

    model_config = ConfigDict(extra="forbid")

    what: str
    kept: tuple[str, ...]
    by: str
    readers: tuple[Reader, ...]
    when: str
    typed: tuple[str, ...]
    shown: dict[str, str]
    says: dict[str, tuple[str, ...]]


@cache
def texts() -> dict[str, WrittenText]:
    told = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))
    return {name: WrittenText.model_validate(_with_readers(text)) for name, text in told.items()}


def _with_readers(text: dict[str, Any]) -> dict[str, Any]:
    """Of the texts of a request the product's own table says who reads them."""
    if "readers" in text:
        return text
    (readers,) = {READERS[kept.removeprefix("words.")] for kept in text["kept"]}
    return text | {"readers": readers}


def page(head: str) -> str:
    """What stands before the mark, and the table after it."""
    rows = "".join(
        f"| {each.what} | {each.by} | {', '.join(each.readers)} | {each.when} |\n" for each in texts().values()
    )
    return head.partition(MARK)[0] + MARK + HEAD + rows
