"""Zone law that changes while introductions wait. Whoever counts by an older one is told what has changed."""

from mailroom.room import Room, log
from store.steps import clock_law


async def tell_of_new_law(room: Room) -> None:
    """Each open introduction in turn; after the first round with a new `tzdata` there are none left to tell."""
    now, after = room.clock(), ""
    while found := await room.database.read(lambda connection, last=after: clock_law.behind(connection, last)):  # type: ignore[misc]
        for each in found:
            if await room.database.write(lambda connection, which=each: clock_law.tell(connection, which, now)):  # type: ignore[misc]
                log.info("clocks.changed introduction=%s", each)
        after = found[-1]
