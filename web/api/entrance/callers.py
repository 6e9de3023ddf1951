"""Callers and their keys. One Authorization header with one live key; without it every door looks alike."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from store.access.api_keys import ApiKey, Scope, holder_of
from web.api.entrance.rates import Rates
from web.shared.house import House, house_of
from web.shared.http.problems import Refusal
from web.shared.http.rate_limits import Rate

_bearer = HTTPBearer(auto_error=False, scheme_name="key", description="`Authorization: Bearer ibk_…`")
NO_KEY = {"www-authenticate": "Bearer"}


async def _caller(request: Request, _: Annotated[object, Depends(_bearer)]) -> ApiKey:
    house = house_of(request)
    given = request.headers.getlist("authorization")
    scheme, _, raw = (given[0] if len(given) == 1 else "").partition(" ")
    key = await _holder(house, raw.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        _count(request, rates_of(request).of_strangers, request.client.host if request.client else "")
        raise Refusal(401, "unauthorized", headers=NO_KEY)
    _count(request, rates_of(request).of_key, key.id)
    return key


async def _holder(house: House, raw: str) -> ApiKey | None:
    now = house.clock()
    return await house.database.read(lambda connection: holder_of(connection, house.keys, raw, now))


async def _reader(key: Annotated[ApiKey, Depends(_caller)]) -> ApiKey:
    return _allowed(key, Scope.READ)


async def _writer(request: Request, key: Annotated[ApiKey, Depends(_caller)]) -> ApiKey:
    _count(request, rates_of(request).of_writes, key.id)
    return _allowed(key, Scope.WRITE)


async def _keeper(request: Request, key: Annotated[ApiKey, Depends(_caller)]) -> ApiKey:
    _count(request, rates_of(request).of_writes, key.id)
    return _allowed(key, Scope.PEOPLE)


async def _staff(request: Request, key: Annotated[ApiKey, Depends(_caller)]) -> ApiKey:
    if request.method != "GET":
        _count(request, rates_of(request).of_writes, key.id)
    return _allowed(key, Scope.STAFF)


AnyKey = Annotated[ApiKey, Depends(_caller)]
ReadingKey = Annotated[ApiKey, Depends(_reader)]
Writer = Annotated[ApiKey, Depends(_writer)]
Keeper = Annotated[ApiKey, Depends(_keeper)]
StaffKey = Annotated[ApiKey, Depends(_staff)]


def rates_of(request: Request) -> Rates:
    rates = request.app.state.rates
    assert isinstance(rates, Rates)
    return rates


def _allowed(key: ApiKey, scope: Scope) -> ApiKey:
    if scope not in key.scopes:
        raise Refusal(403, "forbidden")
    return key


def _count(request: Request, rate: Rate, caller: str) -> None:
    seconds = rate.wait(caller, house_of(request).clock())
    if seconds:
        raise Refusal(429, "too_many_requests", headers={"retry-after": str(seconds)})
