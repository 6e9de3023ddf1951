"""No letter says what its reader may not know yet. Its view has no place for it, and refuses any other field."""

from types import GenericAlias, UnionType
from typing import Any, get_args

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from mailroom.compose import views
from mailroom.compose.composition import compose
from mailroom.compose.views import Contact, LetterFrame, LetterView, ViaConnector
from models.letters import RECEIVER, LetterKind, Role
from tests.cast import CARL, TOMOKO
from tests.letters.samples import HOW_KNOWN, SENTENCE, kind_of, samples
from tests.support.letters_alone import OF_NO_INTRODUCTION

ADAPTER: TypeAdapter[LetterView] = TypeAdapter(LetterView)
SAMPLES = list(samples("en"))
VIEWS: dict[str, type[LetterFrame]] = {
    str(each.model_fields["kind"].default): each for each in get_args(get_args(LetterView)[0])
}

INTRODUCTIONS = (LetterKind.INTRODUCTION_TO_REQUESTER, LetterKind.INTRODUCTION_TO_TARGET)
AFTERWARDS = (LetterKind.HAVE_YOU_WRITTEN, LetterKind.DID_YOU_MEET, LetterKind.THANK_YOU, LetterKind.TERM_OVER)
AFTER_DELIVERY = (*INTRODUCTIONS, *AFTERWARDS)
ABOUT_A_CONNECTOR = {"connector", "vouch", "sentence", "how_known", "since", "address_from", "approved_at"}
EVERYBODY = {"kind", "language", "zone", "at", "name", "programme", "staff", "promises", "own_page", "face"}


def test_there_is_one_view_for_each_kind_of_letter() -> None:
    assert {*VIEWS} == {*LetterKind, *OF_NO_INTRODUCTION, "ask_target_blind"}


def test_whoever_is_asked_without_a_name_has_no_field_for_one() -> None:
    own = VIEWS["ask_target_blind"].model_fields.keys() - EVERYBODY - ABOUT_A_CONNECTOR
    of_the_staff = {"line", "line_by"}  # looked at before it is taken: it may not tell either
    of_a_question = {"changed", "back_on", "due_at", "link", "only_reminder", "reminder", "requested"}
    assert own - of_the_staff - of_a_question == {
        "blind",
        "number",
        "wanted",
    }  # which no name may stand in


def test_only_the_introduction_has_a_place_for_contacts() -> None:
    assert {kind for kind, view in VIEWS.items() if Contact in _types(view)} == {*INTRODUCTIONS}


@pytest.mark.parametrize("kind", [kind for kind, role in RECEIVER.items() if role == Role.REQUESTER])
def test_before_the_introduction_a_requester_is_not_told_who_was_asked(kind: LetterKind) -> None:
    known = ABOUT_A_CONNECTOR & VIEWS[kind].model_fields.keys()
    assert kind in AFTER_DELIVERY or not known
    assert kind in AFTER_DELIVERY or not issubclass(VIEWS[kind], ViaConnector)


def test_no_introduction_has_no_place_for_a_cause() -> None:
    own = VIEWS[LetterKind.NO_INTRODUCTION].model_fields.keys() - EVERYBODY
    assert own == {"target", "places", "asked_at", "requests", "number"}


def test_a_target_hears_of_nobody_but_the_requester_and_the_approving_connector() -> None:
    people = {"requester", "connector", "target"}
    for kind, role in RECEIVER.items():
        if role == Role.TARGET:
            assert people & VIEWS[kind].model_fields.keys() <= {"requester", "connector"}


def test_a_connector_learns_how_it_went_in_one_of_six_ways() -> None:
    own = VIEWS[LetterKind.HOW_IT_WENT].model_fields.keys() - EVERYBODY
    said = {"outcome", "thanks", "requester_said", "target_said", "term_over"}
    assert own == {"requester", "target", "approved_at"} | said


@pytest.mark.parametrize("view", [view for _, view in SAMPLES], ids=[name for name, _ in SAMPLES])
def test_a_view_refuses_what_it_does_not_know(view: LetterView) -> None:
    facts = view.model_dump(mode="json")
    assert ADAPTER.validate_python(facts) == view
    with pytest.raises(ValidationError):
        ADAPTER.validate_python(facts | {"reason": "the connector said no"})


@pytest.mark.parametrize("view", [view for _, view in SAMPLES], ids=[name for name, _ in SAMPLES])
def test_what_a_requester_reads_before_the_introduction_names_no_connector(view: LetterView) -> None:
    if str(view.kind) in OF_NO_INTRODUCTION or kind_of(view) in AFTER_DELIVERY:
        return
    if RECEIVER[kind_of(view)] != Role.REQUESTER:
        return
    letter = compose(view)
    for secret in (CARL.name, CARL.address, TOMOKO.address, SENTENCE, HOW_KNOWN):
        assert secret not in letter.subject + letter.text + letter.html


def test_the_sender_is_the_programme_and_a_connector_only_where_they_approved() -> None:
    for _, view in SAMPLES:
        expected = f"{CARL.name} via Spring Batch" if isinstance(view, ViaConnector) else "Spring Batch"
        assert view.from_name == expected


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "http://x.test/ a",
        'https://x.test/"onclick="',
        "https://x.test/<b>",
        "mailto:a@x.test",
        "//x.test",
        "https://x.test/\n",
    ],
)
def test_a_link_is_an_address_on_the_web(link: str) -> None:
    with pytest.raises(ValidationError):
        views.PublicPlace(label="a page", url=link)


def _types(annotation: Any) -> set[Any]:
    """Every type that can stand anywhere in this one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and not isinstance(annotation, GenericAlias):
        inner = [field.annotation for field in annotation.model_fields.values()]
        return {annotation}.union(*(_types(each) for each in inner))
    if isinstance(annotation, UnionType) or get_args(annotation):
        return set().union(*(_types(each) for each in get_args(annotation)))
    return {annotation}
