"""A request changed while it is under way. On one page: its words, what a change means, and send."""

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, HTTPException, Request
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from models.acts import FIELDS
from models.ids import ChannelId, IntroductionId
from models.news import Edited
from models.process.state.opening import MadeBy
from models.process.verdict import Refused
from models.request.faults import Fault
from models.request.wish import choice_of, own_words_of, wish_of
from store.journal.state import as_people_said
from store.people.person import Profile
from store.requests import edits
from store.requests.edits import Changed, Written
from store.views.own import participation
from store.views.own.participation import MyRequest
from telling.languages import phrase
from telling.refusals import WORDS
from web.ask.draft import answers_in
from web.ask.pages import by_field
from web.shared.acts.own_acts import against, look_once_more
from web.shared.acts.press import known_by
from web.shared.acts.submit_news import hand_in, sent_before
from web.shared.agreement_wording import wording_of
from web.shared.error_pages import StaleStep
from web.shared.house import house_of
from web.shared.http.security import new_nonce, read_nonce
from web.shared.rendering import page
from web.shared.sessions import reader_like, somebody

router = APIRouter()
Me = Annotated[Profile, Depends(somebody)]

FAULTY, STALE = 422, 409
NOTHING_NEW = phrase("Nothing has changed: these are the words as they stand.")
CHANGED_MEANWHILE = phrase(
    "This request was changed in another window, and your new words were not sent. They are in the fields; its words "
    "as they stand now are beside them."
)
EDITED = "edited"
ON_ITS_WAY = phrase("A change of yours is on its way. Please look again in a minute.")


class EditDesk(NamedTuple):
    """What stands on the page, and what was typed over it."""

    written: Written
    whom: str | None
    changed: Changed
    advice: str | None = None  # an operator sent the request back with it

    @property
    def wanted(self) -> str:
        """Which choice is made."""
        return choice_of(self.changed.wanted)

    @property
    def wanted_words(self) -> str:
        return own_words_of(self.changed.wanted)


@router.get("/me/requests/{introduction}/edit")
async def write(request: Request, me: Me, introduction: str) -> Response:
    return _page(request, me, await _desk(request, me, introduction))


@router.post("/me/requests/{introduction}/edit")
async def send(request: Request, me: Me, introduction: str) -> Response:
    """Nothing is asked of anybody before these words are fit; then they are kept with the news, once."""
    form, house = await request.form(max_files=0, max_fields=50), house_of(request)
    kept_as = read_nonce(house.keys, _bound_to(me, introduction), str(form.get("nonce", "")))
    if kept_as is None:
        raise HTTPException(422)
    press = known_by(kept_as, form)
    if before := await sent_before(house, IntroductionId(introduction), press):  # the same page, sent twice
        return RedirectResponse(f"/me?said={before.reason or EDITED}", 303)
    desk = await _desk(request, me, introduction)
    desk = desk._replace(changed=_typed(form, desk, _wording(request, me, desk)))
    if str(form.get("version", "")) != str(desk.written.version):
        return _both_versions(request, me, desk)
    if desk.written.waiting:
        return _page(request, me, desk, status=STALE)
    if _says_the_same(desk):
        return _page(request, me, desk, notice=NOTHING_NEW, status=FAULTY)
    return await _keep(request, me, desk, press)


async def _keep(request: Request, me: Profile, desk: EditDesk, press: str) -> Response:
    house, now = house_of(request), house_of(request).clock()
    introduction = desk.written.introduction
    found = await house.database.read(
        lambda connection: edits.faults(connection, desk.written, desk.changed, MadeBy.REQUESTER, now)
    )
    if found:
        return _page(request, me, desk, found, status=FAULTY)
    news = edits.news_of(desk.written, desk.changed, me.person.id, "requester")

    def check(connection: Connection) -> None:
        """Words sent at the same moment from another window, or by a program: those stand, and not these."""
        if not edits.are_still(connection, desk.written):
            raise StaleStep
        look_once_more(connection, introduction, news, now)

    def beside(connection: Connection) -> None:
        edits.keep(connection, desk.written, desk.changed, news, now)

    try:
        verdict = await hand_in(house, introduction, news, via="own_page", nonce=press, check=check, beside=beside)
    except StaleStep:
        changed = (await _desk(request, me, introduction))._replace(changed=desk.changed)
        return (
            _page(request, me, changed, status=STALE)
            if changed.written.waiting
            else _both_versions(request, me, changed)
        )
    if isinstance(verdict, Refused):
        return _page(request, me, desk, notice=WORDS[verdict.reason], status=STALE)
    return RedirectResponse(f"/me?said={EDITED}", 303)


