"""The address of the button that Enter presses in a form: nothing is read, kept or answered, and the page stays."""

from fastapi import APIRouter, Response

router = APIRouter()


@router.post("/nothing", status_code=204)
async def do_nothing() -> Response:
    """Browsers stay where they are at a 204, and whatever was typed stays in its fields."""
    return Response(status_code=204)
