"""Erasure carried through. Everything hears of it, then the words go, then Temporal's histories.

Each step is a row's state moved on, so that a mailroom killed at any instant, or another one beside it, goes on from
there; each is safe to repeat.
"""

from typing import Protocol

from mailroom.loops.erasure_journal import write_down
from mailroom.room import Room, log
from models.ids import IntroductionId, PersonId
from store.engine.database import DatabaseAway
from store.privacy.erasure import deletion, jobs, records_of
from store.privacy.erasure.jobs import ErasureJob
from workflows.client import Away, Gone, StillThere


class Executions(Protocol):
    """What Temporal holds of introductions, as far as it is to be deleted."""

    async def forget(self, introduction: IntroductionId) -> Gone | StillThere | Away: ...

    async def with_person(self, person: PersonId) -> tuple[IntroductionId, ...] | Away: ...


async def carry_erasures(room: Room, executions: Executions) -> None:
    """Each erasure that is due, as far as it can go now."""
    now = room.clock()
    for each in await room.database.read(lambda connection: jobs.due(connection, now)):
        await _carry(room, executions, each)


async def _carry(room: Room, executions: Executions, which: ErasureJob) -> None:
    going: ErasureJob | None = which
    while going and going.state != "done":
        before = going.state
        going = await _step(room, executions, going)
        if going is None or going.state == before:
            return


async def _step(room: Room, executions: Executions, which: ErasureJob) -> ErasureJob | None:
    """The erasure as it stands after its next step, or where it has to wait."""
    match which.state:
        case "asked":
            moved = await _wipe(room, which)
        case "wiped":
            moved = await _clean(room, which)
        case _:
            moved = await _delete_executions(room, executions, which)
    if not moved:
        now = room.clock()
        await room.database.write(lambda connection: jobs.try_again(connection, which, now))
    return await room.database.read(lambda connection: jobs.get(connection, which.id))


async def _wipe(room: Room, which: ErasureJob) -> bool:
    """Once everything under way has heard it, or Temporal has been away too long to wait for."""
    now = room.clock()
    await room.database.write(lambda connection: jobs.tell(connection, which, now))
    heard = await room.database.read(lambda connection: jobs.is_heard(connection, which))
    if not heard and now - which.asked_at < jobs.HEARD_WITHIN:
        return False
    write_down(room.journal, which)
    if await room.database.write(lambda connection: deletion.carry_out(connection, which, now)):
        log.info("erasure.wiped id=%s", which.id)
    return True


async def _clean(room: Room, which: ErasureJob) -> bool:
    """A deleted row may still stand in the file, or in the log of writes."""
    try:
        await room.database.forget()
    except DatabaseAway:
        return False
    now = room.clock()
    return await room.database.write(lambda connection: jobs.step(connection, which, "forgotten", now))


async def _delete_executions(room: Room, executions: Executions, which: ErasureJob) -> bool:
    """What Temporal keeps of their introductions holds ids only; it goes as soon as each has closed."""
    now = room.clock()
    # A letter that was on its way when they were forgotten may have left a copy on the mail page since.
    if await room.database.write(lambda connection: deletion.again(connection, which, now)):
        await room.database.forget()
    known = await room.database.read(lambda connection: records_of.introductions(connection, which.person))
    listed = await executions.with_person(which.person)
    if isinstance(listed, Away):
        return False
    going_on = set(await room.database.read(lambda connection: records_of.under_way(connection, which.person)))
    everything = sorted({*known, *listed})
    left = [each for each in everything if each in going_on or not await _is_gone(executions, each)]
    if left:
        return False
    done = {"done_at": now, "executions": len(everything)}
    log.info("erasure.done id=%s executions=%s", which.id, len(everything))
    return await room.database.write(lambda connection: jobs.step(connection, which, "done", now, **done))


async def _is_gone(executions: Executions, introduction: IntroductionId) -> bool:
    return isinstance(await executions.forget(introduction), Gone)
