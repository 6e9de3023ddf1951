"""Language, time zone and days off."""

from fastapi import APIRouter, Request
from starlette.responses import Response

import calendars
from models.letters import LANGUAGES
from store.people import person
from telling.languages import phrase
from web.me.settings.steps import Me, done, read, show, zones
from web.shared.house import house_of

router = APIRouter()

NO_ZONE = phrase("Please choose a time zone from the list.")


@router.post("/me/settings/speech")
async def speak(request: Request, me: Me) -> Response:
    form = await read(request, me)
    language, zone = form.choice("language", LANGUAGES), form.raw("zone")
    if zone not in zones():
        form.fault("zone", NO_ZONE)
    if form.faults or language is None:
        return await show(request, me, "speech", form)
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
        return await show(request, me, "days", form)
    await house_of(request).database.write(
        lambda connection: person.keep_days(connection, me.person.id, country or None, region or None)
    )
    return done("days", "days")
