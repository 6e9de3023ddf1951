"""A face as it was typed: each field read, a file cleaned, and what cannot stand beside its field."""

from dataclasses import dataclass

from fastapi import Request

from images.results import CleanImage
from models.face.colours import read_colour
from models.face.words import LINE, LINES, NAME, OPENING, SENDER, clean_opening, clean_sender, clean_signature
from models.letters import LANGUAGES
from models.request.plain_text import Unfit, clean_name
from store.programmes.faces import KeptFace
from telling.languages import Reader, phrase
from web.shared.forms import EMPTY, Form
from web.shared.uploads import picture_in

UNFIT = phrase("At most %(limit)s characters, on one line, with nothing hidden in them.")
NO_ADDRESS_HERE = phrase("At most %(limit)s characters, and nothing that looks like an address.")
SIGNED = phrase("At most %(lines)s lines of %(limit)s characters, with nothing hidden in them.")
NO_COLOUR = phrase("A colour is written like #0e6a63.")


@dataclass(frozen=True)
class TypedFace:
    """`face` counts where nothing is wrong with the form."""

    form: Form
    face: KeptFace
    picture: CleanImage | None


async def typed_face(request: Request, reader: Reader, before: KeptFace) -> TypedFace:
    async with request.form(max_files=1, max_fields=20) as sent:
        form = Form(sent, reader)
        picture = await picture_in(form, "logo", sent.get("logo"))
    sender, signature, colour = (form.raw(each).strip() for each in ("sender", "signature", "colour"))
    signed = _fit(form, "signature", clean_signature(signature), SIGNED, lines=LINES, limit=LINE) if signature else None
    face = KeptFace(
        name=_fit(form, "name", clean_name(form.raw("name"), NAME), UNFIT, limit=NAME),
        sender=_fit(form, "sender", clean_sender(sender), NO_ADDRESS_HERE, limit=SENDER) if sender else None,
        signature=signed,
        opening=_openings(form),
        colour=_colour(form, colour) if colour else None,
        logo=None if form.ticked("without_logo") else before.logo,
    )
    return TypedFace(form, face, None if form.ticked("without_logo") else picture)


def _openings(form: Form) -> dict[str, str]:
    typed = {each: form.raw(f"opening_{each}") for each in LANGUAGES}
    return {
        each: _fit(form, f"opening_{each}", clean_opening(text), UNFIT, limit=OPENING)
        for each, text in typed.items()
        if text.strip()
    }


def _colour(form: Form, written: str) -> str | None:
    found = read_colour(written)
    if found is None:
        form.fault("colour", NO_COLOUR)
    return found


def _fit(form: Form, name: str, words: str | Unfit, otherwise: str, **limits: int) -> str:
    if words is Unfit.EMPTY:
        form.fault(name, EMPTY)
    elif isinstance(words, Unfit):
        form.fault(name, otherwise, **limits)
    return words if isinstance(words, str) else ""
