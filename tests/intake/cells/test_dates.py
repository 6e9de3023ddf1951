"""A day is the same day in English, Spanish and Portuguese, and never guessed from numbers alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.cells.dates import MONTHS, DateOrder, is_ambiguous, order_of, read_day

FIRST_OF_FEBRUARY = [
    "2023-02-01", "2023/2/1", "01 Feb 2023", "1 February 2023", "Feb 1, 2023", "1-Feb-23", "1 feb. 2023", "FEB 1 2023",
    "1 de febrero de 2023", "1 febrero 2023", "01 fev. 2023", "1 de fevereiro de 2023", "1º de fevereiro de 2023",
    "1st of February 2023", "2023-02-01T10:00:00Z", "01 Feb 2023, 3:04 PM",
]  # fmt: skip


@pytest.mark.parametrize("text", FIRST_OF_FEBRUARY)
def test_one_day_in_many_forms(text: str) -> None:
    assert read_day(text) == date(2023, 2, 1)


@given(st.dates(min_value=date(1900, 1, 1)), st.data())
def test_every_month_by_every_name_and_its_first_letters(day: date, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(MONTHS[day.month - 1]))
    cut = data.draw(st.integers(3, len(name)))
    assert read_day(f"{day.day} {name[:cut].title()}. {day.year}") == day


@pytest.mark.parametrize(
    ("word", "month"),
    [
        ("ene", 1),
        ("fev", 2),
        ("mar", 3),
        ("abr", 4),
        ("mai", 5),
        ("ago", 8),
        ("set", 9),
        ("Sept", 9),
        ("out", 10),
        ("dic", 12),
        ("dez", 12),
        ("março", 3),
    ],
)
def test_months_as_exports_abbreviate_them(word: str, month: int) -> None:
    assert read_day(f"05 {word} 2021") == date(2021, month, 5)


def test_numbers_alone_mean_nothing_without_an_order() -> None:
    assert read_day("2/1/23") is None
    assert read_day("2/1/23", DateOrder.MONTH_FIRST) == date(2023, 2, 1)
    assert read_day("2/1/23", DateOrder.DAY_FIRST) == date(2023, 1, 2)
    assert read_day("02.01.2023", DateOrder.DAY_FIRST) == date(2023, 1, 2)
    assert read_day("2/1/23, 11:59 PM", DateOrder.MONTH_FIRST) == date(2023, 2, 1)


def test_one_date_above_twelve_tells_for_the_whole_file() -> None:
    assert order_of(["2/1/23", "25/1/23", "01 Feb 2023"]) is DateOrder.DAY_FIRST
    assert order_of(["2/1/23", "1/25/23"]) is DateOrder.MONTH_FIRST
    assert order_of(["2/1/23", "3/4/23"]) is None
    assert order_of(["1/25/23", "25/1/23"]) is None


def test_which_dates_can_mean_two_days() -> None:
    assert is_ambiguous("2/1/23")
    assert not is_ambiguous("2/2/23")
    assert not is_ambiguous("25/1/23")
    assert not is_ambiguous("2023-02-01")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2023",
        "31 Feb 2023",
        "2023-13-01",
        "1 Ma 2023",
        "0/0/00",
        "1 Feb",
        "1 2 3 4",
        "99 Feb 2023",
        "Feb Feb 2023",
        "9999999999-1-1",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert read_day(text, DateOrder.DAY_FIRST) is None


@given(st.text(max_size=30), st.sampled_from([None, *DateOrder]))
def test_any_text_is_a_date_or_none(text: str, order: DateOrder | None) -> None:
    assert isinstance(read_day(text, order), date | None)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_a_written_date_reads_back(day: date) -> None:
    assert read_day(day.isoformat()) == day
    assert read_day(f"{day:%d/%m/%Y}", DateOrder.DAY_FIRST) == day
    assert read_day(f"{day:%m/%d/%y}", DateOrder.MONTH_FIRST) == day
