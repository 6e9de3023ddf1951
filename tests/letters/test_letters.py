"""The letters are there in each language, short, clear about why they come, and read since they changed."""

import re
from datetime import UTC, datetime
from functools import cache
from itertools import product
from pathlib import Path

import pytest

import letters
import policies
from calendars.clocks import clock_of
from mailroom.compose.composition import Composed, compose
from mailroom.compose.views import AskTarget, LetterView, NamedPerson, Reminding
from models.letters import LANGUAGES, RECEIVER, LetterKind
from models.policy.policy import Policy
from models.time.open_hours import Days
from models.time.patience import due
from tests.cast import CARL, OLIVE, ROSA, TOMOKO
from tests.letters.goldens import HERE, goldens
from tests.letters.html_reading import Page, faults, read_back
from tests.letters.own_words import count, foot, frame
from tests.letters.samples import (
    BLIND,
    HOW_KNOWN,
    LINK,
    NOTE,
    PLACES,
    ROSA_IS,
    ROSAS,
    SENTENCE,
    TOMOKO_IS,
    TOMOKOS,
    kind_of,
    samples,
)
from tests.support.letters_alone import OF_NO_INTRODUCTION

FOLDER = Path(letters.__path__[0])
ALL = [(f"{name}.{language}", view) for language in LANGUAGES for name, view in samples(language)]
composed = cache(compose)
Letters = dict[str, LetterView]
FRAME, FOOT = 60, 15  # words of ours, at most
NOTE_WORDS, WHOLE = 80, 150  # with a note of so many words, all but the connector's sentence is so long at most
ON_SCREEN = 15  # lines of text above the link, at most
PEOPLES_WORDS = (
    *(each.name for each in (ROSA, CARL, TOMOKO, OLIVE)),
    *("Spring Batch", ROSA_IS, TOMOKO_IS, HOW_KNOWN),
    *(each.label for each in PLACES),
    *(each.value for each in (*ROSAS, *TOMOKOS)),
)
REMINDER_IS = ("reminder", "recordatorio", "lembrete")
SUBJECT = 78  # characters that most mail programs show

# By kind, in each variant and each language.
OF_A_KIND: dict[str, Letters] = {}
for _name, _view in ALL:
    OF_A_KIND.setdefault(_view.kind, {})[_name] = _view
every_kind = pytest.mark.parametrize("letters_of_it", OF_A_KIND.values(), ids=OF_A_KIND)

NOT_OUR_WORDS = {
    "en": "target prospect lead intro ping nudge status user accept reject click hi dear unsubscribe",
    "es": "objetivo prospecto usuario usuaria estado rechazar rechaza clic usted ustedes estimado estimada vosotros",
    "pt": "alvo prospecto usuário utilizador rechaçar rejeitar clique clicar prezado prezada",
}
TAKEN_FOR_ONE_SEX = {
    "en": "he she him her his hers",
    "es": "él ella presentado presentada bienvenido bienvenida invitado invitada amigo amiga",
    "pt": "ele ela apresentado apresentada bem-vindo bem-vinda convidado convidada",
}


@pytest.mark.quick
def test_the_letters_are_as_somebody_last_read_them() -> None:
    changed = [str(file.relative_to(HERE)) for file, content in _goldens().items() if not _is(file, content)]
    assert not changed, "read and keep them: python -m tests.letters.goldens"


def test_no_golden_letter_is_left_over() -> None:
    assert set(HERE.rglob("*.*")) == set(_goldens())


def test_each_kind_has_its_folder_in_each_language() -> None:
    kinds = {*LetterKind, *OF_NO_INTRODUCTION, "ask_target_blind"}
    assert {each.name for each in FOLDER.iterdir() if each.is_dir() and each.name[0] != "_"} == {*kinds, "parts"}
    missing = [(kind, language) for kind, language in product(kinds, LANGUAGES) if not _source(kind, language).exists()]
    assert not missing


def test_each_kind_is_read_by_these_tests() -> None:
    assert {str(view.kind) for _, view in ALL} == {*LetterKind, *OF_NO_INTRODUCTION, "ask_target_blind"}
    assert {*RECEIVER} == {*LetterKind}


@every_kind
def test_our_own_words_are_few(letters_of_it: Letters) -> None:
    for name, view in letters_of_it.items():
        text = composed(view).text
        assert count(frame(text)) <= FRAME, name
        assert count(foot(text)) <= FOOT, name


@pytest.mark.parametrize("name", policies.shipped_names())
def test_with_the_deadlines_of_each_policy_and_a_note_of_eighty_words_a_letter_is_short(name: str) -> None:
    rules = policies.shipped(name)
    for each, view in ALL:
        if isinstance(view, Reminding):
            text = compose(_asked_under(rules, view)).text
            assert count(frame(text)) <= FRAME, each
            noted = NOTE_WORDS if getattr(view, "note", None) or hasattr(view, "blind") else 0
            assert count(frame(text)) + noted + count(foot(text)) <= WHOLE, each


@every_kind
def test_the_subject_fits_a_line_of_a_list_of_letters(letters_of_it: Letters) -> None:
    assert not [name for name, view in letters_of_it.items() if len(composed(view).subject) > SUBJECT]


