"""Templates refuse what is missing, and escape what is not ours."""

from datetime import UTC, datetime

import pytest
from jinja2 import UndefinedError

from telling.languages import Reader
from web.shared.rendering import HERE, environment, static

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _rendered(template: str, language: str = "en", **facts: object) -> str:
    return environment().from_string(template).render(reader=Reader(language), now=NOW, **facts)


def test_nothing_may_be_missing() -> None:
    with pytest.raises(UndefinedError):
        _rendered("{{ nobody }}")


def test_words_of_others_are_escaped_also_inside_our_sentences() -> None:
    assert _rendered("{{ words }}", words="<b>") == "&lt;b&gt;"
    assert _rendered("{{ _('Times are for %(place)s.', place=words) }}", words="<b>") == "Times are for &lt;b&gt;."
    assert _rendered("{{ words | named }}", words="<b>") == "<bdi>&lt;b&gt;</bdi>"


def test_spanish_says_e_before_a_name_that_sounds_like_i() -> None:
    asked = "{% trans %}Would you introduce {{ requester }} to {{ target }}?{% endtrans %}"
    assert _rendered(asked, "es", requester="Nadia", target="Ingrid") == "¿Presentarías a Nadia e Ingrid?"
    bare = "{{ _('Would you introduce %(requester)s to %(target)s?', requester=r | named, target=t | named) }}"
    assert _rendered(bare, "es", r="Nadia", t="Ingrid") == "¿Presentarías a <bdi>Nadia</bdi> e <bdi>Ingrid</bdi>?"


def test_each_page_speaks_its_readers_language() -> None:
    assert [_rendered("{{ _('Introductions') }}", each) for each in ("en", "es", "pt")] == [
        "Introductions",
        "Presentaciones",
        "Apresentações",
    ]


def test_no_template_calls_anything_safe_or_sets_a_style_of_its_own() -> None:
    for template in (HERE / "templates").rglob("*.html"):
        text = template.read_text()
        assert "| safe" not in text, template
        assert "|safe" not in text, template
        assert " style=" not in text, template
        assert "<style" not in text, template
        assert " on" + "click=" not in text, template


def test_every_template_can_be_read() -> None:
    made = environment()
    for template in made.list_templates(extensions=["html"]):
        made.get_template(template)


def test_the_address_of_a_static_file_changes_with_its_content() -> None:
    assert static("app.css").startswith("/static/app.css?v=")
