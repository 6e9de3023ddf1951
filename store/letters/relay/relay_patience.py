"""Patience with a relay that is away. Three days and more; then it is given up, as if refused."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from store.letters import delivery_results, outbox
from store.tables import letter

GIVEN_UP_AFTER = timedelta(hours=76)  # L7 asks for 72; the same as a letter that is refused for now again and again
WHY = "the relay was away for three days"


def relay_is_away(connection: Connection, now: datetime) -> int:
    """Letters that are due wait from now on, or have waited long enough; how many are given up."""
    due = (letter.c.state == "planned", letter.c.next_try_at <= now, letter.c.not_before <= now)
    connection.execute(update(letter).where(*due, letter.c.waits_since.is_(None)).values(waits_since=now))
    given_up = outbox.waiting_since(connection, now - GIVEN_UP_AFTER)
    return sum(delivery_results.failed_unsent(connection, each, WHY, now) for each in given_up)
