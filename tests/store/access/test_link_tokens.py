"""A link opens what it was made for, for as long as it should, and nothing else."""

import base64
import random
import string
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import get_args

import pytest
from sqlalchemy import Connection, select, update

from models.ids import AskNumber, IntroductionId
from store.access import link_tokens
from store.engine.database import Database, database
from store.tables import token
from tests.cast import MONDAY, ROSA, STAN, policy
from tests.support import rows
from tests.support.services.databases import Place

DAY = timedelta(days=1)
GUESSES = 100_000


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Database]:
    async with database(place.url, durable=False) as opened:
        await opened.write(lambda connection: rows.settle_in(connection, policy("demo"), MONDAY))
        yield opened


def an_ask_link(connection: Connection) -> str:
    return link_tokens.mint(
        connection,
        "ask",
        ROSA.id,
        now=MONDAY,
        expires_at=MONDAY + DAY,
        introduction=IntroductionId("int_1"),
        ask=AskNumber(2),
        version=1,
    )


def a_way_in(connection: Connection) -> str:
    return link_tokens.mint(connection, "sign_in", ROSA.id, now=MONDAY, expires_at=MONDAY + DAY)


async def test_a_link_opens_the_ask_it_was_made_for(store: Database) -> None:
    raw = await store.write(an_ask_link)
    found = await store.read(lambda connection: link_tokens.find(connection, raw, "ask"))
    assert found
    assert (found.person, found.introduction, found.ask, found.version) == (ROSA.id, "int_1", 2, 1)


async def test_a_link_opens_nothing_of_another_purpose(store: Database) -> None:
    raw = await store.write(an_ask_link)
    assert await store.read(lambda connection: link_tokens.find(connection, raw, "forwarded")) is None
    assert await store.read(lambda connection: link_tokens.find(connection, raw, "sign_in")) is None
    assert await store.write(lambda connection: link_tokens.use(connection, raw, MONDAY)) is None


async def test_a_link_with_any_bit_flipped_opens_nothing(store: Database) -> None:
    raw = await store.write(an_ask_link)
    plain = base64.urlsafe_b64decode(raw)
    flipped = [
        base64.urlsafe_b64encode(bytes(byte ^ (1 << bit) if n == place else byte for n, byte in enumerate(plain)))
        for place in range(len(plain))
        for bit in range(8)
    ]

    def any_found(connection: Connection) -> bool:
        return any(link_tokens.find(connection, each.decode(), "ask") for each in flipped)

    assert len(flipped) >= 128
    assert not await store.read(any_found)


OLDER = "Qm8-xLpZ_r4TgVn2Kd7WsYc0Hb5Jf1e-"  # links of earlier letters end in any mark of theirs
BEHIND = [
    *(".", ",", ";", ":", "!", ")", "]", "}", ">", '"', "'", "*", "_", "-", "|", "=", "\\", "/", "&utm_source=x"),
    *(
        "\u00a0",
        "\u3000",
        "\u200b",
        "\u00ad",
        "\ufeff",
        "\u2019",
        "\u201d",
        "\u00bb",
        "\u3002",
        "\u2026",
        "\n",
        "\t",
        "\x00",
    ),
    *(" ", "%20", "%C2%A0", "%3E", ">.", ").", " and the next word", "\ud800"),
]


async def older_link(store: Database) -> str:
    def kept(connection: Connection) -> None:
        raw = an_ask_link(connection)
        this = token.c.hash == link_tokens.token_hash(raw)
        connection.execute(update(token).where(this).values(hash=link_tokens.token_hash(OLDER)))

    await store.write(kept)
    return OLDER


async def test_a_link_opens_whatever_a_mail_program_put_behind_or_before_it(store: Database) -> None:
    raw, older = await store.write(an_ask_link), await older_link(store)

    def opening(connection: Connection) -> list[str]:
        sent = [f"{link}{behind}" for link in (raw, older) for behind in BEHIND]
        sent += [f"{before}{link}>" for link in (raw, older) for before in ("<", " ", "%20", '"', "\u200b")]
        return [each for each in sent if link_tokens.find(connection, each, "ask") is None]

    assert await store.read(opening) == []


WRAPPED = ["=\r\n", "\n", " ", "%20", "%3D%0D%0A", "=", "\u00ad", "\u200b", "\n> ", "\ufffd"]


async def test_a_link_that_was_wrapped_opens(store: Database) -> None:
    raw, older = await store.write(an_ask_link), await older_link(store)

    def closed(connection: Connection) -> list[str]:
        sent = [
            link[:place] + wrap + link[place:] for link in (raw, older) for wrap in WRAPPED for place in (1, 17, 31)
        ]
        return [each for each in sent if link_tokens.find(connection, each, "ask") is None]

    assert await store.read(closed) == []


