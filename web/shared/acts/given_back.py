"""What was typed into a form that could not be taken: given back with the answer, so that no words are lost."""

from contextlib import suppress

from fastapi import Request
from starlette.exceptions import HTTPException

from models.base import Frozen
from web.shared.http.request_bodies import is_form

MANY = 100  # fields; no form of ours has more


class SentField(Frozen):
    name: str
    value: str

    @property
    def is_words(self) -> bool:
        return is_words(self.value)


def is_words(value: str) -> bool:
    """Somebody typed it: no id, choice or nonce of ours has a space in it."""
    return len(value.split()) > 1


async def fields_sent(request: Request) -> tuple[SentField, ...]:
    """Every field of a form that holds words somebody typed; none of any other request."""
    if request.method != "POST" or not is_form(request.headers):
        return ()
    found: tuple[SentField, ...] = ()
    with suppress(HTTPException, RuntimeError):  # no form at all, or one with too many fields, which was read already
        form = await request.form(max_files=0, max_fields=MANY)
        found = tuple(SentField(name=name, value=str(value)) for name, value in form.multi_items())
    return found if any(each.is_words for each in found) else ()
