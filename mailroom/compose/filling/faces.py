"""The programme's face in a letter: its sender, its signature, and above the first letter its own sentence."""

from mailroom.compose.views.parts import LetterFace, LogoInLetter
from models.face.colours import OURS, palette
from models.face.words import opening_for
from store.letters.start_letter import Started
from store.people.looks import Logo


def face_in_letter(started: Started, public_url: str) -> LetterFace:
    programme = started.programme
    look = programme.look
    language = started.receiver.language
    opening = opening_for(programme.opening or {}, language, programme.language) if started.is_first else ""
    return LetterFace(
        sender=programme.sender,
        signature=programme.signature,
        opening=opening,
        logo=_logo(look.logo, public_url) if look.logo else None,
        colours=palette(look.colour) if look.colour else OURS,
    )


def _logo(logo: Logo, public_url: str) -> LogoInLetter:
    width, height = logo.shown
    return LogoInLetter(url=f"{public_url}{logo.path}", width=width, height=height)
