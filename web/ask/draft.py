"""The draft of a request. The fields of the page, kept as they were typed until the request is sent."""

import hashlib
import json
from typing import Literal, Self

from pydantic import Field, ValidationError
from starlette.datastructures import FormData

from models.acts import FIELDS
from models.base import Frozen
from models.ids import ChannelId, PersonId, ProgrammeId
from models.request.request import Listed, Need, Outside, Request, Whom
from models.request.wish import wish_of

ANSWER = "answer."  # before the id of the question, as the name of a field


class Draft(Frozen):
    """Nothing in it is checked: that is the door's part."""

    who: Literal["", "member", "outside", "need"] = ""
    person: str = ""
    looked_for: str = ""  # in the list of members
    name: str = ""
    organisation: str = ""
    need: str = ""
    why: str = ""
    read: str = ""
    offer: str = ""
    note: str = ""
    wanted: str = ""  # what was chosen
    wanted_words: str = ""  # their own, where that is something else
    goal: str = ""
    blind: str = ""
    answers: dict[str, str] = Field(default={})  # to the programme's own questions, by their ids
    unnamed: str = ""  # "yes" where they ticked it
    track: str = ""
    channels: tuple[str, ...] = ()

    @classmethod
    def sent(cls, form: FormData) -> Self:
        """As a form was sent. What a choice cannot hold is left out."""
        texts = {name: _text(form, name) for name in cls.model_fields if name not in ("channels", "answers")}
        channels = tuple(each for each in form.getlist("channels") if isinstance(each, str))
        if texts["who"] not in ("member", "outside", "need"):
            texts["who"] = ""
        return cls.model_validate(texts | {"channels": channels[:50], "answers": answers_in(form)})

    @classmethod
    def is_in(cls, form: FormData) -> bool:
        """Whether a form has a field of ours at all: the page sends each, also when it is empty."""
        return any(name in form for name in cls.model_fields)

    @classmethod
    def kept(cls, body: dict[str, object]) -> Self:
        """As the store has it; one of an older shape is begun anew."""
        try:
            return cls.model_validate(body)
        except ValidationError:
            return cls()

    @property
    def mark(self) -> str:
        """Stands for these very words: what is sent must be what was shown before sending."""
        return hashlib.sha256(json.dumps(self.model_dump(), sort_keys=True).encode()).hexdigest()

    @property
    def chosen(self) -> PersonId | None:
        return PersonId(self.person) if self.who in ("", "member") and self.person else None

    @property
    def about(self) -> tuple[str, ...]:
        """What was written of whom or what they look for; not what they offer, which is their own."""
        return tuple(each for each in (self.need, self.wanted_words, self.goal, self.why, self.note) if each)

    def request(self, programme: ProgrammeId, requester: PersonId, wording: str = "") -> Request:
        return Request(
            programme=programme,
            requester=requester,
            whom=self._whom(),
            **{name: getattr(self, name) for name in FIELDS} | {"wanted": wish_of(self.wanted, self.wanted_words)},
            answers=self.answers,
            unnamed=self.unnamed == "yes",
            track=self.track,
            channels=tuple(ChannelId(each) for each in self.channels),
            wording=wording,
        )

    def _whom(self) -> Whom | None:
        match self.who:
            case "member" | "" if self.person:
                return Listed(person=PersonId(self.person))
            case "outside":
                return Outside(name=self.name, organisation=self.organisation)
            case "need":
                return Need(words=self.need)
            case _:
                return None


def answers_in(form: FormData) -> dict[str, str]:
    """Of the fields of a form, those that answer a programme's own questions."""
    named = [name for name in form if name.startswith(ANSWER)][:50]
    answers = {name.removeprefix(ANSWER): _text(form, name) for name in named}
    return {name: answer for name, answer in answers.items() if answer}


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""
