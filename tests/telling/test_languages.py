"""Everybody is spoken to in their own language, by their own clock, with nothing left untranslated."""

import pytest

from models.letters import LANGUAGES
from models.process.verdict import Reason
from telling import catalogues, refusals
from telling.languages import Reader, chosen_language, one_of, said, spanish_and


@pytest.mark.quick
def test_every_text_of_every_page_is_said_in_every_language() -> None:
    assert catalogues.gaps() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_words(language: str) -> None:
    assert len({said(refusals.WORDS[reason], language) for reason in Reason}) == len(Reason)


@pytest.mark.parametrize(
    ("own", "asked", "chosen"),
    [
        ("pt", "es", "pt"),
        (None, "es-MX,es;q=0.9,en;q=0.8", "es"),
        (None, "fr, pt-BR;q=0.7, en;q=0.3", "pt"),
        (None, "en;q=0.1, es;q=0", "en"),
        (None, "de, fr", "en"),
        (None, "", "en"),
        (None, None, "en"),
        ("xx", "es", "es"),
        (None, "es;q=nonsense,,;;,pt;q=0.5", "pt"),
        (None, "x" * 10_000, "en"),
    ],
)
def test_the_language_is_the_persons_own_else_what_their_browser_asks_for(
    own: str | None, asked: str | None, chosen: str
) -> None:
    assert chosen_language(own, asked) == chosen


def test_things_are_listed_as_one_says_it() -> None:
    assert one_of(["Ana", "Rui", "Tomoko"], Reader("pt")) == "Ana, Rui e Tomoko"


@pytest.mark.quick
@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Ingrid Berg", "e"),
        ("Íñigo", "e"),
        ("Hilda", "e"),
        ("hijas", "e"),
        ("Yves", "e"),
        ("<bdi>Irene</bdi>", "e"),
        ("Tomoko", "y"),
        ("Hielo", "y"),
        ("Ian", "y"),
        ("Yago", "y"),
        ("Helga", "y"),
        ("", "y"),
    ],
)
def test_spanish_says_e_before_a_name_that_sounds_like_i(name: str, word: str) -> None:
    assert spanish_and(name) == word
    asked = said("Would you introduce %(requester)s to %(target)s?", "es", requester="Nadia", target=name)
    assert asked == f"¿Presentarías a Nadia {word} {name}?"
    assert one_of(["Nadia", name], Reader("es")) == f"Nadia {word} {name}"
