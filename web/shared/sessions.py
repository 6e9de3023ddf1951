"""The person who looks at a page. A cookie leads to a session, a session to a person; nobody else is let in."""

from datetime import timedelta

from fastapi import Request
from sqlalchemy import Connection
from starlette.responses import Response

from store.access import sessions
from store.people import person
from store.people.person import Profile
from telling.languages import Reader
from web.shared.house import House, house_of
from web.shared.looks import wear
from web.shared.rendering import reader_of


class SignInFirst(Exception):
    """This page is somebody's own, and nobody is signed in: the sign-in page is shown instead."""


async def visitor(request: Request) -> Profile | None:
    """Whoever is signed in, as the store has them now."""
    house, raw = house_of(request), cookie_sent(request)
    if not raw:
        return None
    now = house.clock()

    def found(connection: Connection) -> Profile | None:
        who = sessions.holder(connection, raw, now)
        return person.profile(connection, who) if who else None

    profile = await house.database.read(found)
    wear(request, profile.look if profile else None)
    return profile


async def somebody(request: Request) -> Profile:
    """The same for pages that are somebody's own, as a dependency of their routes."""
    found = await visitor(request)
    if found is None:
        raise SignInFirst
    return found


def reader_like(request: Request, profile: Profile | None) -> Reader:
    """In the language and by the clock of whoever is signed in; else as the browser asks."""
    if profile is None:
        return reader_of(request)
    return reader_of(request, profile.person.language, profile.person.zone)


def bound_to(profile: Profile) -> str:
    """What the nonces on this person's pages are bound to."""
    return f"own {profile.person.id}"


def keep_signed_in(response: Response, house: House, raw: str) -> None:
    keep_in_cookie(response, house, cookie_name(house), raw, sessions.LASTS)


def keep_in_cookie(response: Response, house: House, name: str, held: str, lasts: timedelta) -> None:
    """A cookie that no script reads, no other site sends along, and over https no neighbouring host can set."""
    response.set_cookie(
        name,
        held,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=_is_https(house),
        httponly=True,
        samesite="lax",
    )


def cookie_sent(request: Request, name: str | None = None) -> str:
    """What the cookie holds, or nothing. Ours holds no quotes: what takes them off takes seconds for a hostile one."""
    ours = f"{name or cookie_name(house_of(request))}="
    sent = (each.strip() for line in request.headers.getlist("cookie") for each in line.split(";"))
    return next((each.removeprefix(ours) for each in sent if each.startswith(ours)), "")


def forget(response: Response, house: House, name: str | None = None) -> None:
    named = name or cookie_name(house)
    response.delete_cookie(named, path="/", secure=_is_https(house), httponly=True, samesite="lax")


def cookie_name(house: House) -> str:
    return "__Host-introbroker" if _is_https(house) else "introbroker"


def asked_here(house: House) -> str:
    """The name of the cookie of a browser that asked for a sign-in link."""
    return f"{cookie_name(house)}-asked"


def _is_https(house: House) -> bool:
    return house.public_url.startswith("https://")
