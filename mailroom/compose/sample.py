"""A letter to look at, in the face of a programme before it is kept: somebody invented is asked, nothing is sent."""

from datetime import datetime, timedelta
from typing import cast

from mailroom.compose.composition import compose
from mailroom.compose.views import AskTarget, Language, NamedPerson
from mailroom.compose.views.parts import LetterFace, LogoInLetter
from models.face.colours import OURS, palette

ASKS = NamedPerson(name="Rosa Prieto", called="Rosa")
CONNECTS = NamedPerson(name="Carl Lindqvist", called="Carl")
READS = NamedPerson(name="Tomoko Abe", called="Tomoko")
NOTES = {
    "en": "I make heat pumps that start when the wind blows. How does a grid decide whom to trust with a pilot?",
    "es": "Hago bombas de calor que arrancan cuando sopla el viento. ¿Cómo decide una red con quién hacer un piloto?",
    "pt": "Faço bombas de calor que ligam quando o vento sopra. Como uma rede decide com quem fazer um piloto?",
}
SENTENCES = {
    "en": "Rosa prepares well and keeps to her time.",
    "es": "Rosa se prepara bien y respeta el tiempo.",
    "pt": "A Rosa se prepara bem e respeita o tempo.",
}


def sample_letter(
    *,
    programme: str,
    language: str,
    sender: str | None,
    signature: str | None,
    opening: str,
    colour: str | None,
    picture: tuple[str, int, int] | None,
    now: datetime,
) -> str:
    """Its HTML. `picture`: an address, and how wide and high it is drawn; a page of ours may give "data:"."""
    logo = LogoInLetter.model_construct(url=picture[0], width=picture[1], height=picture[2]) if picture else None
    face = LetterFace.model_construct(
        sender=sender, signature=signature, opening=opening, logo=logo, colours=palette(colour) if colour else OURS
    )
    elsewhere = "https://introductions.example"
    view = AskTarget(
        language=cast(Language, language),
        zone="UTC",
        at=now,
        name=READS,
        programme=programme,
        staff="staff@introductions.example",
        promises=elsewhere,
        own_page=elsewhere,
        link=elsewhere,
        due_at=now + timedelta(days=5),
        connector=CONNECTS,
        vouch="vouch",
        sentence=SENTENCES[language],
        requester=ASKS,
        note=NOTES[language],
        approved_at=now,
    )
    return compose(view.model_copy(update={"face": face})).html
