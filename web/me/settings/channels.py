"""Ways to be reached beside the mail address: added, and taken away."""

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from models.ids import ChannelId
from store.people import person
from telling.languages import phrase
from web.me.settings.own_lines import ENOUGH, VALUE, without_address
from web.me.settings.steps import Me, done, read, show
from web.shared.forms import Form
from web.shared.house import house_of

router = APIRouter()

PHONE = set("0123456789+ ()-./")
NO_PHONE = phrase("A telephone number has digits, spaces, and perhaps a + in front.")


@router.post("/me/settings/channels")
async def add_channel(request: Request, me: Me) -> Response:
    form = await read(request, me)
    kind, label = form.choice("kind", ("phone", "link")), without_address(form, "channel_label")
    value = phone(form) if kind == "phone" else form.link("value", VALUE)
    if not value and "value" not in form.faults:
        form.text("value", VALUE, required=True)
    if form.faults or kind is None:
        return await show(request, me, "channels", form)
    house = house_of(request)
    now = house.clock()
    added = await house.database.write(
        lambda connection: person.add_channel(connection, me.person.id, kind, value, label, now)
    )
    if not added:
        form.fault("value", ENOUGH)
        return await show(request, me, "channels", form)
    return done("added", "channels")


@router.post("/me/settings/channels/{channel}/removal")
async def remove_channel(request: Request, me: Me, channel: str) -> Response:
    if not any(each.id == channel for each in me.channels):
        raise HTTPException(404)
    house = house_of(request)
    now = house.clock()
    await house.database.write(
        lambda connection: person.stop_channel(connection, me.person.id, ChannelId(channel), now)
    )
    return done("removed", "channels")


def phone(form: Form) -> str:
    value = form.text("value", VALUE)
    if value and (not set(value) <= PHONE or sum(map(str.isdigit, value)) < 5):
        form.fault("value", NO_PHONE)
    return value
