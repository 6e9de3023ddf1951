"""A logo is drawn anew, with nothing of its file but colours; a file that is anything else is refused by name."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from images import cleaning_process
from images.cleaning import DARK, HEIGHT, SQUARE, WIDTH, clean
from images.cleaning_process import cleaned
from images.results import LOGO, PHOTO, ImageFault, PictureRules, UnfitPicture

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 60 20"'
SHAPE = '<path fill="#b5521b" d="M2 2h56v16h-56z"/>'
BILLION = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

HOSTILE = {
    "a script": (f"{HEAD}><script>alert(1)</script>{SHAPE}</svg>", ImageFault.SCRIPT),
    "a script of another name space": (
        f'{HEAD} xmlns:h="http://www.w3.org/1999/xhtml"><h:script/>{SHAPE}</svg>',
        ImageFault.SCRIPT,
    ),
    "a handler": (f'{HEAD} onload="alert(1)">{SHAPE}</svg>', ImageFault.SCRIPT),
    "a page within": (f"{HEAD}><foreignObject/>{SHAPE}</svg>", ImageFault.SCRIPT),
    "a picture from elsewhere": (f'{HEAD}><image href="https://else.test/x.png"/></svg>', ImageFault.ELSEWHERE),
    "a file of this machine": (f'{HEAD}><image xlink:href="/etc/passwd"/></svg>', ImageFault.ELSEWHERE),
    "a picture inside": (f'{HEAD}><image href="data:image/png;base64,AAAA"/></svg>', ImageFault.ELSEWHERE),
    "a link": (f'{HEAD}><a href="https://else.test">{SHAPE}</a></svg>', ImageFault.ELSEWHERE),
    "a fill from elsewhere": (
        f'{HEAD}><path fill="url(https://else.test/#a)" d="M0 0h9v9z"/></svg>',
        ImageFault.ELSEWHERE,
    ),
    "a style from elsewhere": (
        f'{HEAD}><style>@import "https://else.test/a.css";</style>{SHAPE}</svg>',
        ImageFault.ELSEWHERE,
    ),
    "a style in disguise": (
        f"{HEAD}><style>path{{fill:u\\72l(https://else.test)}}</style>{SHAPE}</svg>",
        ImageFault.ELSEWHERE,
    ),
    "a style in pieces": (
        f"{HEAD}><style>@im<!-- -->port 'x';</style>{SHAPE}</svg>",
        ImageFault.ELSEWHERE,
    ),
    "a sheet beside it": (
        f'<?xml-stylesheet href="https://else.test/a.css"?>{HEAD}>{SHAPE}</svg>',
        ImageFault.ELSEWHERE,
    ),
    "entities that grow": (
        f'<!DOCTYPE svg [<!ENTITY l0 "ha">{BILLION}]>{HEAD}><title>&l9;</title>{SHAPE}</svg>',
        ImageFault.ENTITIES,
    ),
    "an entity from elsewhere": (
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{HEAD}><title>&x;</title>{SHAPE}</svg>',
        ImageFault.ENTITIES,
    ),
    "what moves": (f'{HEAD}><g><animate attributeName="x"/>{SHAPE}</g></svg>', ImageFault.ANIMATED),
    "uses of uses": (
        f'{HEAD}><g id="a">{SHAPE}</g><g id="b"><use href="#a"/><use href="#a"/></g><use href="#b"/></svg>',
        ImageFault.TOO_MUCH_IN_IT,
    ),
    "more than anybody draws": (f"{HEAD}>{SHAPE * 5001}</svg>", ImageFault.TOO_MUCH_IN_IT),
    "a tower": (f"{HEAD}>{'<g>' * 50}{SHAPE}{'</g>' * 50}</svg>", ImageFault.TOO_MUCH_IN_IT),
    "text": (f"{HEAD}><text>Northwind</text></svg>", ImageFault.NOT_SHAPES),
    "a filter": (f'{HEAD}><filter id="f"/>{SHAPE}</svg>', ImageFault.NOT_SHAPES),
    "no end": (f"{HEAD}>{SHAPE}", ImageFault.DAMAGED),
    "nothing to see": (f'{HEAD}><path fill="none" d="M2 2h56v16z"/></svg>', ImageFault.EMPTY),
    "a page called svg": ("<!doctype html><html><body><svg></svg></body></html>", ImageFault.NO_IMAGE),
    "a thread": (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90000 20"><path d="M0 0h90000v20z"/></svg>',
        ImageFault.TOO_SMALL,
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_drawing_that_could_do_more_than_show_is_refused(what: str) -> None:
    text, fault = HOSTILE[what]
    assert refused(text.encode(), "logo.svg") == fault


def test_a_drawing_is_drawn_within_our_bounds_whatever_size_it_says() -> None:
    huge = f'<svg xmlns="http://www.w3.org/2000/svg" width="900000" height="300000" viewBox="0 0 60 20">{SHAPE}</svg>'
    made = clean(huge.encode(), "logo.svg")
    assert made.width <= WIDTH
    assert made.height <= HEIGHT
    assert opened(made.png).getpixel((made.width // 2, made.height // 2)) == (181, 82, 27)


def test_what_an_editor_left_in_a_drawing_is_left_out() -> None:
    notes = (
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
        f'{HEAD} xmlns:i="urn:editor" i:zoom="2"><title>Olive was here</title><metadata><i:who/></metadata>'
        '<defs><linearGradient id="g"><stop offset="0" stop-color="#f00"/></linearGradient>'
        '<path id="p" d="M2 2h56v16h-56z"/></defs><use xlink:href="#p" fill="url(#g)"/></svg>'
    )
    made = clean(notes.encode(), "logo.svg")
    assert b"Olive" not in made.png
    assert opened(made.png).getpixel((made.width // 2, made.height // 2)) == (255, 0, 0)


def test_of_a_photograph_only_the_picture_stays() -> None:
    photo = Image.new("RGB", (800, 200), (30, 90, 60))
    exif = photo.getexif()
    exif[0x010E] = "taken at Olive's house"
    held = BytesIO()
    photo.save(held, "JPEG", exif=exif, comment=b"secret", icc_profile=b"profile" * 20)
    made = clean(held.getvalue() + b"<script>behind the picture</script>", "logo.jpg")
    assert (made.width, made.height) == (480, 120)
    found = opened(made.png)
    assert found.info == {}
    assert chunks(made.png) <= {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
    assert all(word not in made.png for word in (b"Olive", b"secret", b"profile", b"script"))


def test_of_a_png_no_word_stays() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "Olive")
    told.add_itxt("XML:com.adobe.xmp", "<x>Olive</x>")
    made = clean(png(Image.new("RGBA", (90, 30), (200, 30, 30, 255)), pnginfo=told), "logo.png")
    assert chunks(made.png) <= {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


def test_a_picture_that_says_it_is_huge_is_never_unpacked() -> None:
    assert refused(png_that_says(30_000, 30_000), "logo.png") == ImageFault.TOO_MANY_PIXELS
    assert refused(png_that_says(5_999, 5_999), "logo.png") == ImageFault.TOO_MANY_PIXELS


def test_a_picture_that_moves_is_refused() -> None:
    first, second = (Image.new("RGB", (40, 40), colour) for colour in ("red", "blue"))
    held = BytesIO()
    first.save(held, "PNG", save_all=True, append_images=[second])
    assert refused(held.getvalue(), "logo.png") == ImageFault.ANIMATED


@pytest.mark.parametrize(
    ("data", "name", "fault"),
    [
        (b"GIF89a" + b"\0" * 40, "logo.png", ImageFault.NO_IMAGE),
        (b"MZ\x90\0" * 40, "logo.png", ImageFault.NO_IMAGE),
        (b"<html><script>1</script></html>", "logo.png", ImageFault.NO_IMAGE),
        (b"", "logo.png", ImageFault.NO_IMAGE),
        (f"{HEAD}>{SHAPE}</svg>".encode(), "logo.png", ImageFault.OTHER_KIND),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "logo.png", ImageFault.DAMAGED),
        (b"\xff\xd8\xff\xe0" + b"\0" * 40, "logo.jpeg", ImageFault.DAMAGED),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * LOGO.file_limit, "logo.png", ImageFault.TOO_LARGE),
    ],
)
def test_what_is_no_picture_of_ours_is_refused(data: bytes, name: str, fault: ImageFault) -> None:
    assert refused(data, name) == fault


def test_a_picture_cut_off_is_damaged_and_a_speck_is_too_small() -> None:
    whole = png(Image.effect_noise((300, 100), 90))
    assert refused(whole[: len(whole) // 2], "logo.png") == ImageFault.DAMAGED
    assert refused(png(Image.new("RGB", (1, 1))), "logo.png") == ImageFault.TOO_SMALL


def test_what_is_see_through_gets_a_ground_on_which_it_shows() -> None:
    """Some mail programs turn the page dark around a picture: black on nothing would be gone."""
    for ink, ground in (((20, 20, 20), (255, 255, 255)), ((250, 250, 250), DARK)):
        sheet = Image.new("RGBA", (200, 80), (0, 0, 0, 0))
        sheet.paste(Image.new("RGBA", (100, 40), (*ink, 255)), (50, 20))
        made = opened(clean(png(sheet), "logo.png").png)
        assert made.getpixel((1, 1)) == ground
        assert made.getpixel((made.width // 2, made.height // 2)) == ink


def test_the_same_picture_has_the_same_mark() -> None:
    drawing = f"{HEAD}>{SHAPE}</svg>".encode()
    assert clean(drawing).mark == clean(drawing).mark
    assert clean(drawing).mark != clean(drawing.replace(b"#b5521b", b"#1b52b5")).mark


def test_of_a_camera_photo_a_small_square_stays_without_where_it_was_taken() -> None:
    """Turned as the camera was held: its left half, red, is the upper one."""
    photo = Image.new("RGB", (4080, 3072), (20, 40, 200))
    photo.paste((200, 30, 30), (0, 0, 2040, 3072))
    exif = photo.getexif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (41.0, 23.0, 7.0)
    held = BytesIO()
    photo.save(held, "JPEG", exif=exif)
    assert len(held.getvalue()) < PHOTO.file_limit
    made = clean(held.getvalue(), "IMG_1.jpg", PHOTO)
    assert (made.width, made.height) == (SQUARE, SQUARE)
    assert opened(made.png).info == {}
    assert chunks(made.png) <= {b"IHDR", b"IDAT", b"IEND"}
    upper, lower = (opened(made.png).getpixel((SQUARE // 2, place)) for place in (10, SQUARE - 10))
    assert isinstance(upper, tuple)
    assert isinstance(lower, tuple)
    assert upper[0] > 150 > lower[0]


@pytest.mark.parametrize(
    ("data", "name", "fault"),
    [
        (f"{HEAD}>{SHAPE}</svg>".encode(), "me.svg", ImageFault.NO_IMAGE),
        (b"\0\0\0\x18ftypheic" * 9, "me.heic", ImageFault.NO_IMAGE),
        (b"\xff\xd8\xff" + b"\0" * PHOTO.file_limit, "me.jpg", ImageFault.TOO_LARGE),
        (b"\xff\xd8\xff\xe0" + b"\0" * 40, "me.jpg", ImageFault.DAMAGED),
    ],
)
def test_what_is_no_photo_is_refused(data: bytes, name: str, fault: ImageFault) -> None:
    assert refused(data, name, PHOTO) == fault


def test_a_photo_of_too_many_or_too_few_pixels_is_refused() -> None:
    assert refused(png_that_says(9_999, 9_999), "me.png", PHOTO) == ImageFault.TOO_MANY_PIXELS
    assert refused(png(Image.new("RGB", (300, 40))), "me.png", PHOTO) == ImageFault.TOO_SMALL


def test_it_is_done_in_a_process_of_its_own() -> None:
    drawing = f"{HEAD}>{SHAPE}</svg>".encode()
    assert cleaned(drawing, "logo.svg") == clean(drawing, "logo.svg")
    assert cleaned(b"GIF89a", "logo.png") == ImageFault.NO_IMAGE
    assert cleaned(drawing, "me.svg", PHOTO) == ImageFault.NO_IMAGE


def test_one_more_than_are_drawn_at_once_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning_process, "PATIENCE", 0.01)
    held = [cleaning_process._SLOTS.acquire(blocking=False) for _ in range(cleaning_process.AT_ONCE)]
    assert held == [True] * cleaning_process.AT_ONCE
    try:
        assert cleaned(f"{HEAD}>{SHAPE}</svg>".encode()) is ImageFault.BUSY
    finally:
        cleaning_process._SLOTS.release(cleaning_process.AT_ONCE)


def refused(data: bytes, name: str, rules: PictureRules = LOGO) -> ImageFault:
    with pytest.raises(UnfitPicture) as why:
        clean(data, name, rules)
    return why.value.fault


def png(image: Image.Image, **more: object) -> bytes:
    held = BytesIO()
    image.save(held, "PNG", **more)
    return held.getvalue()


def opened(data: bytes) -> Image.Image:
    found = Image.open(BytesIO(data))
    return found.convert("RGB") if found.mode != "RGB" else found


def chunks(data: bytes) -> set[bytes]:
    found, place = set[bytes](), 8
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        found.add(data[place + 4 : place + 8])
        place += 12 + length
    return found


def png_that_says(width: int, height: int) -> bytes:
    """A few hundred bytes that would unpack to gigabytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
