"""What is said of a file that is not taken as a logo or as a photo, in each language."""

from images.results import LOGO, PHOTO, ImageFault, PictureRules
from telling.languages import phrase, said

_SAID: dict[ImageFault, str] = {
    ImageFault.TOO_LARGE: phrase("This file is too large: %(kilobytes)s kB at most."),
    ImageFault.NO_IMAGE: phrase("We cannot use this picture: a logo is an SVG, PNG or JPEG file."),
    ImageFault.OTHER_KIND: phrase("This file is not what its name says. Please save it anew as SVG, PNG or JPEG."),
    ImageFault.DAMAGED: phrase("This file is damaged or incomplete. Please save it anew."),
    ImageFault.TOO_MANY_PIXELS: phrase("This picture has too many pixels: 6000 on a side at most, 12 million in all."),
    ImageFault.ANIMATED: phrase("This picture moves. A logo stands still: please save one frame of it."),
    ImageFault.SCRIPT: phrase("This drawing holds a script or a page. A logo is only drawn: save it without."),
    ImageFault.ELSEWHERE: phrase("This drawing brings in something from elsewhere. Please save it with shapes alone."),
    ImageFault.ENTITIES: phrase("This drawing defines entities of its own. Please save it without."),
    ImageFault.TOO_MUCH_IN_IT: phrase("This drawing is too much for a logo. Please save it simpler, or as PNG."),
    ImageFault.NOT_SHAPES: phrase(
        "This drawing holds text or effects. Please turn them into shapes, or save it as PNG."
    ),
    ImageFault.TOO_SMALL: phrase("This picture is too small or too narrow: at least 16 pixels a side."),
    ImageFault.EMPTY: phrase("There is nothing to be seen in this picture."),
    ImageFault.BUSY: phrase("Other pictures are being drawn just now. Please try again in a moment."),
}


_OF_A_PHOTO: dict[ImageFault, str] = {
    ImageFault.TOO_LARGE: phrase("This file is too large: %(megabytes)s MB at most."),
    ImageFault.NO_IMAGE: phrase("We cannot use this as a photo: please choose a JPEG or PNG file."),
    ImageFault.OTHER_KIND: phrase("This file is not what its name says. Please save it anew as JPEG or PNG."),
    ImageFault.TOO_MANY_PIXELS: phrase("This photo has too many pixels: 10,000 on a side at most, 50 million in all."),
    ImageFault.ANIMATED: phrase("This picture moves. Please choose one that stands still."),
    ImageFault.TOO_MUCH_IN_IT: phrase("This picture took too long to read. Please save it smaller."),
    ImageFault.TOO_SMALL: phrase("This photo is too small: at least 64 pixels a side."),
}


def fault_said(fault: ImageFault, language: str, rules: PictureRules = LOGO) -> str:
    words = _OF_A_PHOTO.get(fault, _SAID[fault]) if rules is PHOTO else _SAID[fault]
    limit = rules.file_limit
    return said(words, language, kilobytes=limit // 1024, megabytes=limit // 1024**2)
