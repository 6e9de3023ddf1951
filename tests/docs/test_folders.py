"""No folder holds more than a dozen files, so that what is in it can be taken in at one look."""

import subprocess
from collections import Counter
from pathlib import Path

from tests.docs.pages.identifiers import ROOT

DOZEN = 12
# One file for each of many of a kind: none of these is read as a whole.
OF_A_KIND = ("templates", "golden", "goldens", "decisions", "histories", "versions", "releases")


def test_no_folder_of_the_house_holds_more_than_a_dozen_files() -> None:
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [Path(line) for line in listed.splitlines()]
    counted = Counter(
        each.parent.as_posix() for each in files if each.name != "__init__.py" and not set(OF_A_KIND) & set(each.parts)
    )
    assert {folder: many for folder, many in counted.items() if many > DOZEN} == {}
