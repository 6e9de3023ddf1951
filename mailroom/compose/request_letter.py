"""The letter that asks a connector, before there is one: what a requester looks at before sending. Nothing is sent."""

from datetime import datetime
from typing import cast

from pydantic import ValidationError

from mailroom.compose.composition import compose
from mailroom.compose.views import AskConnector, Language, NamedPerson
from mailroom.compose.views.parts import AnswerInLetter, LetterFace, LogoInLetter
from models.face.colours import OURS, palette

SOMEBODY = NamedPerson(name="…", called="…")  # nobody is chosen yet, and who might be is told to nobody


def request_letter(
    *,
    language: str,
    zone: str,
    programme: str,
    staff: str,
    elsewhere: str,
    face: tuple[str | None, str | None, str | None, tuple[str, int, int] | None],
    requester: tuple[str, str, str],
    target: str,
    texts: dict[str, str],
    answers: tuple[tuple[str, str], ...],
    now: datetime,
    due_at: datetime,
) -> str:
    """Its HTML; empty where what is written so far makes no letter. `face`: sender, signature, colour,
    picture; `requester`: their name, what they are called, what they are."""
    sender, signature, colour, picture = face
    name, called, what_they_are = requester
    logo = LogoInLetter.model_construct(url=picture[0], width=picture[1], height=picture[2]) if picture else None
    worn = LetterFace.model_construct(
        sender=sender, signature=signature, logo=logo, colours=palette(colour) if colour else OURS
    )
    try:
        view = AskConnector(
            language=cast(Language, language),
            zone=zone,
            at=now,
            name=SOMEBODY,
            programme=programme,
            staff=staff,
            promises=elsewhere,
            own_page=elsewhere,
            link=elsewhere,
            due_at=due_at,
            requester=NamedPerson.model_validate({"name": name, "called": called} if called else name),
            requester_is=what_they_are,
            target=NamedPerson.model_validate(target),
            wanted=texts.get("wanted", ""),
            goal=texts.get("goal") or None,
            note=texts.get("note", ""),
            answers=tuple(AnswerInLetter(asked=asked, said=said) for asked, said in answers),
        )
    except ValidationError:
        return ""
    return compose(view.model_copy(update={"face": worn})).html
