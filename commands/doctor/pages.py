"""Findings about pages and replies. The public address, the address for replies, the keys."""

from urllib.parse import urlsplit

from commands.doctor.findings import Diagnosis, unsure, well, wrong
from embedded.who_answers import HEALTH
from loopback import is_loopback
from settings import Settings

PATIENCE = 5.0


async def addresses(told: Settings) -> list[Diagnosis]:
    if told.relay is None:
        return [
            unsure("replies", "letters stay on the mail page, so nobody can reply", "Name a relay to write to people.")
        ]
    found = [well("replies", "they go to INTROBROKER_REPLY_TO; only you can tell that a person reads it")]
    if told.bounces is None:
        do = "Set INTROBROKER_BOUNCES, or nobody is told of letters that come back."
        found.append(unsure("what comes back", "no address for it is named", do))
    elif told.mailbox is None:
        found.append(
            unsure("what comes back", "no mailbox is named", "See that the mail server runs `introbroker receive`.")
        )
    return found


async def keys(told: Settings) -> list[Diagnosis]:
    from embedded.folder import StartRefused
    from embedded.keys import key_ring

    file = told.data / "keys.json"
    if not file.is_file():
        return [
            wrong(
                "keys", "there is no keys.json in the data folder", "Start once, or put the installation's file there."
            )
        ]
    try:
        ring = key_ring(told.data)
    except StartRefused as refusal:
        return [wrong("keys", "keys.json cannot be read", str(refusal))]
    if file.stat().st_mode & 0o077:
        return [wrong("keys", "others on this machine can read keys.json", f"chmod 600 {file}")]
    return [well("keys", f"{len(ring)} in the ring; the same file belongs to every process")]


async def public(told: Settings) -> list[Diagnosis]:
    host, here = urlsplit(told.public_url).hostname or "", urlsplit(told.public_url)
    if is_loopback(host):
        if told.relay and not is_loopback(told.relay.host):
            return [wrong("pages", "links in letters lead to this machine only", "Set INTROBROKER_PUBLIC_URL.")]
        return [unsure("pages", "they are for this machine only", "Set INTROBROKER_PUBLIC_URL to let others in.")]
    if here.scheme != "https":
        return [wrong("pages", "people's answers would travel in the clear", "Give an https address.")]
    return [await _answers(told)]


async def _answers(told: Settings) -> Diagnosis:
    """Whoever answers there is asked for a mark that only this installation makes."""
    import httpx2

    from embedded.keys import key_ring
    from embedded.who_answers import challenge, is_ours, path_asking
    from store.engine.secrets import Keys

    word = challenge()
    try:
        async with httpx2.AsyncClient(timeout=PATIENCE, follow_redirects=False) as client:
            answer = await client.get(told.public_url + path_asking(word))
    except httpx2.HTTPError as problem:
        said = f"nobody answers at INTROBROKER_PUBLIC_URL ({type(problem).__name__})"
        return wrong("pages", said, "See `introbroker web`, the proxy before it, its certificate and DNS.")
    if answer.status_code != 200 or "application/json" not in answer.headers.get("content-type", ""):
        return wrong("pages", f"something else answers there ({answer.status_code})", f"{HEALTH} must reach our web.")
    keys = Keys((key.id, key.secret) for key in key_ring(told.data))
    if not is_ours(answer.content, word, keys):
        said = "another installation answers there, or one with other keys, or of an older version"
        return wrong("pages", said, "See where the proxy leads, and that keys.json is the same everywhere.")
    return well("pages", "they answer at INTROBROKER_PUBLIC_URL, over https")
