"""Words for letters: where one arrived is said as it is."""

import pytest

from mailroom.transport.mail_page import ARRIVED
from models.asks import Ask, AskKind
from models.letters import Role
from telling.stage_words import state_of
from telling.story import asked_of
from tests.cast import MONDAY, ROSA


def test_without_a_relay_a_letter_arrives_on_the_mail_page() -> None:
    assert state_of("accepted", ARRIVED) == "on the mail page"
    assert state_of("accepted", "250 OK") == "arrived at the relay"
    assert state_of("failed", None) == "failed"


@pytest.mark.parametrize("on_page", [True, False])
def test_a_question_that_no_letter_carries_is_told_as_on_a_page(on_page: bool) -> None:
    facts = {
        "number": 1,
        "kind": AskKind.WRITTEN,
        "role": Role.REQUESTER,
        "person": ROSA.id,
        "zone": "UTC",
        "version": 1,
    }
    ask = Ask.model_validate(facts | {"opened_at": MONDAY, "due_at": MONDAY, "on_page": on_page})
    assert ("on their own page" in asked_of(ask)) == on_page
