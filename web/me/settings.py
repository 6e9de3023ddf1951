"""A person's settings: language, channels, what others see."""

from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, HTTPException, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

import calendars
from models.ids import ChannelId
from models.letters import LANGUAGES
from models.request.plain_text import HEADLINE_LIMIT, NAME_LIMIT, TOPIC_COUNT, TOPIC_LIMIT
from store.boundaries import opt_outs_and_blocks
from store.people import person
from store.people.person import Place, Profile
from store.programmes import kinds
from store.views import members
from telling.languages import phrase
from web.me.confirmations import told
from web.me.countries import countries, regions
from web.shared.forms import Form
from web.shared.house import house_of
from web.shared.http.security import new_nonce
from web.shared.rendering import page
from web.shared.sessions import bound_to, reader_like, somebody

router = APIRouter()
Me = Annotated[Profile, Depends(somebody)]

PHONE = set("0123456789+ ()-./")
LABEL, VALUE = 60, 200
NO_PHONE = phrase("A telephone number has digits, spaces, and perhaps a + in front.")
NO_ZONE = phrase("Please choose a time zone from the list.")
LONG_TOPIC = phrase("A topic has %(limit)s characters at most. Please shorten “%(topic)s”.")
MANY_TOPICS = phrase("Please keep %(limit)s topics at most; you have %(found)s.")
ENOUGH = phrase("You have as many as can be kept. Remove one first.")


@router.get("/me/settings")
async def settings(request: Request, me: Me) -> Response:
    return await show(request, me, {}, {})


@router.post("/me/settings/speech")
async def speak(request: Request, me: Me) -> Response:
    form = await read(request, me)
    language, zone = form.choice("language", LANGUAGES), form.raw("zone")
    if zone not in zones():
        form.fault("zone", NO_ZONE)
    if form.faults or language is None:
        return await show(request, me, form.values, form.faults)
    await house_of(request).database.write(lambda connection: person.speak(connection, me.person.id, language, zone))
    return done("spoken")


@router.post("/me/settings/days")
async def keep_days(request: Request, me: Me) -> Response:
    """Whose weekend and holidays are theirs. Another country has other regions: they are offered once it is kept."""
    form = await read(request, me)
    country = form.choice("country", ("", *calendars.countries()))
    same = country == (me.person.country or "")
    region = form.choice("region", ("", *calendars.regions(country or ""))) if same and form.has("region") else ""
    if form.faults:
        return await show(request, me, form.values, form.faults)
    await house_of(request).database.write(
        lambda connection: person.keep_days(connection, me.person.id, country or None, region or None)
    )
    return done("days")


@router.post("/me/settings/face")
async def present(request: Request, me: Me) -> Response:
    """What stands beside their name, and in which programmes they are listed at all."""
    form = await read(request, me)
    headline, words = form.line("headline", HEADLINE_LIMIT), topics_of(form)
    listed = frozenset(form.all("listed"))
    called = form.line("called", NAME_LIMIT) if form.has("called") else me.person.called
    if form.faults:
        return await show(request, me, form.values, form.faults)

    def keep(connection: Connection) -> None:
        person.present(connection, me.person.id, headline, words)
        person.call(connection, me.person.id, called)
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
    label, url = form.line("place_label", LABEL, required=True), form.link("place_url", VALUE)
    if not url and "place_url" not in form.faults:
        form.text("place_url", VALUE, required=True)
    others = tuple(each for each in me.person.places if each.url != url)  # pressed twice, it is there once
    if len(others) >= person.PLACES:
        form.fault("place_label", ENOUGH)
    if form.faults:
        return await show(request, me, form.values, form.faults)
    kept = (*others, Place(label=label, url=url))
    await house_of(request).database.write(lambda connection: person.keep_places(connection, me.person.id, kept))
    return done("added")


@router.post("/me/settings/places/removal")
async def remove_place(request: Request, me: Me) -> Response:
    url = (await read(request, me)).raw("url")
    kept = tuple(place for place in me.person.places if place.url != url)
    await house_of(request).database.write(lambda connection: person.keep_places(connection, me.person.id, kept))
    return done("removed")


@router.post("/me/settings/channels")
async def add_channel(request: Request, me: Me) -> Response:
    form = await read(request, me)
    kind, label = form.choice("kind", ("phone", "link")), form.line("channel_label", LABEL)
    value = phone(form) if kind == "phone" else form.link("value", VALUE)
    if not value and "value" not in form.faults:
        form.text("value", VALUE, required=True)
    if form.faults or kind is None:
        return await show(request, me, form.values, form.faults)
    house = house_of(request)
    now = house.clock()
    added = await house.database.write(
        lambda connection: person.add_channel(connection, me.person.id, kind, value, label, now)
    )
    if not added:
        form.fault("value", ENOUGH)
        return await show(request, me, form.values, form.faults)
    return done("added")


@router.post("/me/settings/channels/{channel}/removal")
async def remove_channel(request: Request, me: Me, channel: str) -> Response:
    if not any(each.id == channel for each in me.channels):
        raise HTTPException(404)
    house = house_of(request)
    now = house.clock()
    await house.database.write(
        lambda connection: person.stop_channel(connection, me.person.id, ChannelId(channel), now)
    )
    return done("removed")


async def show(request: Request, me: Profile, typed: dict[str, str], faults: dict[str, str]) -> Response:
    """The whole page, with what was typed and what is wrong with it beside its field."""
    house = house_of(request)
    met, looks, most_asks = await house.database.read(
        lambda connection: (
            opt_outs_and_blocks.people_met(connection, me.person.id),
            members.looks(connection, me.person.id),
            kinds.most_asks(connection, me.belongings),
        )
    )
    return page(
        request,
        "me/settings.html",
        reader_like(request, me),
        422 if faults else 200,
        me=me,
        met=met,
        looks=looks,
        most_asks=most_asks,
        typed=typed,
        faults=faults,
        zones=[(zone, zone) for zone in zones()],
        countries=countries(reader_like(request, me)),
        regions=regions(me.person, reader_like(request, me)),
        said=None if faults else told(request),
        nonce=new_nonce(house.keys, bound_to(me)),
        embedded=house.embedded,
    )


async def read(request: Request, me: Profile) -> Form:
    return Form(await request.form(), reader_like(request, me))


def done(what: str) -> Response:
    return RedirectResponse(f"/me/settings?said={what}", 303)


def phone(form: Form) -> str:
    value = form.text("value", VALUE)
    if value and (not set(value) <= PHONE or sum(map(str.isdigit, value)) < 5):
        form.fault("value", NO_PHONE)
    return value


@cache
def zones() -> tuple[str, ...]:
    """The zones people live in, by the name of a place."""
    areas = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    return ("UTC", *sorted(zone for zone in available_timezones() if zone.partition("/")[0] in areas))
