"""Stories of what operators do to a running introduction. Lives told on the real server, as those of `stories`."""

from collections.abc import Callable
from datetime import timedelta

from models.ids import WordsId
from models.letters import LetterKind, Role
from models.news import Edited, Extended, HandedOver, Held, Lending, News, Resent, Resumed, Screened, SentBack
from models.process.state.introduction import Introduction
from tests.cast import CARL, CLEO, OLIVE, ROSA, ROSAS_MAIL, TOMOKO, Person
from tests.models.exploration.causes import bounces
from tests.support.news_phrases import approves, confirms, declines, last_ask, opts_in
from tests.support.world import Life, World

MINUTE = timedelta(minutes=1)
LONG = timedelta(days=400)


async def held(world: World) -> Life:
    """Held while Carl is asked: he answers all the same, and once it is resumed nobody has lost any time."""
    life = await world.asked()
    await life.hear(Held(by=OLIVE.id))
    await life.time_passes(15 * MINUTE)
    await life.hear(approves(CARL), Resumed(by=OLIVE.id))
    await life.time_passes(9 * MINUTE)
    await life.hear(opts_in(ROSA), opts_in(TOMOKO))
    await life.time_passes(LONG)
    return life


async def held_for_good(world: World) -> Life:
    """Nobody ever lifts the hold: Rosa hears on the promised day, and it is over."""
    life = await world.asked()
    await life.hear(approves(CARL), opts_in(TOMOKO), opts_in(ROSA), Held(by=OLIVE.id))
    await life.time_passes(LONG)
    return life


async def extended(world: World) -> Life:
    """Carl gets nine more minutes, and needs them."""
    life = await world.asked()
    await life.hear(_more_time(9 * MINUTE))
    await life.time_passes(18 * MINUTE)
    await life.hear(approves(CARL), opts_in(ROSA), opts_in(TOMOKO))
    await life.time_passes(LONG)
    return life


async def edited(world: World) -> Life:
    """Both have agreed when Rosa changes her words: Carl is asked anew, then both, and the new words are agreed to."""
    life = await world.asked()
    await life.hear(approves(CARL), opts_in(TOMOKO), opts_in(ROSA), _new_words(life))
    await life.hear(approves(CARL), opts_in(TOMOKO), opts_in(ROSA))
    await life.time_passes(LONG)
    return life


async def edited_by_a_key(world: World) -> Life:
    """A key changes the words while Carl thinks: Rosa confirms them first, and Carl, asked again, says no."""
    life = await world.asked()
    changed = _new_words(life).model_copy(update={"by": OLIVE.id, "made_by": "key"})
    await life.hear(changed, confirms(ROSA), declines(CARL), declines(CLEO))
    await life.time_passes(LONG)
    return life


async def handed_over(world: World) -> Life:
    """Carl is away, so an operator names Cleo, and she agrees."""
    life = await world.asked()
    await life.hear(HandedOver(by=OLIVE.id, to=CLEO.id), approves(CLEO), opts_in(ROSA), opts_in(TOMOKO))
    await life.time_passes(LONG)
    return life


async def named(world: World) -> Life:
    """Nobody is found who knows Tomoko, so an operator names Cleo, and she agrees."""
    life = await world.asked()
    await life.hear(HandedOver(by=OLIVE.id, to=CLEO.id), approves(CLEO), opts_in(ROSA), opts_in(TOMOKO))
    await life.time_passes(LONG)
    return life


def _new_words(life: Life) -> Edited:
    return Edited(by=ROSA.id, note=WordsId(f"wrd_{life.opening.id}"), channels=(ROSAS_MAIL,))


def _more_time(time: timedelta) -> Callable[[Introduction], News]:
    return lambda i: Extended(ask=i.asks[-1].number, by=OLIVE.id, until=i.asks[-1].due_at + time)


async def sent_back(world: World) -> Life:
    """An operator sends it back with advice, Rosa changes it, and whoever reads it now knows Tomoko: Carl himself."""
    life = await world.asked()
    lends = Lending(by=CARL.id, vouch="vouch")
    await life.hear(SentBack(by=OLIVE.id, words=_words(life)), _new_words(life))
    await life.hear(Screened(by=CARL.id, approved=True, lends=lends), opts_in(TOMOKO))
    await life.time_passes(LONG)
    return life


async def sent_back_for_good(world: World) -> Life:
    """Rosa never changes it: it lapses on the promised day."""
    life = await world.asked()
    await life.hear(SentBack(by=OLIVE.id, words=_words(life)))
    await life.time_passes(LONG)
    return life


async def sent_again(world: World) -> Life:
    """Carl is asked once more before the reminder; Tomoko's letter comes back, goes out again, and she says yes."""
    life = await world.asked()
    await life.hear(_again(CARL), approves(CARL))
    await life.time_passes(MINUTE)
    await life.hear(opts_in(ROSA), bounces(TOMOKO.id, LetterKind.ASK_TARGET, Role.TARGET), _again(TOMOKO))
    await life.hear(opts_in(TOMOKO))
    await life.time_passes(LONG)
    return life


def _words(life: Life) -> WordsId:
    return WordsId(f"wrd_{life.opening.id}")


def _again(who: Person) -> Callable[[Introduction], News]:
    return lambda i: Resent(by=OLIVE.id, ask=last_ask(i, who.id))
