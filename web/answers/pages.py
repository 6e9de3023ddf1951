"""Pages of an ask. One template per kind of ask, and one for an answer given."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse

from models.asks import AskKind
from models.letters import Role
from models.news import NOES, YES
from models.process.timetable import Waking
from models.process.verdict import Reason
from models.time.open_hours import open_at
from models.time.patience import due
from store.asks.views import AskView, ConnectorView, ForwardedView, RequesterView, Shown, TargetView, View
from store.views.own.history import GivenContact
from telling import answer_terms, refusals
from telling.languages import Reader, phrase, said
from web.answers import offers
from web.answers.later import asked_again_at, latest_day, most_minutes
from web.answers.usual_terms import usual
from web.answers.wording.blind_wording import as_told
from web.answers.wording.first_lines import first_lines
from web.answers.wording.sentence_openings import openings
from web.shared.agreement_wording import wording_of
from web.shared.forms import Form, morning_of
from web.shared.house import house_of
from web.shared.http.security import new_nonce
from web.shared.rendering import page, reader_of

FAULTY, REFUSED = 422, 409
TOO_MANY = 429
PLEASE_WAIT = phrase("That was many answers in a short time. Please wait a minute; what you said last counts.")
MANY = 60  # members: more are looked up by name

TEMPLATES = {
    (AskKind.CONFIRM, Role.REQUESTER): "confirm",
    (AskKind.APPROVE, Role.CONNECTOR): "approve",
    (AskKind.ADDRESS, Role.CONNECTOR): "address",
    (AskKind.OPT_IN, Role.TARGET): "opt_in_target",
    (AskKind.OPT_IN, Role.REQUESTER): "opt_in_requester",
    (AskKind.WRITTEN, Role.REQUESTER): "written",
    (AskKind.WRITTEN, Role.TARGET): "have_they_written",
    (AskKind.MEET, Role.REQUESTER): "meet",
    (AskKind.MEET, Role.TARGET): "meet",
    (AskKind.THANKS, Role.REQUESTER): "thanks",
    (AskKind.CLOSING, Role.REQUESTER): "meet",
    (AskKind.CLOSING, Role.TARGET): "meet",
}
TERMS = {"minutes": answer_terms.TERM_MINUTES, "mail_only": answer_terms.TERM_MAIL}
SOURCES = {
    "connector": phrase("We have it from %(connector)s, for this introduction only."),
    "their own page": phrase("You gave it to us yourself."),
    "programme": phrase("We have it from the programme's own list of people."),
}
PASS_ON = phrase("I’d like you to meet %(requester)s. Here is what it is about:\n\n%(link)s")

PASS_ON_UNNAMED = phrase("I’d like you to meet somebody. Here is what it is about:\n\n%(link)s")


def reader_for(request: Request, view: AskView) -> Reader:
    """The person's own language and clock, whoever's browser this is."""
    return reader_of(request, view.language, view.zone)


def ask_page(
    request: Request,
    view: View,
    form: Form | None = None,
    people: Sequence[Shown] = (),
    notice: str = "",
    status: int = 200,
    given: GivenContact | None = None,
) -> HTMLResponse:
    """The ask as it stands: the question while it is open, else what was said, else that it is closed."""
    reader, now = reader_for(request, view), house_of(request).clock()
    facts = _facts(request, view) | _filled_in(form, view) | {"notice": notice, "given": given}
    if view.is_open:
        facts |= _question(view, reader, people, now)
        return page(request, f"answers/{TEMPLATES[view.kind, view.role]}.html", reader, status, **facts)
    if not view.is_current and not _is_a_no(view):
        return page(request, "answers/changed.html", reader, status, **facts)
    if view.answer.news is not None or view.answer.taken_back:
        return page(request, "answers/answered.html", reader, status, **facts | _answered(view, reader, now))
    told_late = offers.may_tell_late(view)
    return page(request, f"answers/{'late' if told_late else 'closed'}.html", reader, status, **facts)


def _is_a_no(view: View) -> bool:
    """A no stands, whatever becomes of the words; so does a withdrawal."""
    news = view.answer.news
    return view.answer.taken_back or (news is not None and news.kind in NOES)


def refused_page(
    request: Request, view: View, reason: Reason, form: Form | None = None, status: int = REFUSED
) -> HTMLResponse:
    """Nothing came of it; what was typed is given back."""
    facts = _facts(request, view) | {"reason": refusals.WORDS[reason], "given_back": form.words if form else []}
    return page(request, "answers/refused.html", reader_for(request, view), status, **facts)


def wait_page(request: Request, view: View, form: Form, people: Sequence[Shown]) -> HTMLResponse:
    """Nothing of it was kept; where the question is still open, what was typed comes back."""
    if view.is_open:
        return ask_page(request, view, form, people, PLEASE_WAIT, TOO_MANY)
    facts = _facts(request, view) | {"reason": PLEASE_WAIT, "given_back": form.words}
    return page(request, "answers/refused.html", reader_for(request, view), TOO_MANY, **facts)


def forwarding_page(request: Request, view: ConnectorView, raw: str) -> HTMLResponse:
    """The text and the link the connector passes on by hand."""
    reader, link = reader_for(request, view), f"{house_of(request).public_url}/f/{raw}"
    words = PASS_ON_UNNAMED if view.is_blind else PASS_ON
    text = said(words, reader.language, requester=view.requester.name, link=link)
    if view.answer.words:
        text = f"{view.answer.words}\n\n{text}"
    return page(request, "answers/forwarding.html", reader, **_facts(request, view), text=text)


def forwarded_page(
    request: Request, forwarded: ForwardedView, form: Form | None = None, status: int = 200
) -> HTMLResponse:
    view = forwarded.ask
    facts = _facts(request, view) | _filled_in(form, view)
    facts |= {
        "address": forwarded.address,
        "requested": forwarded.requested,
        "nonce": new_nonce(house_of(request).keys, forwarded.token),
    }
    return page(request, "answers/forwarded.html", reader_for(request, view), status, **facts)


def bound_to(view: AskView) -> str:
    """What a page's nonce is good for: this ask of this person."""
    return f"{view.introduction} {view.number} {view.person.id}"


