"""Everybody is spoken to in their own language, by their own clock, with nothing left untranslated."""

from datetime import UTC, datetime, timedelta

import pytest

from models.letters import LANGUAGES
from models.process.verdict import Reason
from telling import catalogues, refusals
from telling.languages import (
    Reader,
    chosen_language,
    how_far,
    how_long,
    long_day,
    long_moment,
    one_of,
    said,
    spanish_and,
    zone_name,
)

AT = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


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


def test_an_instant_is_said_where_the_reader_lives() -> None:
    assert long_moment(AT, Reader("en", "Asia/Tokyo")) == "Monday 2 March, 08:30"
    assert long_moment(AT, Reader("es", "Europe/Madrid")) == "lunes 2 de marzo, 00:30"
    assert long_moment(AT, Reader("pt", "America/Sao_Paulo")) == "domingo, 1 de março, 20:30"
    assert long_day(AT, Reader("pt", "Asia/Tokyo")) == "2 de março de 2026"


@pytest.mark.parametrize(
    ("away", "en", "es", "pt"),
    [
        (timedelta(seconds=24), "in 24 seconds", "dentro de 24 segundos", "em 24 segundos"),
        (timedelta(minutes=10), "in 10 minutes", "dentro de 10 minutos", "em 10 minutos"),
        (timedelta(days=3), "in 3 days", "dentro de 3 días", "em 3 dias"),
    ],
)
def test_how_far_away_an_instant_is(away: timedelta, en: str, es: str, pt: str) -> None:
    assert [how_far(AT + away, AT, Reader(language)) for language in LANGUAGES] == [en, es, pt]


def test_durations_lists_and_places() -> None:
    assert how_long(5, Reader("es")) == "5 segundos"
    said = [how_long(days * 86_400, Reader("pt")) for days in (1 / 24, 1, 10, 14, 30, 150)]
    assert said == ["1 hora", "1 dia", "10 dias", "2 semanas", "1 mês", "5 meses"]
    said = [how_long(days * 86_400, Reader("en")) for days in (1.5, 2, 10, 14, 24, 90, 150)]
    assert said == ["36 hours", "2 days", "10 days", "2 weeks", "24 days", "3 months", "5 months"]
    assert one_of(["Ana", "Rui", "Tomoko"], Reader("pt")) == "Ana, Rui e Tomoko"
    assert [zone_name(Reader(language, "Europe/Lisbon")) for language in LANGUAGES] == ["Lisbon", "Lisboa", "Lisboa"]
    assert zone_name(Reader("en", "UTC")) == "UTC"


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
