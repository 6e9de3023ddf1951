"""The drain of the outbox. Letters claimed by a free hand, started at the gate, carried to the relay, accounted for."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from sqlalchemy import Connection

from mailroom.loops.age import Older, hold
from mailroom.room import Room, log, pause
from mailroom.transport.relay import Accepted, NotSent, RelayAnswer, RelayRefused, Unknown
from models.ids import LetterId
from store.engine.database import DatabaseAway
from store.installation import age
from store.letters import delivery_results, outbox
from store.letters.outbox import Letter
from store.letters.relay import relay_patience
from store.letters.start_letter import Started, start

AWAY = timedelta(seconds=5)  # between two looks at a relay that cannot be reached
TRIES_TO_RECORD = 6


async def drain(room: Room, stop: asyncio.Event) -> None:
    """Carry letters until told to stop; a letter under way is carried to its end."""
    async with Hands(room) as hands:
        while not stop.is_set():
            try:
                wait = await hands.take()
            except DatabaseAway:
                wait = room.poll
            except Exception as bug:  # a mailroom that stops for one letter would stop for all
                log.exception("drain.stumbled error=%s", type(bug).__name__)
                wait = room.poll
            await pause(stop, wait)


class LettersClaimed(NamedTuple):
    """What a mailroom has taken; while everything is held, ways in only."""

    letters: list[LetterId]
    is_held: bool


class Hands:
    """So many letters are carried at the same time, and a slow one keeps one hand busy and no other."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._carrying: set[asyncio.Task[None]] = set()

    async def take(self) -> timedelta:
        """Give each free hand a letter that is due; how long there is nothing to do afterwards."""
        free, now = await self._free(), self._room.clock()
        if not self._room.may_send():
            return self._room.poll
        due = await self._room.database.read(outbox.next_due)
        if due is None or due > now:
            return min(self._room.poll, due - now) if due else self._room.poll
        if not await self._room.relay.ready():
            log.warning("relay.away")
            await self._room.database.write(lambda connection: relay_patience.relay_is_away(connection, now))
            return AWAY
        try:
            claimed = await claim(self._room, now, free)
        except Older:
            await hold(self._room, "older")
            return self._room.poll
        for each in claimed.letters:
            self._carry(each)
        return self._room.poll if claimed.is_held and not claimed.letters else timedelta()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._carrying:
            await asyncio.wait(self._carrying)

    async def _free(self) -> int:
        while len(self._carrying) >= self._room.hands:
            await asyncio.wait(self._carrying, return_when=asyncio.FIRST_COMPLETED)
        return self._room.hands - len(self._carrying)

    def _carry(self, letter_id: LetterId) -> None:
        task = asyncio.create_task(_carry(self._room, letter_id))
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)


async def claim(room: Room, now: datetime, free: int) -> LettersClaimed:
    """Letters that are due, once the database has counted on and this folder has kept it."""
    seen, is_new = (room.age.number, room.age.number is None) if room.age else (None, False)

    def take(connection: Connection) -> tuple[int | None, list[LetterId]]:
        counted = None if is_new else age.count_on(connection, now)
        if counted is not None and seen is not None and counted <= seen:
            raise Older
        held = age.held(connection) if counted is None else None
        held_since = held.at if held else now if is_new else None
        return counted, outbox.claim(connection, room.name, now, free, held_since)

    counted, letters = await room.database.write(take)
    if counted is not None and room.age:
        await asyncio.to_thread(room.age.keep, counted)
    return LettersClaimed(letters, is_held=counted is None)


async def _carry(room: Room, letter_id: LetterId) -> None:
    try:
        started = await _start(room, letter_id)
        if started:
            await _record(room, started, await _hand_over(room, started))
    except DatabaseAway:
        log.warning("letter.left id=%s", letter_id)
    except Exception as bug:
        log.exception("letter.left id=%s error=%s", letter_id, type(bug).__name__)


async def _start(room: Room, letter_id: LetterId) -> Started | None:
    now = room.clock()
    return await room.database.write(
        lambda connection: start(connection, letter_id, room.name, room.keys, room.domain, now)
    )


async def _hand_over(room: Room, started: Started) -> RelayAnswer:
    letter = started.letter
    try:
        message = room.write(started, room.clock())
    except Exception as fault:  # a template's or a view's; the letter has not left, and says so
        log.exception("letter.unwritten id=%s kind=%s", letter.id, letter.kind)
        return NotSent(said=f"{type(fault).__name__} on writing")
    if not letter.started_at or room.clock() - letter.started_at > room.start_is_fresh_for:
        return NotSent(said="started too long ago")
    if letter.may_have_left:
        return await _asked_again(room, letter) or await _send(room, started, message)
    return await _send(room, started, message)


async def _asked_again(room: Room, letter: Letter) -> RelayAnswer | None:
    """It was due in a database that is lost: the relay says whether it has it, or nobody can. None: it has not."""
    arrived = await room.relay.knows(letter.message_id or "")
    if arrived is None:
        return Unknown(said="it may have left before the database was brought back")
    return Accepted(said="the relay has it") if arrived else None


async def _send(room: Room, started: Started, message: bytes) -> RelayAnswer:
    letter = started.letter
    assert letter.started_at
    sender = room.returns.of(letter.id, letter.started_at) if room.returns else ""
    return await room.relay.send(message, started.address.value, letter.message_id or "", sender)


async def _record(room: Room, started: Started, outcome: RelayAnswer) -> None:
    """What became of it. Where even this cannot be written down, the letter stays started, and its lease tells."""
    letter, work = started.letter, settle(room, started, outcome, room.clock())
    for attempt in range(TRIES_TO_RECORD):
        try:
            await room.database.write(work)
            log.info("letter.%s id=%s kind=%s", outcome_name(outcome), letter.id, letter.kind)
            return
        except DatabaseAway:
            await asyncio.sleep(0.1 * 2**attempt)
    log.error("letter.unrecorded id=%s outcome=%s", letter.id, outcome_name(outcome))


def settle(room: Room, started: Started, outcome: RelayAnswer, now: datetime) -> Callable[[Connection], bool]:
    """The unit of work that writes this outcome down."""
    letter = started.letter
    match outcome:
        case Accepted(said=said):
            return lambda connection: delivery_results.accepted(connection, letter, said, now)
        case Unknown(said=said):
            return lambda connection: delivery_results.unknown(connection, letter, said, now)
        case RelayRefused(said=said, permanent=True, blames_address=blames, is_policy=by_policy):
            dead = started.address.value if blames else None
            return lambda connection: delivery_results.refused(
                connection, letter, said, now, dead_address=dead, by_policy=by_policy
            )
        case RelayRefused(said=said) | NotSent(said=said):
            return lambda connection: delivery_results.not_sent(connection, letter, said, now, room.retries)


def outcome_name(outcome: RelayAnswer) -> str:
    return {Accepted: "accepted", Unknown: "unknown", RelayRefused: "refused", NotSent: "not_sent"}[type(outcome)]
