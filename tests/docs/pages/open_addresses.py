"""Tables of docs/safety.md about the outside: open addresses with their limits, and items of ASVS with their tests."""

import tomllib
from functools import cache
from pathlib import Path

from tests.docs.pages.functions import the_test
from web.api.entrance.body import DEEPEST, MOST_BRACKETS
from web.api.entrance.rates import Rates
from web.shared.http import connection_limits as connections
from web.shared.http import request_bodies as bodies
from web.shared.http import security as heads

Items = dict[str, tuple[str, tuple[str, ...]]]
KB = 1024
LIMITS = f"""Each of them, and all others, before anything is taken apart:

| of | no more than | else |
|---|---|---|
| a connection | {connections.HEAD_WITHIN:.0f} s for a head; {connections.UNFINISHED // KB} kB before its end | closed |
| a head | {heads.FIELDS} headers, {heads.HEAD_LIMIT // KB} kB of them | 431 |
| an address | {heads.ADDRESS_LIMIT} bytes, its query among them | 414 |
| a body | {bodies.BODY_LIMIT // KB} kB, {bodies.BODY_WITHIN:.0f} s | 413, 408 |
| a body with a logo, from whoever works there | {bodies.UPLOAD_LIMIT // KB} kB, {bodies.BODY_WITHIN:.0f} s | 413, 408 |
| photos: {bodies.PHOTOS_AT_ONCE} at once | {bodies.PHOTO_LIMIT // KB} kB, {bodies.PHOTO_WITHIN:.0f} s | 413, 408, 503 |
| a form | {bodies.FIELDS} fields, as browsers and mail programs send it, in UTF-8 | 413, 415 |
| JSON | {DEEPEST} levels, {MOST_BRACKETS // 2} lists and objects, UTF-8, no name twice | 400, 415 |
| the API without a live key | {Rates().of_strangers.most} requests a minute from one address | 429 |

"""
MEASURED = """Asked 600 times over HTTP, half of them with an address we know, the time to the answer tells the two
apart no better than chance (AUC 0.50 and 0.52 in two runs; half is chance). What the tests count are statements,
which no busy machine changes.
"""


@cache
def _told() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("open_addresses.toml").read_text(encoding="utf-8"))


def open_addresses() -> dict[str, tuple[str, str]]:
    """What a stranger is answered at: what is there, and what it costs us."""
    return {address: (what, cost) for address, (what, cost) in _told()["open_addresses"].items()}


def items() -> Items:
    """Items of ASVS, and the tests that show them."""
    return {number: (what, tuple(tests)) for number, (what, tests) in _told()["asvs"].items()}


def chapters() -> str:
    return _open_addresses() + _asvs()


def _open_addresses() -> str:
    rows = "".join(f"| `{address}` | {what} | {cost} |\n" for address, (what, cost) in open_addresses().items())
    head = (
        "\n## Where strangers are answered\n\nWithout session and key. A test compares this with the running app.\n\n"
    )
    return f"{head}| address | what is there | what it costs us |\n|---|---|---|\n{rows}\n{LIMITS}{MEASURED}"


def _asvs() -> str:
    rows = "".join(
        f"| {number} | {what} | {'; '.join(the_test(each).sentence for each in tests)} |\n"
        for number, (what, tests) in items().items()
    )
    about = "Items of levels 1 and 2 (1.3.12 and 6.3.8 are of level 3) about what strangers reach."
    head = f"\n## OWASP ASVS 5.0\n\n{about}\n\n"
    return f"{head}| # | what holds | shown by |\n|---|---|---|\n{rows}"
