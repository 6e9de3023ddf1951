"""Stories of each shipped policy, in its hours, from the ask to the outcome. Told on the real server."""

from collections.abc import Callable

from models.asks import AskKind
from models.ids import WordsId
from models.news import Screened
from models.outcomes import DidNotMeet, Met, Wrote
from models.process.state.introduction import Introduction
from models.process.timetable import Waking, next_wake
from tests.cast import CARL, CLEO, OLIVE, ROSA, TOMOKO, Person
from tests.support.news_phrases import approves, declines, opts_in, reports, thanks, vouches
from tests.support.world import Life, World

MOST = 40  # alarms of one life, with room


async def accelerator(world: World) -> Life:
    """Both answer when they are reminded; the introduction waits for an hour that is open to Madrid and to Tokyo."""
    life = await world.asked()
    await life.hear(Screened(by=OLIVE.id, approved=True))
    await _reminded(life, CARL)
    await life.hear(approves(CARL))
    await _reminded(life, TOMOKO)
    await life.hear(opts_in(TOMOKO))
    return await _met(life)


async def venture(world: World) -> Life:
    """Carl lets it lapse, Cleo agrees; Rosa is asked once Tomoko has said yes."""
    life = await world.asked(track="normal")
    await life.hear(Screened(by=OLIVE.id, approved=True))
    await _asked(life, CLEO)
    await life.hear(approves(CLEO), opts_in(TOMOKO), opts_in(ROSA))
    return await _met(life)


async def fundraising(world: World) -> Life:
    """The quick track, without Rosa's name: the backup reads it, Carl vouches, and nobody says how it went."""
    life = await world.asked(track="fundraising", blind=True)
    await life.next_comes_due()
    await life.hear(Screened(by=OLIVE.id, approved=True))
    await life.hear(approves(CARL), vouches(CARL, WordsId(f"wrd_{life.opening.id}")))
    await life.hear(opts_in(TOMOKO), opts_in(ROSA))
    return await _until_over(life)


async def alumni(world: World) -> Life:
    """No volunteer answers, so one of the staff who knows Tomoko is asked; she says yes after her last reminder."""
    life = await world.asked()
    await life.hear(Screened(by=OLIVE.id, approved=True))
    await _asked(life, OLIVE)
    await life.hear(approves(OLIVE))
    await _reminded(life, TOMOKO, times=2)
    await life.hear(opts_in(TOMOKO))
    return await _met(life)


async def alumni_as_a_term_ends(world: World) -> Life:
    """They meet, Rosa thanks, and as the term ends both are asked once more; then Carl hears."""
    life = await world.asked()
    await life.hear(Screened(by=OLIVE.id, approved=True), approves(CARL), opts_in(TOMOKO))
    await _asked(life, ROSA)
    await life.hear(reports(ROSA, Wrote(yet=True)))
    await _asked(life, ROSA)
    await life.hear(reports(ROSA, Met(useful=True)))
    await _asked(life, ROSA)
    await life.hear(thanks(ROSA))
    await _until(life, lambda introduction: any(ask.kind == AskKind.CLOSING for ask in introduction.open_asks()))
    await life.hear(reports(TOMOKO, Met(useful=True)), reports(ROSA, Met(useful=True)))
    return await _until_over(life)


async def venture_kept_apart(world: World) -> Life:
    """Carl and Tomoko have agreed when staff mark a conflict: Rosa hears no more than that it came to nothing."""
    life = await world.asked(track="normal")
    await life.hear(Screened(by=OLIVE.id, approved=True), approves(CARL), opts_in(TOMOKO))
    await life.are_kept_apart(ROSA, TOMOKO)
    return await _until_over(life)


async def community(world: World) -> Life:
    """Nobody screens, Tomoko is not told who asks; Carl says no, Cleo agrees, and both say that they did not meet."""
    life = await world.asked(blind=True)
    await life.hear(declines(CARL), approves(CLEO), opts_in(TOMOKO))
    await _asked(life, ROSA)
    await life.hear(reports(ROSA, Wrote(yet=True)))
    await _asked(life, ROSA)
    await life.hear(reports(ROSA, DidNotMeet()))
    await _asked(life, TOMOKO)
    await life.hear(reports(TOMOKO, DidNotMeet()))
    return await _until_over(life)


async def _met(life: Life) -> Life:
    await _asked(life, ROSA)
    await life.hear(reports(ROSA, Wrote(yet=True)))
    await _asked(life, ROSA)
    await life.hear(reports(ROSA, Met(useful=True)))
    await _asked(life, ROSA)
    await life.hear(thanks(ROSA))
    await _asked(life, TOMOKO)
    await life.hear(reports(TOMOKO, Met(useful=True)))
    return await _until_over(life)


async def _asked(life: Life, who: Person) -> None:
    await _until(life, lambda introduction: any(ask.person == who.id for ask in introduction.open_asks()))


async def _reminded(life: Life, who: Person, times: int = 1) -> None:
    """So many times, or as often as the days until their deadline leave room: those are counted from today."""
    rung = 0
    for _ in range(times):
        wake = next_wake(await life.state())
        if wake and wake.what == Waking.REMINDER:
            await life.next_comes_due()
            rung += 1
    assert rung, "the first always has room"
    assert any(ask.person == who.id for ask in (await life.state()).open_asks())


async def _until_over(life: Life) -> Life:
    await _until(life, lambda introduction: introduction.closed)
    return life


async def _until(life: Life, true: Callable[[Introduction], bool]) -> None:
    for _ in range(MOST):
        if true(await life.state()):
            return
        await life.next_comes_due()
    raise AssertionError(f"it never came to that: {await life.state()}")
