"""One's own photo: handed in, shown to others or not, and taken away."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from images.results import PHOTO
from store.people import photos
from telling.languages import phrase
from web.me.boundaries import own_nonce
from web.me.settings.steps import Me, done, show
from web.shared.forms import Form
from web.shared.house import house_of
from web.shared.sessions import reader_like
from web.shared.uploads import picture_in

router = APIRouter()

NO_FILE = phrase("Please choose a file with your photo.")


@router.post("/me/settings/photo")
async def keep(request: Request, me: Me) -> Response:
    """Without a file, what is there is shown or hidden."""
    house = house_of(request)
    async with request.form(max_files=1, max_fields=10) as sent:
        form = Form(sent, reader_like(request, me))
        own_nonce(request, me, form.raw("nonce"))
        picture = await picture_in(form, "photo", sent.get("photo"), PHOTO)
    if picture is None and me.person.photo is None:
        form.fault("photo", NO_FILE)
    if form.faults:
        return await show(request, me, "photo", form)
    who, now, shown = me.person.id, house.clock(), form.ticked("photo_shown")
    if picture:
        await house.database.write(lambda connection: photos.keep(connection, who, picture, now, shown=shown))
    else:
        await house.database.write(lambda connection: photos.show(connection, who, shown=shown))
    return done("photo", "photo")


@router.post("/me/settings/photo/removal")
async def remove(request: Request, me: Me) -> Response:
    own_nonce(request, me, Form(await request.form(), reader_like(request, me)).raw("nonce"))
    await house_of(request).database.write(lambda connection: photos.remove(connection, me.person.id))
    return done("removed", "photo")
