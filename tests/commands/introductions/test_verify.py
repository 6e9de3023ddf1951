"""What a letter rests on, at the command line: each event in a sentence that names somebody."""

from typing import get_args

import pytest

from commands.introductions.verify import RESTS_ON, because
from models.record.warmth import ChainLink
from tests.cast import MONDAY, ROSA

KINDS = get_args(ChainLink.model_fields["what"].annotation)


@pytest.mark.parametrize("what", KINDS)
def test_who_was_forgotten_is_somebody_all_the_same(what: str) -> None:
    link = ChainLink.model_validate({"seq": 3, "at": MONDAY, "what": what, "person": ROSA.id, "version": 1})
    named, forgotten = because(link, {ROSA.id: ROSA.name}), because(link, {ROSA.id: ""})
    assert forgotten == named.replace(ROSA.name, "somebody who was forgotten")
    assert ("{who}" in RESTS_ON[what]) == (ROSA.name in named)
