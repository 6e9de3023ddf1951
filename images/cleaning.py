"""Cleaning of a picture: told by its content what it is, drawn anew within our own bounds, on a ground that shows it.

Mail programs draw no SVG, and some turn their page dark without asking: so every picture becomes a PNG that shows on
any page. What is see-through gets a ground, white, or dark where a logo itself is light. A photo becomes a small square
of its middle.
"""

import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import PurePath

import resvg_py
from PIL import Image, ImageOps, ImageStat

from images import svg
from images.results import LOGO, PHOTO, CleanImage, ImageFault, PictureRules, UnfitPicture

WIDTH, HEIGHT = 480, 120  # pixels of the logo we keep; shown at a third, so that fine screens show it well
SQUARE = 128  # pixels of a side of the photo we keep; shown at half
HEAVY = 60 * 1024  # bytes of a PNG, from which it makes do with fewer colours
LIGHT, WHITE, DARK = 175, (255, 255, 255), (35, 33, 29)  # of 255: a logo lighter than this is lost on white
_NAMED = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".svg": "SVG"}


def clean(data: bytes, name: str = "", rules: PictureRules = LOGO) -> CleanImage:
    """The picture of this file, drawn anew. Raises `UnfitPicture`. Run it apart: `images.cleaning_process.cleaned`."""
    if len(data) > rules.file_limit:
        raise UnfitPicture(ImageFault.TOO_LARGE)
    kind = kind_of(data)
    if kind not in rules.kinds:
        raise UnfitPicture(ImageFault.NO_IMAGE)
    said = _NAMED.get(PurePath(name.lower()).suffix, kind)
    if said != kind:
        raise UnfitPicture(ImageFault.OTHER_KIND)
    drawn = _DRAWN[rules](_vector(data) if kind == "SVG" else _raster(data, rules))
    return CleanImage(_as_png(drawn), *drawn.size)


def kind_of(data: bytes) -> str:
    """By its first bytes, never by its name."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    head = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<") and b"<svg" in data[:8192].lower() and b"<html" not in head.lower():
        return "SVG"
    raise UnfitPicture(ImageFault.NO_IMAGE)


def _raster(data: bytes, rules: PictureRules) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = Image.open(BytesIO(data), formats=("PNG", "JPEG"))
            if max(found.size) > rules.side_limit or found.width * found.height > rules.pixel_limit:
                raise UnfitPicture(ImageFault.TOO_MANY_PIXELS)
            if getattr(found, "n_frames", 1) > 1:
                raise UnfitPicture(ImageFault.ANIMATED)
            if min(found.size) < rules.least:
                raise UnfitPicture(ImageFault.TOO_SMALL)
            if rules is PHOTO:  # a camera's: no more of it is unpacked than is kept
                side = 2 * SQUARE * (max(found.size) // min(found.size) + 1)
                found.thumbnail((side, side), reducing_gap=2.0)
            return ImageOps.exif_transpose(found).convert("RGBA")
        except UnfitPicture:
            raise
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise UnfitPicture(ImageFault.TOO_MANY_PIXELS) from None
        except Exception:
            # Whatever a decoder stumbles over, it is the file's fault.
            raise UnfitPicture(ImageFault.DAMAGED) from None


def _vector(data: bytes) -> Image.Image:
    drawing = svg.clean(data)
    height = min(HEIGHT, WIDTH / drawing.ratio)
    size = (round(height * drawing.ratio), round(height))
    if min(size) < LOGO.least:
        raise UnfitPicture(ImageFault.TOO_SMALL)
    try:
        drawn = resvg_py.svg_to_bytes(svg_string=drawing.text, width=size[0], height=size[1], skip_system_fonts=True)
        return Image.open(BytesIO(drawn), formats=("PNG",)).convert("RGBA")
    except ValueError:
        raise UnfitPicture(ImageFault.DAMAGED) from None


def _within(image: Image.Image) -> Image.Image:
    """What is drawn of it, in our bounds, on a ground where it needs one."""
    box = image.getchannel("A").point(lambda each: 255 if each > 8 else 0).getbbox()
    if box is None:
        raise UnfitPicture(ImageFault.EMPTY)
    is_whole = image.getchannel("A").getextrema()[0] == 255
    seen = image.crop(box)
    seen.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if min(seen.size) < LOGO.least:
        raise UnfitPicture(ImageFault.TOO_SMALL)
    if is_whole:
        return seen.convert("RGB")
    alpha = seen.getchannel("A")
    is_light = ImageStat.Stat(seen.convert("L"), mask=alpha).mean[0] > LIGHT
    edge = round(max(seen.height, 40) * 0.1)
    ground = Image.new("RGB", (seen.width + 2 * edge, seen.height + 2 * edge), DARK if is_light else WHITE)
    ground.paste(seen, (edge, edge), seen)
    ground.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    return ground


def _square(image: Image.Image) -> Image.Image:
    """The middle of it, on white where it is see-through."""
    ground = Image.new("RGBA", image.size, (*WHITE, 255))
    ground.alpha_composite(image)
    return ImageOps.fit(ground.convert("RGB"), (SQUARE, SQUARE), Image.Resampling.LANCZOS)


_DRAWN: dict[PictureRules, Callable[[Image.Image], Image.Image]] = {LOGO: _within, PHOTO: _square}


def _as_png(image: Image.Image) -> bytes:
    whole = _encoded(image)
    return whole if len(whole) <= HEAVY else _encoded(image.quantize(128))


def _encoded(image: Image.Image) -> bytes:
    bare = Image.new(image.mode, image.size)  # nothing that came with the file goes along
    if image.mode == "P":
        bare.putpalette(image.getpalette() or [])
    bare.paste(image)
    held = BytesIO()
    bare.save(held, "PNG", optimize=True)
    return held.getvalue()
