"""Retention, carried out. Once a day, by whichever mailroom comes first."""

from mailroom.room import Room, log
from store.engine.database import DatabaseAway
from store.privacy import retention


async def carry_out_retention(room: Room) -> None:
    now = room.clock()
    if not await room.database.read(lambda connection: retention.is_due(connection, now)):
        return
    runs = await room.database.write(lambda connection: retention.keep(connection, now))
    gone = sum(each.gone for each in runs)
    log.info("retention.done gone=%s", gone)
    if gone:
        try:
            await room.database.forget()
        except DatabaseAway:
            log.info("retention.log_busy")  # it is emptied by itself later on
