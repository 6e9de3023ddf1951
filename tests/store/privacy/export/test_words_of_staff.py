"""What operators wrote to a person belongs to that person's copy, and goes with them."""

from pathlib import Path

from sqlalchemy import Connection, select

from models.ids import IntroductionId, WordsId
from models.news import Resent, SentBack
from store.asks.answer_attachments import Kept
from store.privacy.export.copy import Rows, copy_of
from store.tables import words
from tests.cast import CARL, OLIVE, ROSA, TOMOKO, Person, opening, policy
from tests.models.exploration.causes import screened
from tests.store.privacy.erasure.house import Home, home
from tests.support.news_phrases import last_ask

ADVICE, LINE = "Say in one sentence what you offer her.", "Your mailbox was full last week."
READ = policy("accelerator")


async def test_advice_is_in_the_requesters_copy_and_goes_with_her(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        introduction = await asked_to_read(here)
        words_id = await written(here, introduction, "advice", ADVICE)
        await here.hear(introduction, SentBack(by=OLIVE.id, words=words_id))
        assert [(each["kind"], each["body"], each["by"]) for each in await told(here, ROSA)] == [
            ("advice", ADVICE, OLIVE.name)
        ]
        for other in (TOMOKO, CARL):
            assert await told(here, other) == []
        await here.carry()
        await here.erase(ROSA)
        await here.sweep()
        assert await bodies(here) == []
        assert await here.faults() == []


async def test_a_line_is_in_its_readers_copy_once_it_has_left_and_goes_with_anybody(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        introduction = await asked_to_read(here)
        await here.hear(introduction, screened)
        await here.carry()
        words_id = await written(here, introduction, "line", LINE)
        number = last_ask(here.engine.states[introduction], CARL.id)
        await here.hear(introduction, Resent(by=OLIVE.id, ask=number, words=words_id))
        assert await told(here, CARL) == []
        await here.carry()
        assert [each["body"] for each in await told(here, CARL)] == [LINE]
        assert await told(here, ROSA) == []  # whose it is, nobody else reads
        await here.erase(ROSA)
        await here.sweep()
        assert await bodies(here) == []
        assert await here.faults() == []


async def asked_to_read(here: Home) -> IntroductionId:
    made = opening(READ, asked_at=here.clock())
    await here.engine.asked(made)
    return made.id


async def written(here: Home, introduction: IntroductionId, kind: str, text: str) -> WordsId:
    kept = Kept(introduction, OLIVE.id, here.clock())
    named = kept.words(kind, text)
    assert named
    await here.database.write(kept)
    return named


async def told(here: Home, who: Person) -> Rows:
    copy = await here.database.read(lambda connection: copy_of(connection, who.id, here.clock()))
    return copy.sections["what_staff_wrote_to_you"]


async def bodies(here: Home) -> list[str]:
    def look(connection: Connection) -> list[str]:
        kinds = words.c.kind.in_(("advice", "line"))
        return list(connection.execute(select(words.c.body).where(kinds)).scalars())

    return await here.database.read(look)
