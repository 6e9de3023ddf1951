"""Addresses of a person's own pages. Fixed words first, so that no link's token is ever taken for one of them."""

from fastapi import APIRouter

from web.own import boundaries, copying, editing, erasing, notes, overview, returning, settings, signing_in

router = APIRouter()
router.include_router(overview.router)
router.include_router(editing.router)
router.include_router(settings.router)
router.include_router(boundaries.router)
router.include_router(erasing.router)
router.include_router(copying.router)
router.include_router(returning.router)
router.include_router(notes.router)
router.include_router(signing_in.router)
