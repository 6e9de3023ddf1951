"""Addresses of the console. All under /console, and for anybody else there is nothing here."""

from fastapi import APIRouter

from web.console.face import page as face
from web.console.hearing import page as hearing
from web.console.introduction import acts, advice, lent_name, page, resent_letters, steering
from web.console.letters import trouble, unknown_letters
from web.console.people import conflicts, members, resting_asks
from web.console.today import lists

router = APIRouter()
router.include_router(lists.router)
router.include_router(page.router, prefix="/console")
router.include_router(acts.router, prefix="/console")
router.include_router(advice.router, prefix="/console")
router.include_router(lent_name.router, prefix="/console")
router.include_router(resent_letters.router, prefix="/console")
router.include_router(steering.router, prefix="/console")
router.include_router(trouble.router, prefix="/console")
router.include_router(unknown_letters.router, prefix="/console")
router.include_router(members.router, prefix="/console")
router.include_router(conflicts.router, prefix="/console")
router.include_router(face.router, prefix="/console")
router.include_router(hearing.router, prefix="/console")
router.include_router(resting_asks.router, prefix="/console")