async def test_a_link_with_more_or_less_of_it_opens_nothing(store: Database) -> None:
    raw, older = await store.write(an_ask_link), await older_link(store)

    def opening(connection: Connection) -> list[str]:
        sent = []
        for link in (raw, older):
            sent += [link + "x", link + "0", link[:-1], link[1:], link.swapcase(), "x" + link, "-" + link, "." + link]
        return [each for each in sent if link_tokens.find(connection, each, "ask")]

    assert await store.read(opening) == []


def test_what_is_no_link_is_looked_through_in_no_time() -> None:
    started = time.process_time()
    for long in ("=" * 60_000, "a=" * 30_000, "%20" * 20_000, "a" * 60_000, "-\u200b" * 30_000):
        link_tokens.as_minted(long)
    assert time.process_time() - started < 1


async def test_every_new_link_is_of_letters_and_digits(store: Database) -> None:
    """Of these nothing is cut off, underlined, made a dash of, or coded."""

    def made(connection: Connection) -> list[str]:
        until = MONDAY + DAY
        purposes = get_args(link_tokens.Purpose) * 20
        return [link_tokens.mint(connection, each, ROSA.id, now=MONDAY, expires_at=until) for each in purposes]

    assert all(each.isascii() and each.isalnum() for each in await store.write(made))


async def test_no_guess_ever_hits(store: Database) -> None:
    raw = await store.write(an_ask_link)
    letters = string.ascii_letters + string.digits + "-_"
    guesses = ["".join(random.choices(letters, k=len(raw))) for _ in range(GUESSES)]

    def hits(connection: Connection) -> set[str]:
        known = set(connection.execute(select(token.c.hash)).scalars())
        return {each for each in guesses if link_tokens.token_hash(each) in known}

    assert await store.read(hits) == set()


async def test_the_store_holds_no_link_that_opens(store: Database) -> None:
    raw = await store.write(an_ask_link)
    kept = await store.read(lambda connection: connection.execute(select(token)).one())
    assert raw not in str(tuple(kept))
    assert await store.read(lambda connection: link_tokens.find(connection, kept.hash, "ask")) is None


async def test_no_two_links_are_alike_and_each_is_long_enough(store: Database) -> None:
    made = {await store.write(an_ask_link) for _ in range(50)}
    assert len(made) == 50
    assert all(len(base64.urlsafe_b64decode(each)) * 8 >= 128 for each in made)


async def test_an_expired_link_is_still_known_for_what_it_was(store: Database) -> None:
    raw = await store.write(an_ask_link)
    found = await store.read(lambda connection: link_tokens.find(connection, raw, "ask"))
    assert found
    assert not found.has_expired(MONDAY)
    assert found.has_expired(MONDAY + DAY)


async def test_a_way_in_works_once(store: Database) -> None:
    raw = await store.write(a_way_in)
    first = await store.write(lambda connection: link_tokens.use(connection, raw, MONDAY))
    again = await store.write(lambda connection: link_tokens.use(connection, raw, MONDAY))
    assert first
    assert (first.person, again) == (ROSA.id, None)


async def test_a_way_in_ends(store: Database) -> None:
    raw = await store.write(a_way_in)
    assert await store.write(lambda connection: link_tokens.use(connection, raw, MONDAY + DAY)) is None


async def test_nobody_else_comes_in_by_it(store: Database) -> None:
    raw = await store.write(a_way_in)
    found = await store.write(lambda connection: link_tokens.use(connection, raw, MONDAY))
    assert found
    assert found.person != STAN.id


async def test_using_one_way_in_up_leaves_every_other_link_as_it_was(store: Database) -> None:
    raw, another = await store.write(a_way_in), await store.write(a_way_in)
    assert await store.write(lambda connection: link_tokens.use(connection, raw, MONDAY))
    assert await store.write(lambda connection: link_tokens.use(connection, another, MONDAY))


async def test_a_link_to_an_ask_is_not_used_up_as_a_way_in(store: Database) -> None:
    raw = await store.write(an_ask_link)
    assert await store.write(lambda connection: link_tokens.use(connection, raw, MONDAY)) is None
    used = await store.read(lambda connection: connection.execute(select(token.c.used_at)).scalars().all())
    assert list(used) == [None]


async def test_what_is_done_through_the_links_of_one_ask_is_paced(store: Database) -> None:
    """So many acts at once, then one in so much time; a pause saves up no more than the first."""
    await store.write(an_ask_link)
    burst = [await paced(store, timedelta()) for _ in range(link_tokens.BURST + 1)]
    assert burst == [True] * link_tokens.BURST + [False]
    assert [await paced(store, link_tokens.EACH) for _ in range(2)] == [True, False]
    later = [await paced(store, DAY) for _ in range(link_tokens.BURST + 1)]
    assert later == [True] * link_tokens.BURST + [False]


async def paced(store: Database, after: timedelta) -> bool:
    ask = AskNumber(2)
    return await store.write(
        lambda connection: link_tokens.pace(connection, IntroductionId("int_1"), ask, MONDAY + after)
    )
