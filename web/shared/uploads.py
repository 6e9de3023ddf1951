"""Pictures as a form sends them: drawn anew, or a fault beside their field."""

import asyncio

from starlette.datastructures import UploadFile

from images.cleaning_process import cleaned
from images.results import LOGO, CleanImage, ImageFault, PictureRules
from telling.image_faults import fault_said
from web.shared.forms import Form


async def picture_in(form: Form, name: str, sent: object, rules: PictureRules = LOGO) -> CleanImage | None:
    """None where no file was chosen, which browsers send as a file without a name; or where it cannot be taken."""
    if not isinstance(sent, UploadFile) or not sent.filename:
        return None
    found = await asyncio.to_thread(cleaned, await sent.read(), sent.filename, rules)
    if isinstance(found, ImageFault):
        form.faults[name] = fault_said(found, form.reader.language, rules)
        return None
    return found
