"""After an introduction one's own page shows how to reach the other; whoever vouched reads what they said and how it
ended."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from models.ids import IntroductionId, WordsId
from models.news import OptedIn
from store.people import person as people
from store.privacy.export.copy import copy_of
from store.tables import person, words
from tests import cast
from tests.cast import CARL, MONDAY, ROSA, TOMOKO
from tests.support.news_phrases import approves, declines, last_ask, vouches
from tests.support.services.databases import Place
from tests.web.house import Visited, visited

TERMS, SENTENCE = WordsId("wrd_terms"), WordsId("wrd_sentence")


@pytest.fixture
async def house(place: Place, tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("demo"), place=place) as opened:
        yield opened


async def introduced(house: Visited) -> IntroductionId:
    introduction = await house.engine.asked(cast.opening("demo"))
    for key, owner, kind, body in (
        (TERMS, TOMOKO, "terms", "Twenty minutes,\nnot more."),
        (SENTENCE, CARL, "sentence", "Rosa builds what lasts."),
    ):
        row = {"id": key, "introduction": introduction, "owner": owner.id, "kind": kind, "body": body, "at": MONDAY}
        await house.database.write(lambda c, row=row: c.execute(insert(words).values(row)))  # type: ignore[misc]
    await house.engine.hear(
        introduction,
        vouches(CARL, SENTENCE),
        lambda i: OptedIn(ask=last_ask(i, TOMOKO.id), by=TOMOKO.id, channels=(cast.TOMOKOS_MAIL,), terms=TERMS),
        lambda i: OptedIn(ask=last_ask(i, ROSA.id), by=ROSA.id, channels=(cast.ROSAS_MAIL,)),
    )
    return introduction


async def test_each_finds_the_others_contact_and_the_terms_once_they_are_introduced_and_nothing_added_since(
    house: Visited,
) -> None:
    introduction = await introduced(house)
    rosa, tomoko, carl = [await house.signed_in(each) for each in (ROSA, TOMOKO, CARL)]
    assert "tomoko@" not in (await rosa.get("/me")).text
    assert "rosa@" not in (await tomoko.get("/me")).text.replace(f'"{ROSA.address}', "")
    house.clock.passes(timedelta(seconds=10))
    await house.engine.time_passes(introduction)

    def more(connection):  # type: ignore[no-untyped-def]
        people.add_channel(connection, TOMOKO.id, "phone", "+81 3 1234 5678", "", house.clock())
        connection.execute(update(person).where(person.c.id == TOMOKO.id).values(headline="Moved to Mars"))

    await house.database.write(more)
    hers = (await rosa.get("/me")).text
    assert 'href="mailto:tomoko@example.test"' in hers
    assert "Twenty minutes,\nnot more." in hers
    assert "1234" not in hers
    assert "Mars" not in hers
    assert f'href="mailto:{ROSA.address}"' in (await tomoko.get("/me")).text
    of_carl = (await carl.get("/me")).text
    assert "tomoko@" not in of_carl
    assert "Twenty minutes" not in of_carl
    given = await house.database.read(lambda c: copy_of(c, ROSA.id, house.clock()).sections["what_you_were_given"])
    assert [(each["ways"], each["terms"]) for each in given] == [
        (["tomoko@example.test"], "Twenty minutes,\nnot more.")
    ]


async def test_who_vouched_reads_what_they_said_for_whom_and_how_it_ended_and_before_that_only_their_own_part(
    house: Visited, tmp_path: Path
) -> None:
    introduction = await introduced(house)
    carl = await house.signed_in(CARL)
    page = (await carl.get("/me")).text
    for shown in (
        "Rosa Prieto to Tomoko Abe",
        "Rosa builds what lasts.",
        "You vouched for them",
        "you can read here how it ended",
    ):
        assert shown in page
    assert "Nothing so far" not in page
    while not house.engine.states[introduction].closed:
        house.clock.passes(timedelta(minutes=10))
        await house.engine.time_passes(introduction)
    assert "It came together" in (await carl.get("/me")).text
    made = await house.database.read(lambda c: copy_of(c, CARL.id, house.clock()).sections["introductions_you_made"])
    assert [(each["sentence"], each["heard"]) for each in made] == [("Rosa builds what lasts.", "came_together")]


async def test_a_no_of_the_target_and_silence_read_the_same_to_the_connector_and_no_earlier(house: Visited) -> None:
    """As disclosure has it: a word only once the connector is told."""
    introduction = await house.engine.asked(cast.opening("demo"))
    await house.engine.hear(introduction, approves(CARL))
    carl = await house.signed_in(CARL)
    before = (await carl.get("/me")).text
    assert "you can read here how it ended" in before
    await house.engine.hear(introduction, declines(TOMOKO))
    if not house.engine.states[introduction].closed:
        assert "you can read here how it ended" in (await carl.get("/me")).text
    while not house.engine.states[introduction].closed:
        house.clock.passes(timedelta(minutes=10))
        await house.engine.time_passes(introduction)
    after = (await carl.get("/me")).text
    assert "It did not come together" in after
    assert "decline" not in after.casefold()
