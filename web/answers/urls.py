"""Addresses behind the links in letters.

GET shows, as mail scanners open every link; only a POST with a choice acts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from models.asks import ASKED_AFTERWARDS
from models.ids import AskNumber, IntroductionId, PersonId
from models.news import HEARD_LATER, News, Undone
from models.process.verdict import Reason, Refused
from store.access import link_tokens
from store.asks import asks, held_answers, unsent_words
from store.asks.answer_attachments import Kept
from store.asks.views import ConnectorView, Shown, View
from store.views.own import history
from store.views.own.history import GivenContact
from telling.languages import phrase
from web.answers.additions import said_with_more
from web.answers.answer_context import Answering
from web.answers.form_to_news import what_was_said
from web.answers.forwarded_requests import forwarding
from web.answers.forwarded_requests import router as forwarded_links
from web.answers.offers import answers, may_tell_late, offered
from web.answers.pages import FAULTY, agreement_shown, ask_page, bound_to, reader_for, refused_page, wait_page
from web.answers.wording.sentence_openings import openings
from web.shared.acts.press import known_by
from web.shared.acts.submit_news import hand_in, hand_in_anew, sent_before
from web.shared.forms import Form
from web.shared.house import House, house_of
from web.shared.http.security import read_nonce
from web.shared.token_links import form_sent, token_link

router = APIRouter()
router.include_router(forwarded_links)


class TooOften(Exception):
    """More acts through the links of one ask than anybody needs: nothing of this one was kept."""


HELP = ("opening", "known", "find")  # buttons that fill in or look up, and send nothing
UNDONE = "undone"  # in the address they are led to after an undo: the page then says so
ONCE_MORE = phrase("This page could not be recognised. Nothing was sent; please choose once more.")
TAKEN_BACK = phrase("You have undone your answer, and nothing has left. You can answer again.")
NO_SUCH_PERSON = phrase("No member who agreed to be listed has this name.")
WHICH_ONE = phrase("Please choose from the list.")


@dataclass(frozen=True)
class OpenedAsk:
    """The ask behind a link, and who could be named in its connector's place."""

    view: View
    people: tuple[Shown, ...] = ()
    given: GivenContact | None = None  # how to reach the other, once they were introduced


def show(request: Request, found: OpenedAsk) -> Response:
    view, people = found.view, found.people
    asked = (view.is_open or may_tell_late(view)) and view.answer.news is None
    undone = view.answer.undone or (UNDONE in request.query_params and asked)
    notice = TAKEN_BACK if undone else ""
    return ask_page(request, view, people=people, notice=notice, given=found.given)


async def act(request: Request, found: OpenedAsk) -> Response:
    view, people = found.view, found.people
    form = await form_sent(request, reader_for(request, view), fields=100)
    nonce = read_nonce(house_of(request).keys, bound_to(view), form.raw("nonce"))
    if nonce is None:
        if form.words and not view.is_open and not may_tell_late(view):  # no page of it holds what was typed
            return refused_page(request, view, view.too_late or Reason.SETTLED, form, FAULTY)
        return ask_page(request, view, form, people, ONCE_MORE, FAULTY)
    if isinstance(view, ConnectorView) and any(map(form.has, HELP)) and (view.is_open or "add" in offered(view)):
        return await _help(request, view, form, people)
    return await _answer(request, view, form, people, nonce)


async def _answer(request: Request, view: View, form: Form, people: tuple[Shown, ...], nonce: str) -> Response:
    house, press = house_of(request), known_by(nonce, form.form)
    possible = offered(view)
    if form.raw("choice") == "undo" and isinstance(view.answer.news, HEARD_LATER):
        return await _take_back(request, view, form, press)
    if form.raw("choice") == "add" and "add" in possible:
        return await _add_to_a_yes(request, view, form, press)
    if not set(form.all("choice")) & set(possible) and (stands := await _it_stands(request, view, form, press)):
        return stands
    choice = form.choice("choice", possible)
    if choice is None:
        return ask_page(request, view, form, people, status=FAULTY)
    if choice == "link" and isinstance(view, ConnectorView):
        return await forwarding(request, view)
    kept = Kept(view.introduction, view.person.id, house.clock())
    candidates = await _chosen_person(house, view, form.raw("to")) if choice == "redirect" else ()
    answering = Answering(view, form, kept, house.clock(), agreement_shown(request, view), candidates)
    news = what_was_said(answering, choice)
    if news is None:
        return ask_page(request, view, form, people, status=FAULTY)
    if isinstance(news, Undone) and view.answer.news:
        kept.beside(_words_back(view, view.answer.news, house.clock()))
    first = partial(_first, view=view, now=house.clock())
    until = view.may.held.get(view.number) if isinstance(news, HEARD_LATER) and not kept.draws_a_boundary else None
    try:
        verdict = await hand_in(
            house, view.introduction, news, via="link", nonce=press, held_until=until, check=first, beside=kept
        )
    except TooOften:
        return wait_page(request, view, form, people)
    return _said(request, view, form, verdict.reason if isinstance(verdict, Refused) else None)


