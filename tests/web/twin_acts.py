"""Acts in twin histories: through every door, as a browser or a program would, and what is answered."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx2

from tests.cast import CARL, OLIVE, ROSA, TOMOKO, Person
from tests.web.api.api_client import once
from tests.web.house import nonce_on
from tests.web.twins import Twin, answered

Doing = Callable[[Twin], Awaitable[str]]
WORDS = "Tomoko, my pumps have run for a year in the rain now, and your silent valve is the part that never failed."


def by_key(act: str) -> Doing:
    async def do(twin: Twin) -> str:
        key = await twin.calling("key")
        got = await key.post(f"/introductions/{twin.introduction}/{act}", headers=once())
        outcome = [await key.get(got.headers["location"])] if "location" in got.headers else []
        return "\n".join(answered(each) for each in (got, *outcome))

    return do


async def patch(twin: Twin) -> str:
    key, path = await twin.calling("key"), f"/introductions/{twin.introduction}"
    read = (await key.get(path)).headers["etag"]
    return answered(await key.patch(path, json={"note": WORDS}, headers=once() | {"if-match": read}))


def on_own_page(who: Person, path: str) -> Doing:
    """A button of somebody's own page."""

    async def do(twin: Twin) -> str:
        client = await twin.signed_in(who)
        fields = {"nonce": nonce_on((await client.get("/me")).text)}
        return answered(await client.post(path.format(twin.introduction), data=fields))

    return do


async def edit(twin: Twin) -> str:
    rosa, path = await twin.signed_in(ROSA), f"/me/requests/{twin.introduction}/edit"
    page = (await rosa.get(path)).text
    version = page.split('name="version" value="')[1].split('"')[0]
    words = {
        "wanted": "twenty_minutes",
        "why": "Nobody else has kept a seal dry.",
        "read": "",
        "offer": "Test data.",
        "note": WORDS,
    }
    shared = {"channels": "cha_rosa_mail"} if 'name="channels"' in page else {}
    return answered(await rosa.post(path, data={"nonce": nonce_on(page), "version": version} | words | shared))


def on_answer_page(who: Person, choice: str) -> Doing:
    """On the page of the newest question that was put to them."""

    async def do(twin: Twin) -> str:
        await twin.questions(who)
        link = [name for name in twin.links if name.startswith(who.id)][-1]
        client, path = twin.house.stranger(), f"/a/{twin.links[link]}"
        fields = {"nonce": nonce_on((await client.get(path)).text), "choice": choice}
        return answered(await client.post(path, data=fields)).replace(twin.links[link], "*")

    return do


async def pass_on(twin: Twin) -> str:
    """The connector asks for the link to pass on, looks where it leads, and then asks for a link of the target's."""
    await twin.questions(CARL)
    link = next(twin.links[name] for name in twin.links if name.startswith(CARL.id))
    client = twin.house.stranger()
    fields = {"nonce": nonce_on((await client.get(f"/a/{link}")).text), "choice": "link"}
    shown = await client.post(f"/a/{link}", data=fields)
    found = re.search(r"/f/[\w-]+", shown.text)
    if found is None:
        return answered(shown).replace(link, "*")
    got = [shown, await client.get(found[0])]
    if 'value="send"' in got[-1].text:
        got.append(await client.post(found[0], data={"nonce": nonce_on(got[-1].text), "choice": "send"}))
        got.append(await client.get(found[0]))
    return "\n".join(answered(each).replace(found[0], "*") for each in got)


def on_console(act: str, **said: str) -> Doing:
    """A button of the console: `hold`, `resume`, `stop`; or `extension` and `again`, about the newest question."""

    async def do(twin: Twin) -> str:
        olive, path = await twin.signed_in(OLIVE), f"/console/introductions/{twin.introduction}"
        page = (await olive.get(path)).text
        where = {"extension": _extension, "again": _again}[act](page) if act in ("extension", "again") else act
        form = page.split(f'action="{path}/{where}"')[1]
        fields = {name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in ("nonce", "step")}
        until = {"until": f"{twin.now + timedelta(days=12):%Y-%m-%dT%H:%M}"} if act == "extension" else {}
        got = await olive.post(f"{path}/{where}", data=fields | until | said)
        return answered(got)

    return do


async def at_the_desk(twin: Twin) -> str:
    """The newest letter to the target once more, by a key of the staff."""
    staff, path = await twin.calling("staff"), f"/introductions/{twin.introduction}"
    desk = await staff.get(f"{path}/desk?operator={OLIVE.id}")
    newest = [each["id"] for each in desk.json()["letters"] if each["to"] == TOMOKO.id and each["may_be_repeated"]][-1]
    return answered(await _repeat(staff, f"{path}/letters/{newest}/repetition", desk.headers["etag"]))


async def _repeat(staff: httpx2.AsyncClient, path: str, read: str) -> httpx2.Response:
    return await staff.post(path, json={"operator": OLIVE.id}, headers=once() | {"if-match": read})


def _extension(page: str) -> str:
    return "asks/" + page.split("/extension")[-2].split("/asks/")[-1] + "/extension"


def _again(page: str) -> str:
    return "letters/" + page.split('/again"')[-2].split("/letters/")[-1] + "/again"
