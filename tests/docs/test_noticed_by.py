"""The map of the tests: docs/measured/tests.md is in step, and there is a test for every file."""

import pytest

from tests.docs.pages.noticed_by import ELSEWHERE, ROOT, noticed, page
from tests.support.run.docs_in_step import InStep


@pytest.mark.docs
def test_the_page_of_the_tests_is_in_step_with_the_files(in_step: InStep) -> None:
    in_step("measured/tests.md", page())


def test_every_file_has_a_test() -> None:
    untested = [each.file for each in noticed() if not each.tests]
    assert not untested, "write one, or name it in ELSEWHERE of tests/docs/pages/noticed_by.py"


def test_every_test_that_is_named_is_there() -> None:
    named = {test for each in noticed() for test in each.tests}
    assert not [test for test in sorted(named) if not (ROOT / test).exists()]


def test_what_is_named_by_hand_is_there() -> None:
    assert not [pattern for pattern in ELSEWHERE if not list(ROOT.glob(pattern))]
