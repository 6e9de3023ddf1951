"""docs/api.md names every refusal that there is, and each is said in words."""

from pathlib import Path

import pytest

from models.letters import LANGUAGES
from models.request.faults import Fault, FaultName
from telling.languages import Reader
from telling.request_faults import said_of
from web.shared.http.problems import TITLES

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*FaultName, *TITLES])
def test_each_refusal_is_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FaultName)
def test_each_fault_is_said_in_each_language(name: FaultName, language: str) -> None:
    from tests.cast import MONDAY

    fault = Fault(name=name, field="requester", found=3, limit=2, at=MONDAY, words="[Name]")
    said = said_of(fault, Reader(language, "Europe/Madrid"))
    assert said.endswith(".")
    assert "%(" not in said
    assert language == "en" or said != said_of(fault, Reader("en", "Europe/Madrid"))
