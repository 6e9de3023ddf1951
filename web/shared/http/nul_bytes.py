"""NUL bytes in what is sent. PostgreSQL keeps none in a text, so it is shown as damage from the start.

Whatever was named with one is not there, and whatever was written with one can be read and mended: no room has to know.
"""

from starlette.datastructures import Headers
from starlette.types import Scope

from web.shared.http.request_bodies import is_form

NUL, DAMAGE = "\x00", "\N{REPLACEMENT CHARACTER}"
_QUOTED, _QUOTED_DAMAGE = b"%00", b"%EF%BF%BD"


def shown_in_address(scope: Scope) -> Scope:
    """The same request, its path and query without a NUL."""
    query = scope["query_string"]
    if NUL not in scope["path"] and _QUOTED not in query:
        return scope
    shown = {"path": scope["path"].replace(NUL, DAMAGE), "query_string": query.replace(_QUOTED, _QUOTED_DAMAGE)}
    return {**scope, **shown}


def shown_in_form(body: bytes, headers: Headers) -> bytes:
    """The same form without a NUL. Of a form in several parts each byte is what it is; the other kind quotes it."""
    body = body.replace(NUL.encode(), DAMAGE.encode())
    return body.replace(_QUOTED, _QUOTED_DAMAGE) if is_form(headers) else body