def _both_versions(request: Request, me: Profile, desk: EditDesk) -> Response:
    """What they wrote, over what the request says now; what is shared needs a yes of its own."""
    unticked = desk.changed.model_copy(update={"channels": ()})
    return _page(request, me, desk._replace(changed=unticked), notice=CHANGED_MEANWHILE, status=STALE, is_behind=True)


async def _desk(request: Request, me: Profile, introduction: str) -> EditDesk:
    """Only one's own request, and only while the core would take a change of it."""
    now = house_of(request).clock()

    def look(connection: Connection) -> tuple[Written | None, MyRequest | None]:
        mine = participation.requests(connection, me.person.id)
        this = next((each for each in mine if each.introduction == introduction), None)
        stands = as_people_said(connection, [this.introduction], now).get(this.introduction) if this else None
        return edits.written(connection, stands) if stands else None, this

    found, theirs = await house_of(request).database.read(look)
    if theirs is None or found is None:
        raise HTTPException(404)
    if against(found.state, Edited(by=me.person.id), now) and not found.waiting:  # they read that a change waits
        raise HTTPException(404)
    texts = {name: found.texts.get(name, "") for name in FIELDS}
    changed = Changed(
        **texts, answers=found.answers, channels=()
    )  # nothing is ticked: these words need a yes of their own
    return EditDesk(found, theirs.whom, changed, theirs.advice)


def _page(
    request: Request,
    me: Profile,
    desk: EditDesk,
    found: tuple[Fault, ...] = (),
    notice: str = "",
    status: int = 200,
    *,
    is_behind: bool = False,
) -> Response:
    reader, house = reader_like(request, me), house_of(request)
    if desk.written.waiting and not notice:
        notice = ON_ITS_WAY
    facts: dict[str, Any] = {
        "me": me,
        "desk": desk,
        "channels": _own_channels(me),
        "shares": _shares(desk),
        "left": desk.written.opening.policy.requester.edits - desk.written.state.edits,
        "faults": by_field(found, reader),
        "notice": notice,
        "is_behind": is_behind,
        "nonce": new_nonce(house.keys, _bound_to(me, desk.written.introduction)),
        "embedded": house.embedded,
    }
    return page(request, "me/edit.html", reader, status, **facts)


def _typed(form: FormData, desk: EditDesk, wording: str) -> Changed:
    texts = {name: _as_text(form.get(name, "")) for name in desk.written.fields}
    texts["wanted"] = wish_of(texts["wanted"], _as_text(form.get("wanted_words", "")))
    ticked = tuple(ChannelId(str(each)) for each in form.getlist("channels"))
    return Changed(**texts, answers=answers_in(form), channels=ticked, wording=wording if ticked else "")


def _as_text(typed: object) -> str:
    return str(typed).replace("\r\n", "\n")


def _says_the_same(desk: EditDesk) -> bool:
    before = {name: desk.written.texts.get(name, "").strip() for name in FIELDS}
    now = {name: text.strip() for name, text in desk.changed.texts.items()}
    answered = desk.changed.answers == desk.written.answers
    return (
        before == now and answered and (not _shares(desk) or set(desk.changed.channels) == set(desk.written.channels))
    )


def _shares(desk: EditDesk) -> bool:
    """Whether the requester agrees with the request itself to what is shared, as at the door."""
    return desk.written.state.agrees_in_its_words


def _own_channels(me: Profile) -> tuple[Any, ...]:
    return tuple(me.channels)


def _wording(request: Request, me: Profile, desk: EditDesk) -> str:
    shown = {"me": me, "desk": desk, "shares": _shares(desk)}
    return wording_of(request, "edit", "me/edit_agreement.html", reader_like(request, me), **shown)


def _bound_to(me: Profile, introduction: str) -> str:
    return f"edit {me.person.id} {introduction}"
