"""Every colour a programme gives can be read, by day and by night, and stays as near to itself as that allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.face.colours import DARK, LIGHT, OURS, TEXT, Ground, Shades, contrast, palette, read_colour

ANY = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(ANY)
def test_whatever_is_drawn_in_it_can_be_read(colour: str) -> None:
    made = palette(colour)
    assert unread(made.light, LIGHT) == []
    assert unread(made.dark, DARK) == []


def test_ours_can_be_read_too() -> None:
    assert unread(OURS.light, LIGHT) == []
    assert unread(OURS.dark, DARK) == []


@pytest.mark.parametrize("colour", ["#0e6a63", "#7a1f3d", "#1c3b57", "#000000", "#5a3e00"])
def test_a_colour_that_can_be_read_is_left_alone(colour: str) -> None:
    made = palette(colour)
    assert made.light.deep == colour
    assert not made.is_adjusted


@pytest.mark.parametrize("colour", ["#ffd400", "#ffffff", "#9be8e0", "#ff6a00"])
def test_one_that_cannot_is_made_darker_and_it_is_said(colour: str) -> None:
    made = palette(colour)
    assert made.is_adjusted
    assert made.light.deep != colour
    assert TEXT <= contrast(made.light.deep, "#ffffff") < TEXT + 1.2  # no darker than it must be


def test_a_yellow_stays_yellow_and_a_red_stays_red() -> None:
    assert parts(palette("#ffd400").light.deep)[2] < 40
    red, green, blue = parts(palette("#ff0000").light.deep)
    assert red > 3 * max(green, blue)


@pytest.mark.parametrize(
    ("written", "read"),
    [("#0E6A63", "#0e6a63"), ("0e6a63", "#0e6a63"), (" #abc ", "#aabbcc"), ("red", None), ("#12", None), ("", None)],
)
def test_a_colour_is_read_as_people_write_it(written: str, read: str | None) -> None:
    assert read_colour(written) == read


@pytest.mark.parametrize("written", ["#0e6a63;}body{display:none", "#0e6a6３", "url(x)", "#0e6a63\n"])
def test_nothing_else_is_a_colour(written: str) -> None:
    assert read_colour(written) in (None, "#0e6a63")
    assert read_colour(written) is None or written.strip() == "#0e6a63"


def unread(shades: Shades, ground: Ground) -> list[tuple[str, str]]:
    pairs = [(shades.deep, each) for each in (*ground.papers, shades.wash, shades.on_deep)]
    pairs += [(shades.deeper, each) for each in (*ground.papers, shades.wash, shades.on_deep)]
    return [each for each in pairs if contrast(*each) < TEXT]


def parts(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return red, green, blue
