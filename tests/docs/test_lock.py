"""The lock names every package by its hash, and no place to fetch it from."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text()
ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)==\S+", re.MULTILINE)


def test_the_lock_holds_no_address() -> None:
    assert not re.search(r"\w+://|^-", LOCK, re.MULTILINE)


def test_every_package_is_named_by_its_hash() -> None:
    entries = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_package_asked_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(name for extra in project["project"]["optional-dependencies"].values() for name in extra),
        *project["dependency-groups"]["dev"],
    ]
    names = {re.split(r"[\[<>=; ]", requirement)[0].lower() for requirement in asked}
    assert names <= set(ENTRY.findall(LOCK)), "run `make lock`"
