"""What was typed into a form that could not be taken: given back with the answer, so that no words are lost."""

from contextlib import suppress
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.exceptions import HTTPException

from models.base import Frozen
from web.shared.http.request_bodies import is_form

MANY = 100  # fields; no form of ours has more


# Every field of ours in which somebody types, by its name: tests hold this to the templates. Whether a value is words
# is not guessed from it: one word, an address, or a sentence in Japanese has no space in it.
TYPED = frozenset((
    "address", "advice", "blind", "booking", "called", "channel_label", "colour", "goal", "headline",
    "how_known", "line", "lines", "looked_for", "more", "name", "need", "note", "offer", "one", "opening_en",
    "opening_es", "opening_pt", "organisation", "other", "place_label", "place_url", "read", "reason", "sender",
    "sentence", "signature", "sought", "terms", "thanks", "topics", "value", "wanted_words", "who", "why", "words",
))  # fmt: skip
CHOSEN = {"who": frozenset({"member", "outside", "need"})}  # the same name, elsewhere on a radio button


class SentField(Frozen):
    name: str
    value: str

    @property
    def is_words(self) -> bool:
        return is_words(self.name, self.value)


def is_words(name: str, value: str) -> bool:
    """Somebody typed it."""
    typed = name in TYPED or name.startswith("answer.")  # to a question of the programme's own
    return typed and bool(value.strip()) and value not in CHOSEN.get(name, ())


async def fields_sent(request: Request) -> tuple[SentField, ...]:
    """Every field of a form that holds words somebody typed; none of any other request."""
    if request.method != "POST" or not is_form(request.headers):
        return ()
    found: tuple[SentField, ...] = ()
    with suppress(HTTPException, RuntimeError):  # no form at all, or one with too many fields, which was read already
        form = await request.form(max_files=0, max_fields=MANY)
        found = tuple(SentField(name=name, value=str(value)) for name, value in form.multi_items())
    return found if any(each.is_words for each in found) else ()


def fields_of(body: bytes) -> tuple[SentField, ...]:
    """The same of a form that was too long to be taken."""
    with suppress(ValueError):  # more fields than any form of ours has
        pairs = parse_qsl(body.decode(errors="replace"), max_num_fields=MANY)
        return tuple(SentField(name=name, value=value) for name, value in pairs)
    return ()