async def _it_stands(request: Request, view: View, form: Form, press: str) -> Response | None:
    """What they chose is not on offer any more: the same press once more, or an answer we have already."""
    if before := await sent_before(house_of(request), view.introduction, press):
        refused = Reason(before.reason or Reason.NOT_NOW) if before.state == "refused" else None
        return _said(request, view, form, refused)
    if view.is_open or may_tell_late(view):
        return None
    # Whatever they chose, we have their answer already: the page says which. What they wrote is not in it.
    too_late = view.too_late or Reason.SETTLED
    return refused_page(request, view, too_late, form) if form.words else _look_again(request)


async def _take_back(request: Request, view: View, form: Form, press: str) -> Response:
    """A no or a report that nobody has heard yet: its words are theirs alone again."""
    house, this = house_of(request), _this(view)
    undo = partial(held_answers.take_back, press=press, now=house.clock())
    why = await house.database.write(lambda connection: undo(connection, *this))
    # On its way already: the page says what we have, and offers no undo.
    return _look_again(request) if why == Reason.TOO_LATE_TO_UNDO else _said(request, view, form, why)


async def _add_to_a_yes(request: Request, view: View, form: Form, press: str) -> Response:
    """Said once more, with what they add: the yes before is undone in the same breath."""
    house = house_of(request)
    kept = Kept(view.introduction, view.person.id, house.clock())
    news = said_with_more(Answering(view, form, kept, house.clock(), agreement_shown(request, view)))
    if news is None:
        return ask_page(request, view, form, status=FAULTY)
    first = partial(_first, view=view, now=house.clock())
    try:
        verdict = await hand_in_anew(house, view.introduction, news, via="link", nonce=press, check=first, beside=kept)
    except TooOften:
        return wait_page(request, view, form, ())
    return _said(request, view, form, verdict.reason if isinstance(verdict, Refused) else None)


def _words_back(view: View, news: News, now: datetime) -> Callable[[Connection], None]:
    return lambda connection: unsent_words.keep(connection, *_this(view), news, now)


def _this(view: View) -> tuple[IntroductionId, AskNumber, PersonId]:
    return view.introduction, view.number, view.person.id


def _said(request: Request, view: View, form: Form, refused: Reason | None) -> Response:
    """What came of it; of the same page sent twice, what came of it the first time."""
    if refused:
        return refused_page(request, view, refused, form)
    return _look_again(request, f"?{UNDONE}" if form.raw("choice") == "undo" else "")


def _first(connection: Connection, view: View, now: datetime) -> None:
    """Done only for what is new: the same press sent again is the same act, however often it comes."""
    if not link_tokens.pace(connection, view.introduction, view.number, now):
        raise TooOften
    unsent_words.forget(connection, *_this(view))
    if view.kind in ASKED_AFTERWARDS:
        held_answers.replace(connection, view.introduction, view.number, view.person.id, now)


async def find(house: House, raw: str) -> OpenedAsk | None:
    now = house.clock()

    def read(connection: Connection) -> OpenedAsk | None:
        view = asks.by_link(connection, raw, now)
        if view and view.introduced_at:
            return OpenedAsk(view=view, given=history.given_at(connection, view.introduction, view.person.id))
        if view is None or not view.is_open or "redirect" not in answers(view):
            return OpenedAsk(view=view) if view else None
        return OpenedAsk(view=view, people=asks.better_placed(connection, view))

    return await house.database.read(read)


async def _chosen_person(house: House, view: View, person: str) -> tuple[Shown, ...]:
    return await house.database.read(lambda connection: asks.better_placed(connection, view, only=person))


async def _help(request: Request, view: ConnectorView, form: Form, people: tuple[Shown, ...]) -> Response:
    """What script would do in the page: words go into their box, a name is looked up. Nothing is sent."""
    if form.has("known"):
        _add(form, "how_known", view.tie.evidence)
        return ask_page(request, view, form, people)
    if form.has("opening"):
        found = openings(view, form.reader.language)
        place = form.raw("opening")
        if place.isdecimal() and int(place) < len(found):
            _add(form, "sentence", f"{found[int(place)]} ")
        return ask_page(request, view, form, people)
    name = form.raw("who").strip()[:100]
    matches = await house_of(request).database.read(lambda connection: asks.better_placed(connection, view, name))
    form.fault("to" if matches else "who", WHICH_ONE if matches else NO_SUCH_PERSON)
    return ask_page(request, view, form, matches or people)


def _add(form: Form, name: str, words: str) -> None:
    """After what somebody has typed, which stays as it is."""
    typed = form.raw(name).strip()
    if words.strip() not in typed:
        form.sent[name] = [f"{typed} {words}".lstrip()]


def _look_again(request: Request, with_word: str = "") -> Response:
    """The same link, opened anew: it shows what we have. A reload then repeats nothing."""
    return RedirectResponse(request.url.path + with_word, 303)


token_link(router, "/a/", find, show, act)
