"""Each page shows what it showed when its golden was last read, and no more."""

import pytest

from tests.models.exploration.golden_pages import is_in_step
from tests.store.asks.pages_shown import pages_shown


@pytest.mark.docs
def test_each_page_shows_what_it_did_and_no_more(request: pytest.FixtureRequest) -> None:
    is_in_step(request.config, "store/golden/pages_shown.txt", pages_shown)
