"""The page of the process says what the core does."""

from pathlib import Path

import pytest

from models.process.verdict import Reason
from tests.docs.pages.process_page import MARK, WHY, page
from tests.support.run.docs_in_step import DOCS, InStep

# The first of them explores every opening, which takes minutes beside other work.
pytestmark = pytest.mark.timeout(900)


@pytest.mark.docs
def test_the_process_page_is_in_step_with_the_core(in_step: InStep) -> None:
    head = Path(DOCS, "process.md").read_text(encoding="utf-8")
    assert MARK in head
    in_step("process.md", page(head))


def test_every_reason_has_words() -> None:
    # A broken link, and what the answer itself lacks.
    never_alone = {Reason.UNDONE, Reason.UNKNOWN_ASK, Reason.SENTENCE_NEEDED, Reason.VOUCH_NEEDED}
    assert set(WHY) == set(Reason) - never_alone
