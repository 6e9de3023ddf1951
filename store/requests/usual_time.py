"""The usual time of a programme: introductions that came about there, read for `models.request.guidance.usual_time`."""

from datetime import datetime

from sqlalchemy import Connection, select

from models.ids import ProgrammeId
from models.request.guidance.usual_time import CameAbout, counted_span, usual_days
from store.tables import introduction

MOST = 400  # the newest; more would say nothing else


def usual_days_of(
    connection: Connection, programme: ProgrammeId, track: str, now: datetime, promised_at: datetime
) -> int | None:
    """Days within which an introduction asked for on this track usually comes about; None where that is not said."""
    since, until = counted_span(now)
    here, given = introduction.c, introduction.c.delivered_at
    query = select(here.requester, here.target, here.connector, here.asked_at, given).where(
        here.programme == programme, given >= since, given < until
    )
    if track:
        query = query.where(here.opening["track"].as_string() == track)
    rows = connection.execute(query.order_by(given.desc(), here.id).limit(MOST)).all()
    past = [
        CameAbout(
            people=tuple(each for each in (row.requester, row.target, row.connector) if each),
            took=row.delivered_at - row.asked_at,
        )
        for row in rows
    ]
    return usual_days(past, promised_at - now)
