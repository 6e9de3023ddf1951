"""Dates that a reader understands. In their language, their zone, in days and in minutes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.letters import LANGUAGES
from telling.dates import by, clock_of, day, how_far, how_long, long_day, long_moment, on, since, zone_name
from telling.languages import Reader

AT = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 14, 22, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "by Friday 6 March, 17:00 (Lisbon time)"),
        ("es", "antes del viernes 6 de marzo a las 17:00 (hora de Lisboa)"),
        ("pt", "até sexta-feira, 6 de março, às 17:00 (horário de Lisboa)"),
    ],
)
def test_a_deadline_in_days_names_the_day_and_the_clock(language: str, said: str) -> None:
    assert by(datetime(2026, 3, 6, 17, tzinfo=UTC), NOW, "Europe/Lisbon", language) == said


@pytest.mark.parametrize(
    ("left", "language", "said"),
    [
        (timedelta(minutes=10), "en", "within 10 minutes (by 14:32, UTC)"),
        (timedelta(minutes=9, seconds=57), "en", "within 10 minutes (by 14:31, UTC)"),
        (timedelta(seconds=30), "en", "within 30 seconds (by 14:22, UTC)"),
        (timedelta(minutes=90), "en", "within 90 minutes (by 15:52, UTC)"),
        (timedelta(minutes=10), "es", "en los próximos 10 minutos (antes de las 14:32, UTC)"),
        (timedelta(seconds=1), "es", "en el próximo 1 segundo (antes de las 14:22, UTC)"),
        (timedelta(minutes=10), "pt", "nos próximos 10 minutos (até às 14:32, UTC)"),
    ],
)
def test_a_deadline_in_minutes_says_how_long_and_until_when(left: timedelta, language: str, said: str) -> None:
    assert by(NOW + left, NOW, "UTC", language) == said


def test_a_deadline_is_said_in_the_readers_zone() -> None:
    due = datetime(2026, 3, 6, 23, tzinfo=UTC)
    assert by(due, NOW, "Asia/Tokyo", "en") == "by Saturday 7 March, 08:00 (Tokyo time)"
    assert by(due, NOW, "America/Sao_Paulo", "pt") == "até sexta-feira, 6 de março, às 20:00 (horário de São Paulo)"


def test_summer_time_is_the_readers() -> None:
    assert by(datetime(2026, 3, 30, 8, tzinfo=UTC), NOW, "Europe/Madrid", "es").startswith(
        "antes del lunes 30 de marzo a las 10"
    )


def test_one_o_clock_is_one_hour() -> None:
    due = datetime(2026, 3, 6, 1, 5, tzinfo=UTC)
    assert "antes de la 01:05" in by(due, due - timedelta(minutes=10), "UTC", "es")
    assert "6 de marzo a la 01:05" in by(due, NOW, "UTC", "es")
    assert "até à 01:05" in by(due, due - timedelta(minutes=10), "UTC", "pt")
    assert "6 de março, à 01:05" in by(due, NOW, "UTC", "pt")


def test_the_first_of_a_month_is_said_as_people_say_it() -> None:
    assert day(AT, NOW, "UTC", "pt") == "domingo, 1º de março"
    assert long_day(datetime(2027, 1, 1, tzinfo=UTC), Reader("pt", "UTC")) == "1º de janeiro de 2027"
    assert long_day(datetime(2027, 1, 11, tzinfo=UTC), Reader("pt", "UTC")) == "11 de janeiro de 2027"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "4 January 2027"), ("es", "4 de enero de 2027"), ("pt", "4 de janeiro de 2027")]
)
def test_another_year_is_named(language: str, said: str) -> None:
    assert said in by(datetime(2027, 1, 4, tzinfo=UTC), NOW, "UTC", language)


def test_a_deadline_that_has_passed_is_still_a_day() -> None:
    assert by(NOW - timedelta(minutes=5), NOW, "UTC", "en") == "by Monday 2 March, 14:17 (UTC)"


@pytest.mark.parametrize(
    ("of_march", "language", "said"),
    [
        (2, "en", "today"),
        (2, "es", "hoy"),
        (2, "pt", "hoje"),
        (6, "en", "on Friday 6 March"),
        (6, "es", "el viernes 6 de marzo"),
        (6, "pt", "na sexta-feira, 6 de março"),
        (7, "pt", "no sábado, 7 de março"),
    ],
)
def test_a_day_is_named(of_march: int, language: str, said: str) -> None:
    assert on(datetime(2026, 3, of_march, 12, tzinfo=UTC), NOW, "UTC", language) == said


def test_today_is_the_readers_today() -> None:
    late = datetime(2026, 3, 2, 20, tzinfo=UTC)
    assert on(late, NOW, "Europe/Madrid", "en") == "today"
    assert on(late, NOW, "Asia/Tokyo", "en") == "on Tuesday 3 March"


def test_a_relationship_has_a_year() -> None:
    assert [since(date(2019, 4, 30), each) for each in ("en", "es", "pt")] == ["since 2019", "desde 2019", "desde 2019"]


@pytest.mark.parametrize(
    ("zone", "said"),
    [("America/Argentina/Buenos_Aires", "Buenos Aires time"), ("UTC", "UTC"), ("Europe/Lisbon", "Lisbon time")],
)
def test_the_clock_has_the_name_of_a_place(zone: str, said: str) -> None:
    assert clock_of(zone, "en") == said


def test_an_instant_is_said_where_the_reader_lives() -> None:
    assert long_moment(AT, Reader("en", "Asia/Tokyo")) == "Monday 2 March, 08:30"
    assert long_moment(AT, Reader("es", "Europe/Madrid")) == "lunes 2 de marzo a las 00:30"
    assert long_moment(AT, Reader("pt", "America/Sao_Paulo")) == "domingo, 1º de março, às 20:30"
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


def test_durations_and_places() -> None:
    assert how_long(5, Reader("es")) == "5 segundos"
    said = [how_long(days * 86_400, Reader("pt")) for days in (1 / 24, 1, 10, 14, 30, 150)]
    assert said == ["1 hora", "1 dia", "10 dias", "2 semanas", "1 mês", "5 meses"]
    said = [how_long(days * 86_400, Reader("en")) for days in (1.5, 2, 10, 14, 24, 90, 150)]
    assert said == ["36 hours", "2 days", "10 days", "2 weeks", "24 days", "3 months", "5 months"]
    assert [zone_name(Reader(language, "Europe/Lisbon")) for language in LANGUAGES] == ["Lisbon", "Lisboa", "Lisboa"]
    assert zone_name(Reader("en", "UTC")) == "UTC"
