"""Questions of a programme's own on its request form: what is asked in each language, and who reads the answer."""

from collections import Counter
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from models.base import Frozen
from models.policy.names import InEachLanguage

QUESTION = r"^[a-z][a-z0-9_]{0,23}$"
Reads = Literal["staff", "connector", "target"]
STAFF: Final = "staff"
CONNECTOR: Final = "connector"
TARGET: Final = "target"


class Question(InEachLanguage):
    """One question. The answer is plain text, read by these and nobody else; its writer always may."""

    id: str = Field(pattern=QUESTION, description="by which programs and later versions of the policy know it")
    en: str = Field(min_length=1, max_length=120)
    es: str = Field(min_length=1, max_length=120)
    pt: str = Field(min_length=1, max_length=120)
    readers: tuple[Reads, ...] = Field(min_length=1, description="who reads the answer")
    required: bool = Field(default=False, description="a request without an answer cannot be sent")
    longest: int = Field(default=200, ge=10, le=600, description="characters an answer may have")

    def is_read_by(self, reader: str) -> bool:
        return reader in self.readers

    @model_validator(mode="after")
    def _a_connector_reads_what_they_pass_on(self) -> Self:
        if TARGET in self.readers and CONNECTOR not in self.readers:
            raise ValueError(
                'readers must name "connector" where it names "target": nobody passes on what they never saw'
            )
        if len(set(self.readers)) < len(self.readers):
            raise ValueError("readers must name each reader once")
        return self


class RequestRules(Frozen):
    """What a programme asks on its request form beside what every request says."""

    questions: tuple[Question, ...] = Field(default=(), max_length=8, description="asked in this order")

    def question(self, name: str) -> Question | None:
        return next((each for each in self.questions if each.id == name), None)

    def read_by(self, reader: str) -> tuple[Question, ...]:
        return tuple(each for each in self.questions if each.is_read_by(reader))

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        often = Counter(each.id for each in self.questions)
        twice = [name for name, times in often.items() if times > 1]
        if twice:
            raise ValueError(f"questions must have different ids: {', '.join(twice)} stands twice")
        return self
