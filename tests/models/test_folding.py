"""A name is found however it is typed: without accents, in capitals, with the sigma of another place in a word."""

import unicodedata

import pytest

from models.folding import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Östlund", "ostlund"),
        ("ÖSTLUND", "östlund"),
        ("Strauß", "STRAUSS"),
        ("Σοφία", "ΣΟΦΊΑ"),
        ("Νίκος", "ΝΙΚΟΣ"),
        ("Núñez", unicodedata.normalize("NFD", "Núñez")),
        ("İpek", "ipek"),
        ("Ｒosa", "rosa"),
    ],
)
def test_two_spellings_of_one_name_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert fold(fold(one)) == fold(one)


def test_other_names_stay_others() -> None:
    assert len({fold(name) for name in ("Ostlund", "Estlund", "Straus", "Strauss")}) == 4
