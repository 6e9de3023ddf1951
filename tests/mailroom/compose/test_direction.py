"""Names written from right to left keep their place in Subjects, senders' names and text parts."""

import pytest

from mailroom.compose.composition import compose
from mailroom.compose.views import AskTarget, Named
from tests.letters.samples import samples

LETTERS = {name: view for name, view in samples("en") if isinstance(view, AskTarget)}


@pytest.mark.parametrize("name", ["محمد علي", "דוד לוי"])
def test_a_name_from_right_to_left_stands_between_isolates(name: str) -> None:
    told = {"requester": Named.model_validate(name), "connector": Named.model_validate(name)}
    view = LETTERS["ask_target/first"].model_copy(update=told)
    letter, isolated = compose(view), f"\u2068{name}\u2069"
    assert letter.subject == f"{isolated} would like to introduce {isolated} to you"
    assert f"{isolated} would like you to meet {isolated} (" in letter.text
    assert f"<bdi>{name}</bdi>" in letter.html
    assert view.from_name == f"{isolated} via Spring Batch"


def test_nothing_is_isolated_where_nothing_runs_from_right_to_left() -> None:
    for view in LETTERS.values():
        letter = compose(view)
        assert "\u2068" not in letter.subject + letter.text + view.from_name
