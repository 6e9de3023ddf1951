"""Enter in a field sends nothing: the first button of each form does nothing, or only what can be seen and changed."""

import re
from pathlib import Path

import web
from models.asks import AskKind
from tests.cast import CARL, opening, policy
from tests.web.answers.house import visits
from tests.web.house import visited

TEMPLATES = Path(web.__file__).parent / "templates"
FORMS = re.compile(r"<form\b(?P<tag>(?:\{\{.*?\}\}|\{%.*?%\}|[^>])*)>(?P<inside>.*?)</form>", re.S)
FIELDS = re.compile(
    r"parts\.(line|text|choice|tick|select)\(|<textarea|<select|<input type=\"(?!hidden)|caller\(\)|pieces\."
)
BUTTONS = re.compile(r"parts\.button\(|<button|caller\(\)")
NOTHING = re.compile(r"parts\.enter\(|pieces\.begin\(|\bbegin\(|hidden\(\)")  # the latter three begin with the first
# The act of each of these is seen at once, and changed on the same page; a search and a sign-in change nothing.
HARMLESS = {
    "/me/settings/speech", "/me/settings/days", "/me/settings/face", "/me/settings/name", "/me/settings/places",
    "/me/settings/channels", "/me/settings/photo", "/me/settings/places/showing",
    "/me/sign-in", "/me/erasure", "/ask/{{ desk.programme.programme }}", "/console/people/{{ each.person }}/kind",
    "/console/hearing",
}  # fmt: skip


def forms() -> list[tuple[str, str, str]]:
    found = ((path, form) for path in sorted(TEMPLATES.rglob("*.html")) for form in FORMS.finditer(path.read_text()))
    return [(path.relative_to(TEMPLATES).as_posix(), form["tag"], form["inside"]) for path, form in found]


def test_the_first_button_of_each_form_with_a_field_does_nothing() -> None:
    seen, wrong = 0, []
    for name, tag, inside in forms():
        action = "".join(re.findall(r'action="([^"?]*)', tag))
        if 'method="get"' in tag or not FIELDS.search(inside) or action in HARMLESS:
            continue
        seen += 1
        first, nothing = BUTTONS.search(inside), NOTHING.search(inside)
        if first and (nothing is None or nothing.start() > first.start()):
            wrong.append((name, action))
    assert seen > 15
    assert not wrong


def test_the_first_button_of_the_page_to_write_on_only_looks_for_somebody() -> None:
    (asking,) = (inside for name, _, inside in forms() if name == "ask/form.html")
    assert "parts.button(" in asking
    assert asking[asking.index("parts.button(") :].startswith('parts.button(_("Find"), "plain", "do", "search"')


def test_no_button_belongs_to_another_form_than_the_one_it_stands_in() -> None:
    assert [path.name for path in TEMPLATES.rglob("*.html") if '"form":' in path.read_text()] == []


async def test_no_form_of_a_connectors_page_is_sent_by_enter(tmp_path: Path) -> None:
    async with visits(tmp_path, opening(policy("demo"))) as house:
        page = await house.client.get(await house.link(CARL, AskKind.APPROVE))
    for form in re.findall(r"<form\b.*?</form>", page.text, re.S):
        first = re.search(r"<button\b[^>]*>", form)
        assert first
        assert 'formaction="/nothing"' in first.group()


async def test_nothing_is_kept_of_what_was_typed_and_the_page_stays(tmp_path: Path) -> None:
    async with visited(tmp_path, policy("demo")) as house:
        answer = await house.stranger().post("/nothing", data={"sentence": "Owes me a favour", "choice": "introduce"})
        assert (answer.status_code, answer.text) == (204, "")
