"""SVG by a list of what may stand in it: read by expat, written anew element by element, or refused.

What draws nothing (titles, metadata, an editor's own notes) is left out. What could run, fetch, grow or move is
refused, so that nobody is shown another logo than the one they handed in.
"""

import re
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from images.results import ImageFault, UnfitPicture

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
ELEMENTS, DEEPEST = 5000, 40
SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
GRADIENTS = frozenset({"linearGradient", "radialGradient"})
DRAWN = SHAPES | GRADIENTS | {"svg", "g", "defs", "stop", "clipPath", "style", "use"}
LEFT_OUT = frozenset({"title", "desc", "metadata"})
RUNS = frozenset({"script", "foreignObject", "iframe", "object", "embed", "handler", "listener"})
MOVES = frozenset({"animate", "animateColor", "animateMotion", "animateTransform", "set", "discard"})
FETCHES = frozenset({"image", "feImage", "a", "link", "font-face-uri", "audio", "video", "view"})
_MAY_SAY = (
    "class clip-path clip-rule clipPathUnits color cx cy d display fill fill-opacity fill-rule fx fy gradientTransform "
    "gradientUnits height id offset opacity points preserveAspectRatio r rx ry spreadMethod stop-color stop-opacity "
    "stroke stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width style transform type "
    "viewBox visibility width x x1 x2 y y1 y2"
)
ATTRIBUTES = frozenset(_MAY_SAY.split())
_ELSEWHERE = re.compile(r"url\(\s*(?![\"']?#)|@|\\|image-set|javascript:|data:", re.IGNORECASE)
_NUMBER = re.compile(r"\s*([0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?)\s*(?:px|pt|mm|cm|in|pc|em|ex)?\s*", re.IGNORECASE)


class CleanSvg(NamedTuple):
    """A drawing that holds shapes and colours and nothing else, and how wide it is for its height."""

    text: str
    ratio: float


def clean(data: bytes) -> CleanSvg:
    """The same drawing, written anew. Raises `UnfitPicture`."""
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler = reading.begin
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.words
    parser.EntityDeclHandler = _entity
    parser.StartDoctypeDeclHandler = _document_type
    parser.ProcessingInstructionHandler = _instruction
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise UnfitPicture(ImageFault.DAMAGED) from None
    return reading.whole()


def _entity(*_: object) -> None:
    raise UnfitPicture(ImageFault.ENTITIES)


def _document_type(_: str, __: str | None, ___: str | None, has_subset: bool) -> None:
    if has_subset:
        raise UnfitPicture(ImageFault.ENTITIES)


def _instruction(target: str, _: str) -> None:
    if target.lower() == "xml-stylesheet":
        raise UnfitPicture(ImageFault.ELSEWHERE)


class _Reading:
    """Walks through the document once, and writes down what it may keep."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.open: list[str] = []  # elements kept, from the root down
        self.skipped = 0  # how deep within something that is left out
        self.count = 0
        self.kinds: dict[str, str] = {}  # elements by id
        self.used: list[str] = []  # ids that are drawn once more
        self.ratio = 0.0

    def begin(self, named: str, attributes: dict[str, str]) -> None:
        space, _, name = named.rpartition(" ")
        self.count += 1
        if self.count > ELEMENTS or len(self.open) + self.skipped > DEEPEST:
            raise UnfitPicture(ImageFault.TOO_MUCH_IN_IT)
        _refuse_element(space, name)
        for key, value in attributes.items():
            _refuse_attribute(key.rpartition(" ")[2], value)
        if self.skipped or space != SVG or name in LEFT_OUT:
            if not self.open:
                raise UnfitPicture(ImageFault.NO_IMAGE)
            self.skipped += 1
            return
        self._keep(name, attributes)

    def _keep(self, name: str, attributes: dict[str, str]) -> None:
        if not self.open:
            if name != "svg" or self.written:
                raise UnfitPicture(ImageFault.NO_IMAGE)
            self.ratio = _ratio(attributes)
        kept = {key: value for key, value in attributes.items() if key in ATTRIBUTES}
        if "id" in kept:
            self.kinds[kept["id"]] = name
        href = attributes.get("href") or attributes.get(f"{XLINK} href")
        if href and name in GRADIENTS | {"use"}:
            kept["href"] = href
            self.used += [href[1:]] if name == "use" else []
        root = f" xmlns={quoteattr(SVG)}" if not self.open else ""
        said = "".join(f" {key}={quoteattr(value)}" for key, value in kept.items())
        self.written.append(f"<{name}{root}{said}>")
        self.open.append(name)

    def end(self, _: str) -> None:
        if self.skipped:
            self.skipped -= 1
        else:
            self.written.append(f"</{self.open.pop()}>")

    def words(self, text: str) -> None:
        """Words draw nothing here, but for those of a style sheet."""
        if self.open and self.open[-1] == "style" and not self.skipped:
            self.written.append(escape(text))

    def whole(self) -> CleanSvg:
        text = "".join(self.written)
        for sheet in re.findall(r"<style[^>]*>(.*?)</style>", text, re.DOTALL):
            if _ELSEWHERE.search(sheet):
                raise UnfitPicture(ImageFault.ELSEWHERE)
        if any(self.kinds.get(each) not in SHAPES for each in self.used):  # what is used uses nothing: no growth
            raise UnfitPicture(ImageFault.TOO_MUCH_IN_IT)
        return CleanSvg(text, self.ratio)


def _refuse_element(space: str, name: str) -> None:
    if name in RUNS:
        raise UnfitPicture(ImageFault.SCRIPT)
    if space != SVG:
        return
    if name in MOVES:
        raise UnfitPicture(ImageFault.ANIMATED)
    if name in FETCHES:
        raise UnfitPicture(ImageFault.ELSEWHERE)
    if name not in DRAWN | LEFT_OUT:
        raise UnfitPicture(ImageFault.NOT_SHAPES)


def _refuse_attribute(name: str, value: str) -> None:
    if name.lower().startswith("on"):
        raise UnfitPicture(ImageFault.SCRIPT)
    if name in ("href", "src") and not re.fullmatch(r"#[\w.:-]+", value):
        raise UnfitPicture(ImageFault.ELSEWHERE)
    if name in ATTRIBUTES and _ELSEWHERE.search(value):
        raise UnfitPicture(ImageFault.ELSEWHERE)


def _ratio(attributes: dict[str, str]) -> float:
    """Width by height; a drawing that says neither is square."""
    box = [_number(each) for each in re.split(r"[\s,]+", attributes.get("viewBox", "").strip())]
    sides = box[2:] if len(box) == 4 else [_number(attributes.get(each, "")) for each in ("width", "height")]
    if not all(sides):
        return 1.0
    return sides[0] / sides[1]


def _number(text: str) -> float:
    found = _NUMBER.fullmatch(text)
    return float(found[1]) if found else 0.0
