"""The demo's story, from request to outcome. Rosa asks, Carl vouches, Tomoko and Rosa agree, they meet.

Everything is done as people do it: pages opened, forms filled in, links followed out of letters. Read `play` for the
story; each act says what its person sees, and what somebody else does not see.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from commands.demo.pages import PageRead, WentWrong
from commands.demo.player import Player

Tell = Callable[[str, str], None]  # who, and what they see or do

WHY = "You wrote that a grid hears everything at night. I build heat pumps that run when the wind blows."
READ = "Your essay “What a grid hears at night”, twice."
OFFER = "Data of forty homes over one winter, and my Saturdays for your pilot."
NOTE = (
    "Tomoko, your essay on what a grid hears at night changed how we start our heat pumps: they now wait for wind. "
    "Forty homes have run so for one winter. I would like to show you the data, and ask what you would do with it."
)
SENTENCE = "Rosa is the most careful builder I have mentored; her data is worth twenty minutes of anybody’s time."
TERMS = "Mornings in Tokyo suit me best."
THANKS = "Thank you, Tomoko. Your question about the night load has already changed our next test."
ASK_WAITS = "/me/asks/"


@dataclass
class Cast:
    rosa: Player
    carl: Player
    tomoko: Player
    olive: Player

    def everybody(self) -> tuple[Player, ...]:
        return self.rosa, self.carl, self.tomoko, self.olive


async def play(cast: Cast, tell: Tell) -> None:
    await rosa_asks(cast, tell)
    await carl_vouches(cast, tell)
    await both_agree(cast, tell)
    await they_are_introduced(cast, tell)
    await rosa_writes_and_they_meet(cast, tell)
    await thanks_are_passed_on(cast, tell)
    await the_loop_is_closed(cast, tell)


async def rosa_asks(cast: Cast, tell: Tell) -> None:
    own = await cast.rosa.own_page()
    page = await cast.rosa.open(own.link("/ask/"))
    tell("Rosa", f"reads Spanish, and so are her pages. She opens “{page.heading}” and asks to meet Tomoko Abe.")
    whom = cast.tomoko.mailbox.rpartition("/")[2]
    words = {"wanted": "twenty_minutes", "why": WHY, "read": READ, "offer": OFFER, "note": NOTE}
    checked = await cast.rosa.send(page, do="preview", who="member", person=whom, **words)
    tell("Rosa", f"sees who will read what, “{checked.heading}”, and sends it.")
    sent = await cast.rosa.send(checked, do="send")
    tell("Rosa", f"reads: “{sent.heading}”")


async def carl_vouches(cast: Cast, tell: Tell) -> None:
    page = await open_letter(cast.carl, "Carl", tell)
    await nothing_for(cast.tomoko, "Tomoko", "nobody is written to before a connector approves", tell)
    await cast.carl.send(page, choice="vouch", sentence=SENTENCE)
    tell("Carl", f"vouches for her, in a sentence of his own: “{SENTENCE}”")


async def both_agree(cast: Cast, tell: Tell) -> None:
    tell("", "For five seconds nothing leaves: Carl could undo his yes.")
    page = await open_letter(cast.tomoko, "Tomoko", tell)
    agreed = await cast.tomoko.send(page, choice="yes")
    await cast.tomoko.send(agreed, choice="add", minutes="yes", terms=TERMS)
    tell("Tomoko", f"agrees to twenty minutes, and adds: “{TERMS}”")
    own = await cast.rosa.own_page()
    tell("Rosa", f"sees nothing of it: her own page says “{own.states[0]}”, as it did before.")
    page = await open_letter(cast.rosa, "Rosa", tell)
    await cast.rosa.send(page, choice="yes")
    tell("Rosa", "agrees too, and reads what Tomoko gets of hers.")


async def they_are_introduced(cast: Cast, tell: Tell) -> None:
    for player, name in ((cast.rosa, "Rosa"), (cast.tomoko, "Tomoko")):
        letter = await player.next_letter()
        tell(name, f"gets the introduction: “{letter.subject}”. Only now can they reach each other.")


async def rosa_writes_and_they_meet(cast: Cast, tell: Tell) -> None:
    page = await waiting_question(cast.rosa)
    await cast.rosa.send(page, choice="wrote")
    tell("Rosa", f"is asked on her own page, “{page.heading}”, and says that she has.")
    page = await open_letter(cast.rosa, "Rosa", tell)
    await cast.rosa.send(page, choice="useful")
    tell("Rosa", "says that they met, and that it was useful.")


async def thanks_are_passed_on(cast: Cast, tell: Tell) -> None:
    page = await open_letter(cast.rosa, "Rosa", tell)
    await cast.rosa.send(page, choice="thank", thanks=THANKS, share="yes")
    tell("Rosa", f"thanks her: “{THANKS}”")
    page = await open_letter(cast.tomoko, "Tomoko", tell)
    await cast.tomoko.send(page, choice="useful")
    tell("Tomoko", "says that it was useful. Rosa does not see this answer.")


async def the_loop_is_closed(cast: Cast, tell: Tell) -> None:
    letter = await cast.carl.next_letter()
    tell("Carl", f"is told how it went: “{letter.subject}”")
    await cast.olive.own_page()
    story = await cast.olive.open((await cast.olive.open("/console?stage=closed")).link("/console/introductions/"))
    tell("Olive", f"runs the programme; her console says of “{story.heading}”: {story.states[0]}.")


async def open_letter(player: Player, name: str, tell: Tell) -> PageRead:
    """Read the next letter, and follow its link."""
    letter = await player.next_letter()
    page = await player.open(letter.link("/a/"))
    tell(name, f"gets a letter, “{letter.subject}”, and opens its link" + said(page.heading, letter.subject))
    return page


async def nothing_for(player: Player, name: str, why: str, tell: Tell) -> None:
    letters = await player.mail()
    if letters:
        raise WentWrong(f"{name} has {len(letters)} letters, and should have none")
    tell(name, f"has no letter: {why}.")


async def waiting_question(player: Player, within: float = 60.0) -> PageRead:
    """The question on their own page, as soon as one waits there."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        page = await player.own_page()
        if any(ASK_WAITS in form.action for form in page.forms):
            return await player.press(next(form for form in page.forms if ASK_WAITS in form.action))
        await asyncio.sleep(1)
    raise WentWrong(f"no question came to the own page of {player.name}")


def said(heading: str, before: str) -> str:
    return "." if heading == before else f": “{heading}”"
