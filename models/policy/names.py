"""A thing of a policy that people read of by name: what it is called in each language."""

from pydantic import Field

from models.base import Frozen

LONGEST = 60  # characters of a name


class InEachLanguage(Frozen):
    """What it is called in each language; in English where a language has no name for it."""

    en: str = Field(min_length=1, max_length=LONGEST)
    es: str = Field(min_length=1, max_length=LONGEST)
    pt: str = Field(min_length=1, max_length=LONGEST)

    def called(self, language: str) -> str:
        return {"en": self.en, "es": self.es, "pt": self.pt}.get(language, self.en)
