"""Addresses of a person's own pages. Fixed words first, so that no link's token is ever taken for one of them."""

from fastapi import APIRouter

from web.me import boundaries, end_of_rest, erasure, export, overview, private_notes, sign_in
from web.me.settings import channels, face, photo, speech, steps

router = APIRouter()
router.include_router(overview.router)
router.include_router(face.router)
router.include_router(photo.router)
router.include_router(channels.router)
router.include_router(speech.router)
router.include_router(steps.router)
router.include_router(boundaries.router)
router.include_router(erasure.router)
router.include_router(export.router)
router.include_router(end_of_rest.router)
router.include_router(private_notes.router)
router.include_router(sign_in.router)
