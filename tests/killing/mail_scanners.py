"""Mail scanners: machines that open a letter's links before its reader does.

Those that fetch, those that crawl, those with scripts.

Mail scanners fetch every link, follow what redirects, try HEAD and OPTIONS, fetch ahead what a page links to, send
forms as they stand, and some run the scripts of a page in a real browser. None of them chooses anything.
"""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from urllib.parse import urljoin, urlsplit

import httpx2
from playwright.async_api import Page as Tab

from commands.demo.pages import PageRead

A_LINK = re.compile(r"https?://[^\s\"'<>)]+")
AHEAD = {"purpose": "prefetch", "sec-purpose": "prefetch;prerender", "x-moz": "prefetch"}


def links_in(mail: EmailMessage) -> list[str]:
    """Every address in the letter: in its text, in its page, and in the header for leaving."""
    bodies = (mail.get_body(("plain",)), mail.get_body(("html",)))
    text = " ".join(str(body.get_content()) for body in bodies if body)
    found = A_LINK.findall(f"{text} {mail['List-Unsubscribe'] or ''}")
    return sorted({link.rstrip(".,") for link in found})


async def fetch(client: httpx2.AsyncClient, link: str) -> PageRead:
    """As scanners fetch, twice and by every method that only looks; the page as it was found."""
    for method, headers in (("HEAD", {}), ("OPTIONS", {}), ("GET", AHEAD)):
        answer = await client.request(method, link, headers=headers)
        assert answer.status_code < 500, (method, link)
    answer = await client.get(link)
    assert answer.status_code < 500, link
    return PageRead(str(answer.url), answer.text)


async def crawl(client: httpx2.AsyncClient, page: PageRead, seen: set[str]) -> None:
    """What the page links to is fetched too, once each; of other sites nothing."""
    for each in _here(page):
        if each not in seen:
            seen.add(each)
            assert (await client.get(each, headers=AHEAD)).status_code < 500, each


async def send_forms_as_they_stand(client: httpx2.AsyncClient, page: PageRead) -> int:
    """Every form of a question, with what is filled in: nothing is chosen, so nothing may follow. How many.

    Forms that ask nothing, as behind a sign-in link, are sent too: nobody is let in by that.
    """
    sent_anyway = [form for form in page.forms if form.method == "post" and "choice" not in form.choices]
    for form in sent_anyway:
        sent = await client.post(urljoin(page.url, form.action), data=form.filled)
        assert sent.status_code < 500, form.action
        assert "set-cookie" not in sent.headers, form.action
    asking = [form for form in page.forms if form.method == "post" and "choice" in form.choices]
    for form in asking:
        sent = await client.post(urljoin(page.url, form.action), data=form.filled)
        assert 400 <= sent.status_code < 500, form.action
    return len(asking)


async def run_scripts(tab: Tab, link: str) -> None:
    """In a real browser, which loads everything, scrolls to the end, and clicks nothing."""
    await tab.goto(link, wait_until="load")
    await tab.mouse.wheel(0, 20_000)
    await tab.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))")


def _here(page: PageRead) -> Iterator[str]:
    house = urlsplit(page.url).netloc
    for link in page.links:
        found = urljoin(page.url, link.href).partition("#")[0]
        if urlsplit(found).netloc == house:
            yield found
