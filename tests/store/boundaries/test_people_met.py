"""People who asked somebody: they show once a letter has told of it, on that own page and in that copy."""

from datetime import timedelta

from models.ids import PersonId
from models.news import Undone
from store.boundaries.opt_outs_and_blocks import people_met
from store.privacy.export.copy import copy_of
from store.tables import tie
from tests.cast import CARL, ROSA, TOMOKO
from tests.mailroom.conftest import at_desk
from tests.mailroom.desk import Desk
from tests.mailroom.fake_relay import Post
from tests.store.letters.planned_letters import ABOUT_TO_BE
from tests.support.news_phrases import approves, last_ask

__all__ = ["at_desk"]


async def test_whoever_asks_shows_to_the_one_asked_once_the_letter_has_left_and_not_before(at_desk: Desk) -> None:
    case = await at_desk.asked()
    await at_desk.set(tie, tie.c.connector == CARL.id, confirmed_at=None, source="import")
    assert await _told(at_desk, CARL.id) == ([], []), "the connector's letter has not left yet"
    await at_desk.carry(Post())
    assert await _told(at_desk, CARL.id) == ([ROSA.name], [TOMOKO.name])
    await case.hear(approves(CARL))
    assert await _told(at_desk, TOMOKO.id) == ([], []), "for as long as it can be undone"
    await case.hear(Undone(ask=last_ask(case.introduction, CARL.id), by=CARL.id))
    at_desk.passes(timedelta(days=1))
    assert await _told(at_desk, TOMOKO.id) == ([], []), "nobody ever wrote to her"
    await case.hear(approves(CARL))
    at_desk.passes(ABOUT_TO_BE)
    await at_desk.carry(Post())
    assert await _told(at_desk, TOMOKO.id) == ([ROSA.name], [])


async def _told(desk: Desk, who: PersonId) -> tuple[list[str], list[str]]:
    """By whom they were asked, as their settings say; and whom they know, as their copy does."""
    met = await desk.database.read(lambda connection: people_met(connection, who))
    copy = await desk.database.read(lambda connection: copy_of(connection, who, desk.now))
    return [each.name for each in met], [str(row["name"]) for row in copy.sections["people_you_know"]]
