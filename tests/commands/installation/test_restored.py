"""`introbroker restored`: an operator's word that nothing leaves, what would, and the word that it may."""

from embedded.folder import prepare
from mailroom.age_kept import AGE, AgeKept
from tests.commands.terminal import Terminal


def test_letters_are_held_and_let_go_on_an_operators_word(sample: Terminal) -> None:
    assert "No letters are held" in sample.type("restored").out
    refused = sample.type("restored", "--go")
    assert (refused.code, "nothing to let go" in refused.err) == (1, True)
    held = sample.type("restored", "--hold")
    assert "All letters are held since" in held.out
    assert "somebody said so" in held.out
    assert found(sample) == ["See what would leave, and let it go: introbroker restored"]
    assert sample.type("restored", "--go").code == 0
    assert found(sample) == []


def test_the_doctor_sees_that_the_database_is_older_than_the_folder_knows(sample: Terminal) -> None:
    AgeKept(prepare(sample.data) / AGE).keep(12)
    assert found(sample) == ["See what would leave, and let it go: introbroker restored"]


def found(terminal: Terminal) -> list[str]:
    """What the doctor says to do about letters."""
    told = terminal.type("doctor", "--json").json
    return [each["do"] for each in told if each["about"] == "letters"]
