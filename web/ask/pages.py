"""Pages of a request. The form with faults beside its fields, a look before, a word after."""

from collections.abc import Iterable
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from models.ids import ProgrammeId
from models.request.faults import Fault
from models.request.notes import count_words
from store.people.person import Profile
from store.requests.outsiders import tidy_name
from store.views.progress import Seen
from telling.languages import Reader
from telling.request_faults import said_of
from web.ask.draft import ANSWER, Draft
from web.ask.requester_page import RequestDesk
from web.shared.agreement_wording import wording_of
from web.shared.house import house_of
from web.shared.http.security import new_nonce
from web.shared.rendering import page, reader_of
from web.shared.sessions import reader_like

SIGNED_OUT, FAULTY = 401, 422
WORDING = "request"


def form_page(
    request: Request, me: Profile, desk: RequestDesk, *, checked: bool = False, notice: str = ""
) -> HTMLResponse:
    """The page to write on. Before anything is checked only what would make the writing vain is said."""
    reader = reader_like(request, me)
    found = desk.found if checked else tuple(each for each in desk.found if each.field == "requester")
    facts = {
        "general": [said_of(each, reader) for each in found if each.field == "requester"],
        "faults": by_field(found, reader),
        "words": count_words(desk.draft.note),
        "notice": notice,
    }
    return _own(request, me, "form", FAULTY if checked else 200, desk=desk, **facts)


def people_part(request: Request, me: Profile, desk: RequestDesk) -> HTMLResponse:
    """The list of members alone, as it is narrowed while somebody types."""
    return _own(request, me, "people", desk=desk)


def preview_page(request: Request, me: Profile, desk: RequestDesk, notice: str = "") -> HTMLResponse:
    """What each reader will see, whose time it costs, and by when the requester hears: then, and only then, send."""
    facts = _preview(desk) | {
        "nonce": new_nonce(house_of(request).keys, bound_to(me, desk.programme.programme)),
        "notice": notice,
    }
    return _own(request, me, "preview", **facts)


def sent_page(request: Request, me: Profile, desk: RequestDesk, seen: Seen, whom: str) -> HTMLResponse:
    return _own(request, me, "sent", desk=desk, seen=seen, whom=whom)


def choose_page(request: Request, me: Profile) -> HTMLResponse:
    """Whoever may ask in several programmes says in which; whoever may in none is told so."""
    mine = [each for each in me.belongings if each.requests]
    return _own(request, me, "choose", programmes=mine)


def signed_out_page(request: Request, draft: Draft) -> HTMLResponse:
    """Their session ended while they wrote. Nothing can be kept without knowing whose it is: here it is, to copy."""
    return page(request, "ask/signed_out.html", reader_of(request), SIGNED_OUT, draft=draft)


def bound_to(me: Profile, programme: ProgrammeId) -> str:
    """What the nonce of a request is good for."""
    return f"ask {me.person.id} {programme}"


def agreement_shown(request: Request, me: Profile, desk: RequestDesk) -> str:
    """Which wording the requester agreed to."""
    reader = reader_like(request, me)
    return wording_of(request, WORDING, "ask/agreement.html", reader, me=me, **_preview(desk))


def _own(request: Request, me: Profile, name: str, status: int = 200, **facts: Any) -> HTMLResponse:
    desk = facts.get("desk")
    look = desk.programme.look if isinstance(desk, RequestDesk) else me.look
    shown: dict[str, Any] = {"me": me, "embedded": house_of(request).embedded, "look": look} | facts
    return page(request, f"ask/{name}.html", reader_like(request, me), status, **shown)


def _preview(desk: RequestDesk) -> dict[str, Any]:
    return {
        "desk": desk,
        "draft": desk.draft,
        "whom": whom_of(desk),
        "texts": {"need": "", "wanted": "", "goal": "", "blind": ""} | desk.texts,
    }


def whom_of(desk: RequestDesk) -> str:
    """Their name; empty where only a need is known."""
    if desk.draft.who == "outside":
        return tidy_name(desk.draft.name)
    return desk.chosen.name if desk.chosen else ""


def by_field(found: Iterable[Fault], reader: Reader) -> dict[str, str]:
    """Everything that is wrong with a field, in one line beside it."""
    said: dict[str, list[str]] = {}
    for each in found:
        if each.field != "requester":
            field = f"{ANSWER}{each.question}" if each.question else each.field
            said.setdefault(field, []).append(said_of(each, reader))
    return {field: " ".join(lines) for field, lines in said.items()}
