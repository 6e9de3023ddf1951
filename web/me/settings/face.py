"""What others see of somebody: name, headline, topics, public places, and where they are listed."""

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from models.request.links import is_reachable
from models.request.names import CALLED, clean_called
from models.request.plain_text import (
    HEADLINE_LIMIT,
    NAME_LIMIT,
    TOPIC_COUNT,
    TOPIC_LIMIT,
    Unfit,
    clean_name,
    mixes_scripts,
)
from store.people import person, photos
from store.people.names import corrections
from store.people.photos import Place
from telling.languages import phrase
from web.me.settings.own_lines import ENOUGH, REACHABLE, VALUE, without_address
from web.me.settings.steps import Me, done, read, show
from web.shared.forms import EMPTY, Form
from web.shared.house import house_of

router = APIRouter()

NO_NAME = phrase("At most %(limit)s characters, on one line, with nothing hidden in them.")
NO_CALLED = phrase(
    "At most %(limit)s letters, and a name alone: words of your name, and one other at most, such as a short form."
)
MIXED = phrase("This name has letters of different alphabets that look alike. Please write it in one.")
OFTEN = phrase("You have changed your name several times lately. Please write to the programme.")
LONG_TOPIC = phrase("A topic has %(limit)s characters at most. Please shorten “%(topic)s”.")
MANY_TOPICS = phrase("Please keep %(limit)s topics at most; you have %(found)s.")


@router.post("/me/settings/name")
async def call(request: Request, me: Me) -> Response:
    """Their name as they write it, and what they are called after its first mention."""
    form, house = await read(request, me), house_of(request)
    name = _name(form)
    called = _called(form, name)
    if form.faults:
        return await show(request, me, "name", form)
    now = house.clock()

    def keep(connection: Connection) -> bool:
        is_kept = corrections.correct(connection, me.person.id, name, now)
        if is_kept:
            person.call(connection, me.person.id, called)
        return is_kept

    if not await house.database.write(keep):
        form.fault("name", OFTEN)
        return await show(request, me, "name", form)
    return done("called")


def _name(form: Form) -> str:
    """As a name anywhere here: on one line, with nothing hidden in it, in letters of one alphabet."""
    found = clean_name(form.raw("name"))
    if isinstance(found, str) and not mixes_scripts(found) and not is_reachable(found):
        return found
    mixed = isinstance(found, str) and mixes_scripts(found)
    why = MIXED if mixed else REACHABLE if isinstance(found, str) else EMPTY if found is Unfit.EMPTY else NO_NAME
    form.fault("name", why, limit=NAME_LIMIT)
    return ""


def _called(form: Form, name: str) -> str:
    """Empty where their name is to tell it. Beside a name that cannot stand, it is looked at with the next one."""
    typed = form.raw("called")
    if not typed.strip() or not name:
        return ""
    found = clean_called(typed, name)
    if isinstance(found, str) and not mixes_scripts(found):
        return found
    form.fault("called", MIXED if isinstance(found, str) else NO_CALLED, limit=CALLED)
    return ""


@router.post("/me/settings/face")
async def present(request: Request, me: Me) -> Response:
    """What stands beside their name, and in which programmes they are listed at all."""
    form = await read(request, me)
    headline = without_address(form, "headline", HEADLINE_LIMIT)
    words = topics_of(form)
    listed = frozenset(form.all("listed"))
    if form.faults:
        return await show(request, me, "face", form)

    def keep(connection: Connection) -> None:
        person.present(connection, me.person.id, headline, words)
        person.list_in(connection, me.person.id, listed)

    await house_of(request).database.write(keep)
    return done("presented")


def topics_of(form: Form) -> tuple[str, ...]:
    """With commas between them, each once; none is cut, and none left out."""
    typed = form.line("topics", (TOPIC_LIMIT + len(", ")) * TOPIC_COUNT)
    topics = tuple(dict.fromkeys(topic for each in typed.split(",") if (topic := each.strip())))
    if too_long := next((topic for topic in topics if len(topic) > TOPIC_LIMIT), None):
        form.fault("topics", LONG_TOPIC, limit=TOPIC_LIMIT, topic=too_long)
    if len(topics) > TOPIC_COUNT:
        form.fault("topics", MANY_TOPICS, limit=TOPIC_COUNT, found=len(topics))
    return topics


@router.post("/me/settings/places")
async def add_place(request: Request, me: Me) -> Response:
    form = await read(request, me)
    label = without_address(form, "place_label", required=True)
    url = form.link("place_url", VALUE)
    if not url and "place_url" not in form.faults:
        form.text("place_url", VALUE, required=True)
    if form.faults:
        return await show(request, me, "places", form)
    new = Place(label=label, url=url)
    if not await house_of(request).database.write(lambda connection: person.add_place(connection, me.person.id, new)):
        form.fault("place_label", ENOUGH)
        return await show(request, me, "places", form)
    return done("added", "places")


@router.post("/me/settings/places/showing")
async def show_places(request: Request, me: Me) -> Response:
    shown = (await read(request, me)).ticked("places_shown")
    await house_of(request).database.write(lambda connection: photos.show_places(connection, me.person.id, shown=shown))
    return done("shown", "places")


@router.post("/me/settings/places/removal")
async def remove_place(request: Request, me: Me) -> Response:
    url = (await read(request, me)).raw("url")
    await house_of(request).database.write(lambda connection: person.remove_place(connection, me.person.id, url))
    return done("removed", "places")
