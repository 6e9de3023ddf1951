"""A player of one part in the demo: reads the mailbox, opens links, presses buttons.

One person with a browser of their own, who reads their letters on the mail page and follows the links.
"""

import asyncio
import re
import time
from dataclasses import dataclass
from html import unescape

import httpx2

from commands.demo.pages import NotOnThePage, PageForm, PageRead, WentWrong

LOOKS_EVERY = 0.3


@dataclass(frozen=True)
class ReceivedLetter:
    subject: str
    links: tuple[str, ...]

    def link(self, path: str) -> str:
        """The link of the letter that begins with this path: "/a/" answers, "/me" is the reader's own page."""
        for link in self.links:
            if httpx2.URL(link).path.startswith(path):
                return link
        raise NotOnThePage(f"the letter “{self.subject}” has no link to {path}")


class Player:
    """One of the people of the sample world."""

    def __init__(self, name: str, mailbox: str, address: str) -> None:
        self.name = name
        self.mailbox = mailbox
        self._browser = httpx2.AsyncClient(base_url=address, follow_redirects=True, timeout=20.0)
        self._read: set[str] = set()

    async def close(self) -> None:
        await self._browser.aclose()

    async def open(self, address: str) -> PageRead:
        return await self._page(await self._browser.get(address))

    async def send(self, page: PageRead, **answers: str) -> PageRead:
        """Fill in the form in which the first of these can be answered, and send it."""
        return await self.press(page.form(*next(iter(answers.items()))), **answers)

    async def press(self, form: PageForm, **answers: str) -> PageRead:
        return await self._page(await self._browser.post(form.action, data=form.with_answers(answers)))

    async def own_page(self) -> PageRead:
        """Signed in as at this machine one may: by the button beside the mailbox."""
        return await self._page(await self._browser.post(f"{self.mailbox}/session"))

    async def mail(self) -> list[str]:
        """The letters lying in the mailbox, the oldest first."""
        box = await self.open(self.mailbox)
        found = (link.href.partition("#")[0] for link in box.links if link.href.startswith(f"{self.mailbox}/"))
        return list(dict.fromkeys(found))[::-1]

    async def next_letter(self, within: float = 75.0) -> ReceivedLetter:
        """The next one not read yet, as soon as it is there."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            for address in await self.mail():
                if address not in self._read:
                    self._read.add(address)
                    return await self._open_letter(address)
            await asyncio.sleep(LOOKS_EVERY)
        raise WentWrong(f"{self.name} has waited {within:.0f} s for a letter that did not come")

    async def leave_old_letters(self) -> None:
        self._read.update(await self.mail())

    async def _open_letter(self, address: str) -> ReceivedLetter:
        page, html = await self.open(address), await self._browser.get(f"{address}/html")
        links = re.findall(r'href="(https?://[^"]+)"', html.text)
        return ReceivedLetter(subject=_subject(page, address), links=tuple(unescape(link) for link in links))

    async def _page(self, answer: httpx2.Response) -> PageRead:
        page = PageRead(str(answer.url), answer.text)
        if answer.is_error:
            raise WentWrong(f"{self.name} was told: {'; '.join(page.faults) or page.heading} ({answer.status_code})")
        return page


def _subject(box: PageRead, address: str) -> str:
    return " ".join(next(link.text for link in box.links if link.href.startswith(address)).split())