@every_kind
def test_who_asks_the_sentence_and_the_link_come_first(letters_of_it: Letters) -> None:
    for name, view in letters_of_it.items():
        if not hasattr(view, "due_at"):
            continue
        above = composed(view).text.partition(LINK)[0]
        shown = sum(1 + len(line) // 44 for line in above.splitlines() if line)  # 44 characters fill a phone's line
        assert shown <= ON_SCREEN, name
        if isinstance(view, AskTarget):
            assert view.requester.name in above, name
            assert view.connector.name in above, name
            if not view.reminder:
                assert not view.sentence or view.sentence in above, name
                assert NOTE.partition(".")[0] in above, f"{name}: the note's first lines"


@every_kind
def test_the_words_are_those_of_the_house(letters_of_it: Letters) -> None:
    for name, view in letters_of_it.items():
        letter = composed(view)
        said = set(re.findall(r"[\w'-]+", f"{letter.subject} {frame(letter.text)} {foot(letter.text)}".lower()))
        assert not said & {*NOT_OUR_WORDS[view.language].split(), *TAKEN_FOR_ONE_SEX[view.language].split()}, name


@every_kind
def test_every_placeholder_is_filled(letters_of_it: Letters) -> None:
    for name, view in letters_of_it.items():
        letter = composed(view)
        for part in (letter.subject, letter.text, letter.html):
            assert not re.search(r"\{\{|\}\}|\{%|None|Undefined|[\ue000-\uf8ff]|\bTrue\b|\bFalse\b", part), name
        assert not re.search(r" [,.;:?!]|  |\.\.|,,", f"{letter.subject}\n{letter.text}"), name


@every_kind
def test_the_html_is_the_text_built_as_the_goldens_show(letters_of_it: Letters) -> None:
    for name, view in letters_of_it.items():
        assert not _faults(composed(view).html, composed(view), view.language), name


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("/a/5mPq3YtVx0kLz8RwNc2HdA", "/a/another", "text: "),  # the button leads elsewhere
        ('href="https://introductions.example.test/me"', 'href="https://introductions.example.test"', "text: "),
        ("Friday 6 March", "Friday 13 March", "text: "),
        ("<br>", " ", "text: "),
        ("blockquote", "div", "text: "),
        ("background-color: #0e6a63;", "", "shown by no golden: "),
        ("color: #5f5a52;", "color: #ffffff;", "shown by no golden: "),
        ('<p dir="auto" ', "<p ", "shown by no golden: "),
        ('class="button"', 'class="button" onclick="x()"', "shown by no golden: "),
        ("<bdi>Rosa Prieto</bdi>", "Rosa Prieto", "not isolated: "),
        ('lang="en"', 'lang="es"', "language: "),
        ("<title>", "<title>Re: ", "title: "),
        ("prefers-color-scheme: dark", "prefers-color-scheme: light", "another head"),
        ("</body>", '<img src="https://elsewhere.test/1.gif"></body>', "shown by no golden: "),
        ("</body>", "and more</body>", "text: "),
    ],
)
def test_a_fault_in_html_that_no_golden_holds_is_told(was: str, now: str, told: str) -> None:
    view = dict(ALL)["ask_target/with_a_line.en"].model_copy(update={"line": "One line.\nAnother."})
    letter = compose(view)
    assert was in letter.html
    faults = _faults(letter.html.replace(was, now), letter, "en")
    assert any(each.startswith(told) for each in faults), faults
    assert not _faults(letter.html, letter, "en")


@every_kind
def test_the_html_needs_nothing_from_outside_and_watches_nobody(letters_of_it: Letters) -> None:
    for name, view in letters_of_it.items():
        html = composed(view).html
        assert not re.search(r"<(img|script|link|iframe|form|input|object)\b|@import|url\(|@font-face", html), name
        links = set(re.findall(r'href="([^"]*)"', html))
        assert all(link.startswith(("https://", "mailto:")) and "?" not in link for link in links), name
        assert {view.promises, view.own_page} <= links, name


def test_a_reminder_says_first_that_it_is_one_and_repeats_nothing_above_its_button() -> None:
    reminders = {name: view for name, view in ALL if isinstance(view, Reminding) and view.reminder}
    assert len(reminders) > 10
    for name, view in reminders.items():
        again, first = _both(view)
        assert again.subject.lower().endswith(first.subject.lower()), name
        assert again.subject != first.subject, name
        said = again.text.split("\n\n")[1].lower()
        assert any(word in said for word in REMINDER_IS), name
        assert ">" not in again.text.partition(LINK)[0], f"{name}: what was sent before stands below the button"
        assert sorted(_quoted(again.text).split()) == sorted(_quoted(first.text).split()), name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "day"), [("ask_connector", 2), ("ask_target", 2), ("ask_target", 1)])
