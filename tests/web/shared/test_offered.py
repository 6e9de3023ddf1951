"""What own page, API and console offer is what the core would take, whatever has happened: no face adds or leaves out.

The core's own answer is walked through every explored state in `tests/models/process/test_possible.py`; here the
functions that the faces call are asked, of what the store holds, at every instant of some lives.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from models.ids import PersonId
from models.letters import Role
from models.news import Held
from models.process.possible import Key, Possible, Staff, possible
from models.process.state.introduction import Introduction
from models.record.staff_knowledge import as_staff_know
from store.access.api_keys import keys_of
from store.journal.ledger import entries
from store.views import progress
from store.views.staff_story import story
from tests import cast
from tests.cast import CARL, OLIVE, PROGRAMME, ROSA, TOMOKO
from tests.support.news_phrases import approves, declines, opts_in, puts_off
from tests.support.play import Said
from tests.web.api.api_client import a_key
from tests.web.house import Visited, visited
from web.api.introductions.requester_view import ADDRESSES, acts_of
from web.shared.acts.own_acts import own_acts
from web.shared.acts.staff_acts import acts_at

HERE = cast.INTRODUCTION
LIVES: dict[str, tuple[Said, ...]] = {
    "introduced": (approves(CARL), opts_in(TOMOKO), opts_in(ROSA)),
    "a no": (approves(CARL), declines(TOMOKO)),
    "later": (approves(CARL), puts_off(TOMOKO, cast.MONDAY + timedelta(days=3)), Held(by=OLIVE.id)),
    "silence": (),
}


@pytest.mark.parametrize("said", LIVES.values(), ids=list(LIVES))
async def test_each_face_offers_what_would_be_taken(tmp_path: Path, said: tuple[Said, ...]) -> None:
    async with visited(tmp_path, cast.policy("demo")) as house:
        await a_key(house)
        await house.engine.asked(cast.opening("demo"))
        for each in (None, *said):
            if each:
                await house.engine.hear(HERE, each)
            await look(house)
        while at := await house.engine.next_instant(HERE):
            house.clock.now = max(at, house.clock.now)
            await house.engine.sweep()
            await house.engine.time_passes(HERE)
            await look(house)
        assert house.engine.states[HERE].closed


async def look(house: Visited) -> None:
    await house.database.read(lambda connection: _compare(connection, house, house.engine.states[HERE]))


def _compare(connection: Connection, house: Visited, stands: Introduction) -> None:
    now = house.clock()
    for role in (Role.REQUESTER, Role.TARGET):
        assert own_acts(connection, [HERE], role, now)[HERE] == possible(stands, role, now).acts
    (key,) = keys_of(connection, PROGRAMME)
    seen = progress.seen(connection, PROGRAMME, HERE, now)
    assert seen
    may = possible(stands, Key(by=PersonId(key.id)), now).acts
    assert acts_of(connection, key, [seen], now)[HERE] == tuple(word for act, word in ADDRESSES.items() if act in may)
    known = as_staff_know(cast.opening("demo"), entries(connection, HERE), now).introduction
    told = story(connection, HERE, now)
    assert told
    staff = possible(known, Staff(by=OLIVE.id), now) if known else Possible()
    offered = acts_at(connection, told, OLIVE.id, now)
    assert (offered.names, offered.undo) == (staff.acts, next(iter(staff.undo.items()), None))
