"""The core decides as it did when the golden page was last read. At each step of the golden lives."""

import pytest

from tests.models.exploration.decisions import decisions
from tests.models.exploration.golden_pages import is_in_step


@pytest.mark.docs
@pytest.mark.quick
def test_each_step_of_the_golden_lives_is_decided_as_it_was(request: pytest.FixtureRequest) -> None:
    is_in_step(request.config, "models/golden/decisions.txt", decisions)
