"""Chapters of docs/architecture.md made from the code: folders by their first lines, and who may import whom."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.docs.pages.identifiers import ROOT

MARK = (
    "<!-- written by `make docs` from here on: the folders as they describe themselves, and the contracts of "
    "pyproject.toml -->\n"
)


def page(head: str) -> str:
    """The whole page: what was written by hand, and below it what the code says."""
    return head.partition(MARK)[0] + MARK + _folders() + _contracts()


def _folders() -> str:
    rows = [f"| `{name}` | {_first_line(path)} |\n" for name, path in _described()]
    return "\n## The folders\n\n| where | what it says of itself |\n|---|---|\n" + "".join(rows)


def _described() -> Iterator[tuple[str, Path]]:
    """The roots by themselves, then each package of the product, down to two levels below its first."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    yield from ((f"{name}.py", ROOT / f"{name}.py") for name in told["py-modules"])
    for top in sorted({each.removesuffix("*") for each in told["packages"]["find"]["include"]}):
        for file in sorted((ROOT / top).rglob("__init__.py"), key=lambda file: file.parent.parts):
            folder = file.parent.relative_to(ROOT)
            if len(folder.parts) <= 3 and "migrations" not in folder.parts[:-1]:
                yield f"{folder}/", file


def _first_line(path: Path) -> str:
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return said.partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def _contracts() -> str:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    return "\n## Who may import whom\n\n`make imports` holds it.\n\n" + "".join(map(_contract, told))


def _contract(contract: dict[str, Any]) -> str:
    name = contract["name"]
    if contract["type"] == "layers":
        inside = f" inside {_names(contract['containers'])}" if "containers" in contract else ""
        layers = " → ".join(f"`{layer}`" for layer in contract["layers"])
        whole = "; a new one needs its place" if contract.get("exhaustive") else ""
        return f"- **{name}.** Each may import what stands behind it{inside}{whole}: {layers}\n"
    if contract["type"] == "forbidden":
        sources, others = _names(contract["source_modules"]), _names(contract["forbidden_modules"])
        return f"- **{name}.** {sources} never import {others}\n"
    if contract["type"] == "protected":
        within, who = _names(contract["protected_modules"]), _names(contract["allowed_importers"])
        return f"- **{name}.** {within} is imported by {who} alone\n"
    modules = contract.get("modules", contract.get("ancestors", []))
    return f"- **{name}.** {contract['type'].replace('_', ' ').capitalize()}: {_names(modules)}\n"


def _names(modules: list[str]) -> str:
    return ", ".join(f"`{module}`" for module in modules)
