"""What people are called: by their given name where it is surely that, else by their whole name."""

import pytest

from store.people.names.first_names import first_name


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Rosa Prieto", "Rosa"),
        ("João da Silva", "João"),
        ("Jean-Luc Moreau", "Jean-Luc"),
        ("Ludwig van Beethoven", "Ludwig"),
        ("Ana Souza", "Ana"),
        ("Łukasz Wójcik", "Łukasz"),
        ("Nadia Haddad Cruz", "Nadia"),
    ],
)
def test_a_given_name_that_stands_first_is_what_somebody_is_called(name: str, called: str) -> None:
    assert first_name(name) == called


@pytest.mark.parametrize(
    "name",
    [
        "Cher",
        "Dr. Ada Byron",
        "J. R. Ewing",
        "María José Pérez",
        "Ana Paula Reis",
        "Nguyen Van An",
        "Kim Min-jun",
        "Abdul Rahman",
        "Prieto, Rosa",
        "Rosa & Carl",
        "田中 花子",
        "محمد علي",
        "דוד לוי",
        "Ольга Иванова",
        "",
    ],
)
def test_a_name_that_cannot_be_split_stays_whole(name: str) -> None:
    assert first_name(name) == name
