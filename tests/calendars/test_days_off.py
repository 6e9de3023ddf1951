"""Days off are those of the country and region, in the months ahead, and Saturdays and Sundays where none is known."""

import subprocess
import sys
from datetime import date, timedelta

from calendars import HORIZON, days_of, regions
from models.time.open_hours import Days

TODAY = date(2026, 9, 20)


def test_a_weekend_and_its_holidays_are_the_countrys_own() -> None:
    riyadh, madrid = days_of("SA", None, TODAY), days_of("ES", "MD", TODAY)
    assert (riyadh.weekend, madrid.weekend) == ((4, 5), (5, 6))
    assert date(2026, 9, 23) in riyadh.holidays
    assert date(2026, 10, 12) in madrid.holidays


def test_a_region_has_holidays_of_its_own() -> None:
    epiphany = date(2027, 1, 6)
    assert epiphany in days_of("DE", "BY", TODAY).holidays
    assert epiphany not in days_of("DE", None, TODAY).holidays
    assert regions("DE")["BY"] == "Bayern"


def test_what_is_told_is_bounded_and_never_a_day_of_the_weekend() -> None:
    for country in ("SA", "ES", "IN", "JP", "BR"):
        days = days_of(country, None, TODAY)
        assert 5 < len(days.holidays) < 60
        assert all(TODAY.replace(day=1) <= day <= TODAY + HORIZON for day in days.holidays)
        assert not any(day.weekday() in days.weekend for day in days.holidays)
        assert len(days.model_dump_json()) < 1000


def test_all_of_a_month_is_told_the_same() -> None:
    assert days_of("PT", None, TODAY) == days_of("PT", None, TODAY + timedelta(days=9))


def test_what_nobody_knows_is_a_week_of_five_days() -> None:
    assert days_of(None, "MD", TODAY) == days_of("XX", None, TODAY) == Days()
    assert days_of("ES", "BY", TODAY) == days_of("ES", None, TODAY)


def test_without_a_country_the_library_is_never_loaded() -> None:
    code = "import sys, datetime, calendars; calendars.days_of(None, None, datetime.date(2026, 9, 20))"
    done = subprocess.run([sys.executable, "-c", f"{code}; sys.exit('holidays' in sys.modules)"], check=False)
    assert done.returncode == 0