def test_a_question_that_comes_back_says_so_first_and_in_its_subject(kind: str, day: int, language: str) -> None:
    view = dict(ALL)[f"{kind}/first.{language}"].model_copy(update={"back_on": datetime(2026, 3, day, 8, tzinfo=UTC)})
    letter, first = compose(view), compose(dict(ALL)[f"{kind}/first.{language}"])
    assert letter.subject.lower().endswith(f": {first.subject.lower()}")
    said = letter.text.split("\n\n")[1].partition(".")[0]
    assert {"en": "You asked us", "es": "Nos pediste", "pt": "Você pediu"}[language] in said
    assert bool(re.search(rf"\b{day}º? ", said)) == (day == 1), "today is said as today, an earlier day by its date"


def test_requests_without_a_name_are_told_apart_in_their_subjects() -> None:
    for name in ("ask_target_blind/first", "no_introduction/of_a_need", "advice/of_a_need"):
        for language in LANGUAGES:
            view = dict(ALL)[f"{name}.{language}"]
            assert "4821" in compose(view).subject
            assert compose(view).subject != compose(view.model_copy(update={"number": "17"})).subject


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_target_is_told_in_a_sentence_why_this_comes_to_them_and_where_the_rest_stands(language: str) -> None:
    view = next(view for name, view in ALL if name == f"ask_target/first.{language}")
    assert isinstance(view, AskTarget)
    text = composed(view).text
    why = next(part for part in text.split("\n\n") if view.how_known in part)
    assert view.connector.called in why  # who knows them
    assert "2019" in why  # since when
    assert "27" in why  # the day this very request was approved
    assert f"{LINK}#why" in text.split("———")[1]
    assert view.own_page in text  # and where to stop it


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_note_is_sent_as_it_was_approved(language: str) -> None:
    asked = [view for name, view in ALL if name.startswith("ask_target/") and name.endswith(language)]
    for view in asked:  # whoever is asked without a name reads other words
        assert " ".join(NOTE.split()) in _quoted(composed(view).text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_sentence_the_programme_says_who_agreed(language: str) -> None:
    views = dict(ALL)
    assert SENTENCE in _unquoted(compose(views[f"introduction_to_requester/with_terms.{language}"]).text)
    silent = compose(views[f"introduction_to_requester/no_sentence.{language}"]).text.split("\n\n")[1]
    assert "Carl Lindqvist" in silent
    assert "2019" in silent


@pytest.mark.parametrize("name", ["how_it_went/met", "ask_connector/first"])
def test_spanish_says_e_before_a_name_that_sounds_like_i(name: str) -> None:
    names = {
        "requester": NamedPerson.model_validate("Nadia Haddad"),
        "target": NamedPerson.model_validate("Ingrid Berg"),
    }
    view = dict(ALL)[f"{name}.es"].model_copy(update=names)
    letter = compose(view)
    assert "Nadia Haddad e Ingrid Berg" in letter.subject
    assert " y Ingrid" not in letter.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_target_sees_whether_the_connector_vouches(language: str) -> None:
    views = dict(ALL)
    opening = [compose(views[f"ask_target/{name}.{language}"]).text.split("\n\n")[1] for name in ("first", "vouched")]
    assert opening[0] != opening[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_is_asked_without_a_name_reads_none(language: str) -> None:
    asked = [view for name, view in ALL if name.startswith("ask_target_blind/") and name.endswith(language)]
    assert len(asked) == 4
    for view in asked:
        letter = composed(view)
        assert " ".join(BLIND.split()) in _quoted(letter.text)
        everything = f"{letter.subject} {letter.text} {letter.html} {view.from_name}"
        assert not [word for word in (*ROSA.name.split(), *ROSA_IS.split(", "), NOTE[:20]) if word in everything]


@cache
def _goldens() -> dict[Path, str]:
    return dict(goldens(composed))


def _is(file: Path, content: str) -> bool:
    return file.exists() and file.read_text(encoding="utf-8") == content


def _source(kind: str, language: str) -> Path:
    return FOLDER / kind / f"{language}.txt"


def _both(view: Reminding) -> tuple[Composed, Composed]:
    first = view.model_copy(update={"reminder": False})
    return composed(view), compose(first)  # type: ignore[arg-type]


def _asked_under(rules: Policy, view: Reminding) -> LetterView:
    patience = rules.rules_for(RECEIVER[kind_of(view)])  # type: ignore[arg-type]
    calendar = rules.calendar(clock_of(view.zone, view.at), Days())
    return view.model_copy(update={"due_at": due(view.at, patience.answer_within, calendar)})  # type: ignore[return-value]


def _quoted(text: str) -> str:
    """What people wrote, on one line, with the button left out that may stand between."""
    return " ".join(" ".join(line.removeprefix(">") for line in text.splitlines() if line.startswith(">")).split())


def _unquoted(text: str) -> str:
    return "\n".join(line.removeprefix(">").removeprefix(" ") for line in text.splitlines())


@cache
def _shown() -> tuple[Page, ...]:
    return tuple(read_back(file.read_text(encoding="utf-8")) for file in sorted(HERE.rglob("*.html")))


def _faults(html: str, letter: Composed, language: str) -> list[str]:
    words = PEOPLES_WORDS
    return faults(html, text=letter.text, subject=letter.subject, language=language, words=words, shown=_shown())
