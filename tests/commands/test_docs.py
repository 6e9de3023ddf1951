"""The pages about the command: all commands described, none that does not exist, and links that lead somewhere."""

import re

import typer

from cli import app
from tests.commands.terminal import ROOT

OPERATING = ROOT / "docs" / "operating.md"
PAGES = (ROOT / "README.md", OPERATING, ROOT / "docs" / "running" / "settings.md")


def commands() -> dict[str, set[str]]:
    """Each word of the command, and the words that may follow it."""
    group = typer.main.get_group(app)
    return {name: set(getattr(command, "commands", ())) for name, command in group.commands.items()}


def test_every_command_is_described() -> None:
    text = OPERATING.read_text()
    undescribed = [name for name in commands() if not re.search(rf"[`$ ]{name}\b", text)]
    assert undescribed == []


def test_what_is_described_can_be_typed() -> None:
    known = commands()
    for page in PAGES:
        for first, second in re.findall(
            r"(?:^\$ |`)introbroker ([a-z-]+)(?: ([a-z]+))?", page.read_text(), re.MULTILINE
        ):
            assert first in known, f"{page.name}: introbroker {first}"
            assert not known[first] or second in known[first], f"{page.name}: introbroker {first} {second}"


def test_every_link_leads_somewhere() -> None:
    for page in PAGES:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_target_named_on_the_first_page_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", (ROOT / "README.md").read_text())) <= targets
