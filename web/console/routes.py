"""Addresses of the console. All under /console, and for anybody else there is nothing here."""

from fastapi import APIRouter

from web.console import (
    acts,
    advising,
    conflicts,
    lending,
    letters,
    lists,
    one,
    pauses,
    people,
    resending,
    steering,
    trouble,
)

router = APIRouter()
router.include_router(lists.router)
router.include_router(one.router, prefix="/console")
router.include_router(acts.router, prefix="/console")
router.include_router(advising.router, prefix="/console")
router.include_router(lending.router, prefix="/console")
router.include_router(resending.router, prefix="/console")
router.include_router(steering.router, prefix="/console")
router.include_router(trouble.router, prefix="/console")
router.include_router(letters.router, prefix="/console")
router.include_router(people.router, prefix="/console")
router.include_router(conflicts.router, prefix="/console")
router.include_router(pauses.router, prefix="/console")
