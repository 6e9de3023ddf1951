"""Colours of a programme: one colour made into all the shades that pages and letters draw with.

The hue is the programme's. How light each shade is goes by what stands on it or under it: text has a contrast of 4.5 to
its ground (WCAG 2.2, 1.4.3), by light and by dark. A colour that has less is made darker or lighter until it has it.
"""

import math
import re

from models.base import Frozen

TEXT = 4.5  # contrast of text and its ground
STEP = 0.004  # of lightness, which goes from 0 to 1
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)

Linear = tuple[float, float, float]  # red, green, blue: how much light, from 0 to 1


class Shades(Frozen):
    """What a page or letter draws with, on one ground. Each is "#rrggbb"."""

    deep: str  # links, buttons, what is chosen
    deeper: str  # the same under a pointer
    on_deep: str  # words on a button
    wash: str  # a ground with a breath of it
    edge: str  # the line beside a quotation


class Ground(Frozen):
    """On what it is drawn: the paper, the sheet on it, and the words on a button."""

    papers: tuple[str, ...]
    button_words: str
    is_dark: bool
    least: float  # contrast of whatever is read on it


LIGHT = Ground(papers=("#faf8f4", "#ffffff"), button_words="#ffffff", is_dark=False, least=TEXT)
DARK = Ground(papers=("#171613", "#201e1a"), button_words="#15130f", is_dark=True, least=6.5)  # by night with ease


class Palette(Frozen):
    """One colour by day and by night. `is_adjusted`: as it was given, nobody could have read it by day."""

    given: str
    light: Shades
    dark: Shades
    is_adjusted: bool


OURS = Palette(  # of whoever has no colour of their own
    given="#0e6a63",
    light=Shades(deep="#0e6a63", deeper="#0a514b", on_deep="#ffffff", wash="#e9f3f1", edge="#b9d6d2"),
    dark=Shades(deep="#7fcabf", deeper="#a5ded6", on_deep="#0c2422", wash="#1d2d2b", edge="#33605b"),
    is_adjusted=False,
)


def read_colour(written: str) -> str | None:
    """ "#RRGGBB" or "#RGB", with or without its sign, as "#rrggbb"; None where it is no colour."""
    found = _HEX.fullmatch(written.strip())
    if not found:
        return None
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(each * 2 for each in digits))


def palette(colour: str) -> Palette:
    """All shades of a colour, "#rrggbb". The same colour always gives the same."""
    light, dark = _shades(colour, LIGHT), _shades(colour, DARK)
    return Palette(given=colour, light=light, dark=dark, is_adjusted=light.deep != colour)


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _shades(colour: str, ground: Ground) -> Shades:
    lightness, chroma, hue = _as_lch(colour)
    washed = 0.27 if ground.is_dark else 0.955
    wash = _hex(washed, min(chroma, 0.035 if ground.is_dark else 0.018), hue)
    under = (*ground.papers, wash, ground.button_words)
    deep = _readable(colour, (lightness, chroma, hue), under, ground)
    at = _as_lch(deep)[0]
    return Shades(
        deep=deep,
        deeper=_hex(at + 0.07 if ground.is_dark else max(at - 0.08, 0.0), chroma, hue),
        on_deep=ground.button_words,
        wash=wash,
        edge=_hex(0.45 if ground.is_dark else 0.85, min(chroma, 0.05), hue),
    )


def _readable(colour: str, lch: tuple[float, float, float], under: tuple[str, ...], ground: Ground) -> str:
    """The colour itself where it can be read on all of these, else the nearest shade of it that can."""
    lightness, chroma, hue = lch
    shade = colour
    while min(contrast(shade, each) for each in under) < ground.least and 0 <= lightness <= 1:
        lightness += STEP if ground.is_dark else -STEP
        shade = _hex(lightness, chroma, hue)
    return shade


# OKLCH: lightness, chroma and hue as the eye has them (Björn Ottosson, 2020), so that a hue stays itself when darkened.


def _as_lch(colour: str) -> tuple[float, float, float]:
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """The colour; where no screen can show it, the same lightness and hue with as much colour as one can."""
    lightness = min(max(lightness, 0.0), 1.0)
    light = _light(lightness, chroma, hue)
    while chroma > 0.001 and not all(-0.0005 <= each <= 1.0005 for each in light):
        chroma *= 0.96
        light = _light(lightness, chroma, hue)
    return "#" + "".join(f"{_byte(each):02x}" for each in light)


def _light(lightness: float, chroma: float, hue: float) -> Linear:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _byte(light: float) -> int:
    light = min(max(light, 0.0), 1.0)
    return round(255 * (12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055))


def _linear(colour: str) -> Linear:
    shown = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shown)
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
