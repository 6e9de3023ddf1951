"""Pages as a browser without script reads them.

Its headings, links and forms, as a browser without script would have them.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

UNTICKED = "on"


class WentWrong(Exception):
    """Something was not as the story goes: one sentence says what."""


class NotOnThePage(WentWrong):
    """The page has no such link, form, field or choice."""


@dataclass
class PageForm:
    """What would be sent if nothing were changed, and what else can be chosen."""

    action: str
    method: str
    filled: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)

    def has(self, name: str, value: str | None = None) -> bool:
        return name in self.filled or (name in self.choices and (value is None or value in self.choices[name]))

    def with_answers(self, answers: dict[str, str]) -> dict[str, list[str]]:
        """The fields as they are sent: what stood there, with these answers in their places."""
        sent = {name: list(values) for name, values in self.filled.items()}
        for name, value in answers.items():
            offered = self.choices.get(name)
            if not self.has(name) or (offered and value not in offered):
                raise NotOnThePage(f"the form has no {name} with “{value}”")
            sent[name] = [value]
        return sent


@dataclass
class PageLink:
    href: str
    text: str = ""


class PageRead(HTMLParser):
    """One page, read once."""

    def __init__(self, url: str, html: str) -> None:
        super().__init__()
        self.url = url
        self.heading = ""
        self.links: list[PageLink] = []
        self.forms: list[PageForm] = []
        self.states: list[str] = []  # where something stands, in the page's own words
        self.faults: list[str] = []  # what the page says is wrong
        self._inside: list[str] = []
        self._text_field = ""
        self._select = ""
        self._listening: list[str] | None = None
        self.feed(html)
        self.heading = " ".join(self.heading.split())

    def form(self, name: str, value: str | None = None) -> PageForm:
        """The form in which this can be answered."""
        for form in self.forms:
            if form.has(name, value):
                return form
        raise NotOnThePage(f"the page “{self.heading}” has no {name}" + (f" with {value}" if value else ""))

    def link(self, start: str, text: str = "") -> str:
        """Where the first link leads that begins so and says so."""
        for link in self.links:
            if link.href.startswith(start) and text in link.text:
                return link.href
        raise NotOnThePage(f"the page “{self.heading}” has no link to {start} {text}".strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.begin(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            self._inside.remove(tag)
        if tag in ("p", "strong"):
            self._listening = None
        if tag == "textarea":
            self.forms[-1].filled[self._text_field] = [self.forms[-1].filled[self._text_field][0].removeprefix("\n")]
            self._text_field = ""

    def handle_data(self, data: str) -> None:
        if "h1" in self._inside:
            self.heading += data
        if "a" in self._inside and self.links:
            self.links[-1].text += data
        if self._listening is not None:
            self._listening[-1] += data
        if self._text_field:
            self.forms[-1].filled[self._text_field][0] += data

    def begin(self, tag: str, given: dict[str, str]) -> None:
        """Take note of whatever can be read, followed or filled in."""
        if tag in ("h1", "a"):
            self._inside.append(tag)
        kind = given.get("class", "").split()
        if (tag == "strong" and "state" in kind) or "fault-said" in kind:
            self._listening = self.states if tag == "strong" else self.faults
            self._listening.append("")
        if tag == "a" and "href" in given:
            self.links.append(PageLink(given["href"]))
        elif tag == "form":
            self.forms.append(PageForm(given.get("action") or self.url, given.get("method", "get")))
        elif self.forms and tag in ("input", "textarea", "select", "option", "button"):
            self._field(self.forms[-1], tag, given)

    def _field(self, form: PageForm, tag: str, given: dict[str, str]) -> None:
        name, value, kind = given.get("name", ""), given.get("value", ""), given.get("type", "text")
        if tag == "textarea":
            self._text_field = name
            form.filled[name] = [""]
        elif tag == "select":
            self._select = name
        elif tag == "option":
            _offer(form, self._select, value, chosen="selected" in given)
        elif name and (tag == "button" or kind in ("radio", "checkbox")):
            _offer(form, name, value or UNTICKED, chosen="checked" in given)
        elif name:
            form.filled[name] = [value]


def _offer(form: PageForm, name: str, value: str, *, chosen: bool) -> None:
    form.choices.setdefault(name, []).append(value)
    if chosen:
        form.filled.setdefault(name, []).append(value)
