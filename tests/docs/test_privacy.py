"""Every text that a person writes has a line in docs/privacy.md, and its page names its readers before it is sent."""

import re
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Text

from store.tables import metadata
from telling.catalogues import in_use
from telling.languages import said
from tests.docs.pages.identifiers import ROOT
from tests.docs.pages.privacy_page import MARK, WrittenText, page, texts
from tests.support.run.docs_in_step import DOCS, InStep
from web.api import schemas

PAGES = ROOT / "web" / "templates"
FIELD = re.compile(
    r"(?:parts\.(?:text|line)|pieces\.counted)\(\"(\w+)\"|<(?:textarea|input type=\"text\")[^>]*? name=\"(\w+)\""
)
# Fields that hold no text of anybody's: what is looked for, days and numbers, an address asked for to sign in.
NO_TEXTS = {"looked_for", "sought", "who", "until", "after", "most", "from"}
SIGNS_IN = "me/sign_in.html address"
# Columns of text that no person writes about another: made by us, by a program, or by whoever runs the installation.
OURS = {
    "api_key.name", "idempotency.response", "installation.value", "ledger.body", "letter.message_id",
    "letter.relay_said", "mail.message_id", "mail.subject", "mail.body_text", "mail.body_html",
    "process.told", "programme.reply_to", "person.name_folded",
}  # fmt: skip
WORDS_KEPT = re.compile(r"kept\.words\(\s*\"(\w+)\"")


@pytest.mark.docs
def test_the_page_of_privacy_is_in_step_with_its_source(in_step: InStep) -> None:
    head = (DOCS / "privacy.md").read_text(encoding="utf-8")
    assert MARK in head
    in_step("privacy.md", page(head))


def test_every_field_somebody_writes_in_has_its_line() -> None:
    found = {f"{file.relative_to(PAGES)} {name}" for file in PAGES.rglob("*.html") for name in _fields(file)}
    listed = {place for each in texts().values() for place in each.typed if ".html" in place}
    assert found - listed - {SIGNS_IN} == set()
    assert listed - found == set()


def test_every_text_of_the_api_has_its_line_and_says_who_reads_it() -> None:
    listed = {place for each in texts().values() for place in each.typed if ".html" not in place}
    found = dict(_texts_of_the_api())
    assert set(found) == listed
    assert [name for name, description in found.items() if "read" not in description.lower()] == []


def test_every_column_of_text_has_its_line() -> None:
    columns = {f"{table.name}.{each.name}" for table in metadata.tables.values() for each in table.c if _is_text(each)}
    listed = {kept for each in texts().values() for kept in each.kept}
    kinds = {f"words.{kind}" for file in (ROOT / "web").rglob("*.py") for kind in _kinds(file)}
    assert {each for each in columns - listed - OURS if not each.endswith("_folded")} == {"words.body"}
    assert kinds - listed == set()


@pytest.mark.parametrize(("name", "text"), texts().items())
def test_its_page_names_its_readers_in_each_language(name: str, text: WrittenText) -> None:
    for page_of_it, sentences in text.says.items():
        for sentence in sentences:
            assert sentence in _said_on(page_of_it), f"{page_of_it} no longer says: {sentence}"
            for language in ("es", "pt"):
                assert said(sentence, language, **_ANYBODY) != said(sentence, "en", **_ANYBODY)
    for typed in {place.partition(" ")[0] for place in text.typed if ".html" in place}:
        assert text.shown[typed] in text.says, f"{typed} shows nobody who reads it"


_ANYBODY = dict.fromkeys(("target", "requester", "connector", "other", "name", "day", "readers"), "Ines")


@cache
def _said_on(page_of_it: str) -> str:
    """The texts of a page as the catalogues hold them."""
    source = " ".join((PAGES / page_of_it).read_text(encoding="utf-8").split())
    source = re.sub(r"{{ ?(\w+) ?}}", r"%(\1)s", source).replace("\\'", "'")
    known = {text for area in in_use().values() for text in area}
    return "\n".join(text for text in known if text in source)


def _fields(file: Path) -> set[str]:
    found = FIELD.findall(file.read_text(encoding="utf-8"))
    return {name for names in found for name in names if name and name not in NO_TEXTS}


def _texts_of_the_api() -> list[tuple[str, str]]:
    """What a body may hold that is neither an id nor a word of ours."""
    found = []
    for model in vars(schemas).values():
        if not isinstance(model, type) or not issubclass(model, schemas._Strict):
            continue
        for name, field in model.model_json_schema()["properties"].items():
            each_of = field.get("additionalProperties")  # of a field that holds several texts by name
            shapes = [field, *field.get("anyOf", ()), *([each_of] if isinstance(each_of, dict) else [])]
            if any(_is_open(shape) for shape in shapes) and (model.__name__, name) not in _WORDS_OF_OURS:
                described = " ".join(shape.get("description", "") for shape in shapes)
                found.append((f"{model.__name__} {name}", described))
    return found


def _is_open(shape: dict[str, object]) -> bool:
    return shape.get("type") == "string" and not {"pattern", "enum", "const", "format"} & set(shape)


_WORDS_OF_OURS = {("NewIntroduction", "track"), ("GivenKind", "kind")}  # words of the policy


def _is_text(column: object) -> bool:
    return isinstance(getattr(column, "type", None), Text) or getattr(column, "name", "") in ("topics", "places")


def _kinds(file: Path) -> list[str]:
    return WORDS_KEPT.findall(file.read_text(encoding="utf-8"))