def agreement_shown(request: Request, view: View) -> str:
    """Which wording of the agreement this reader was shown."""
    name, reader = f"{view.kind}-{view.role}", reader_for(request, view)
    shown = {"view": as_told(view), "unnamed": not view.requester.name}
    return wording_of(request, name, "answers/agreement.html", reader, **shown)


def _facts(request: Request, view: View) -> dict[str, Any]:
    house = house_of(request)
    return {
        "look": view.look,
        "view": as_told(view),
        "unnamed": not view.requester.name,
        "action": request.url.path,
        "nonce": new_nonce(house.keys, bound_to(view)),
        "offered": offers.offered(view),
        "approval": None if isinstance(view, ConnectorView) else view.approval,
        "faults": {},
        "values": {},
        "ticked": (),
        "first_lines": first_lines,
        "usual": usual(view),
        "terms": TERMS,
    }


def _filled_in(form: Form | None, view: View) -> dict[str, Any]:
    """What they have just sent; else what they had typed before they undid it, or with the answer that stands."""
    if form:
        return {"faults": form.faults, "values": form.values, "ticked": form.all("channels")}
    if view.is_open:
        return {"values": dict(view.unsent)}
    return {"values": {field: words for field, words in view.answer.typed.items() if field != "terms"}}  # added to


def _question(view: View, reader: Reader, people: Sequence[Shown], now: datetime) -> dict[str, Any]:
    facts = _until(view, now)
    if isinstance(view, ConnectorView):
        facts |= _lending(view, reader) | {
            "choices_of_people": [(each.id, _called(each)) for each in people],
            "many_members": len(people) > MANY,
        }
    if isinstance(view, TargetView):
        facts |= {"last_time": view.last_time, "thanks": view.thanks, "address_source": _source(view, reader)}
    if isinstance(view, RequesterView):
        facts |= {"thanks": "", "together": view.asked_together}
    return facts


def _lending(view: ConnectorView, reader: Reader) -> dict[str, Any]:
    return {
        "openings": openings(view, reader.language),
        "sentence_required": view.policy.connector.sentence == "required",
    }


def _until(view: View, now: datetime) -> dict[str, Any]:
    last_day, tomorrow = latest_day(view), now.astimezone(ZoneInfo(view.zone)) + timedelta(days=1)
    return {
        "latest": morning_of(last_day, view.zone) if last_day else None,
        "in_minutes": last_day is not None and offers.counts_in_minutes(view),
        "most_minutes": most_minutes(view, now),
        "tomorrow": tomorrow.date().isoformat(),
        "in_a_week": min(tomorrow.date() + timedelta(days=6), last_day).isoformat() if last_day else None,
        "latest_day": last_day.isoformat() if last_day else None,
    }


def _answered(view: View, reader: Reader, now: datetime) -> dict[str, Any]:
    agreed = getattr(view.answer.news, "channels", ())
    mine = () if isinstance(view, ConnectorView) else view.channels
    lending = _lending(view, reader) if isinstance(view, ConnectorView) else {}
    return lending | {
        "news": view.answer.news,
        "is_yes": isinstance(view.answer.news, YES),
        "asked_again_at": asked_again_at(view),
        "agreed": [each for each in mine if each.id in agreed],
        "undo_until": view.may.undo.get(view.number),
        "together": view.asked_together,
        "agreed_with_request": view.agreed_with_request,
        "times": _times(view, now),
    }


def _times(view: View, now: datetime) -> dict[str, datetime | None]:
    """The instants a reader may look forward to; None where one is past or not theirs."""
    at = view.answer.at or view.opened_at
    leaves = view.yes_waits_until or at
    if isinstance(view, ConnectorView):
        leaves = open_at(leaves, view.targets_calendar)  # what a connector's yes causes is a letter to the target
    target_by = due(leaves, view.policy.target.answer_within, view.targets_calendar)
    return {
        "leaves": leaves if leaves > now else None,
        "target_by": target_by if target_by > now else None,
        "meet": view.ahead.get(Waking.MEET) or view.ahead.get(Waking.MEET_AGAIN),
        "closing": view.ahead.get(Waking.CLOSING),
        "thanks": view.ahead.get(Waking.THANKS),
    }


def _source(view: TargetView, reader: Reader) -> str:
    own = next((each for each in view.channels if each.kind == "email"), None)
    if own is None or view.approval is None:
        return ""
    source = "connector" if own.of_this_introduction else own.source
    words = SOURCES.get(source, SOURCES["programme"])
    return said(words, reader.language, connector=view.approval.connector.name)


def _called(person: Shown) -> str:
    about = person.headline or person.organisation
    return f"{person.name}, {about}" if about else person.name
