"""Each person is told what the golden page says, and kept from the rest by the same things."""

import pytest

from tests.models.exploration.golden_pages import is_in_step
from tests.store.letters.letters_started import letters_started


@pytest.mark.docs
def test_each_letter_says_and_is_stopped_by_what_it_was(request: pytest.FixtureRequest) -> None:
    is_in_step(request.config, "mailroom/golden/letters_started.txt", letters_started)
