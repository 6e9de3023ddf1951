"""Link tokens and what each opens. Each link carries a random token; we keep only its hash, and what it is good for."""

import hashlib
import hmac
import re
import secrets
import string
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, func, insert, select, update

from models.base import Frozen
from models.ids import AskNumber, IntroductionId, LetterId, PersonId
from store.tables import token

LENGTH = 32  # 190 random bits; 128 would do, and a link has to fit on a line
# Mail programs cut off a hyphen or underscore at the end, and make others of them within. Older links hold them.
ALPHABET = string.ascii_letters + string.digits
_BETWEEN = r"(?:[\s=<>\"'|\x00-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffd]|%[0-9A-Fa-f]{2})"
_MARK = "[A-Za-z0-9_-]"
_CARRIED = re.compile(rf"{_BETWEEN}*((?:{_MARK}{_BETWEEN}*){{{LENGTH - 1}}}{_MARK})(?![A-Za-z0-9])")
_LEFT_BETWEEN = re.compile(_BETWEEN)
BURST, EACH = 20, timedelta(seconds=30)  # acts through the links of one ask: so many at once, then one in so much time

Purpose = Literal["ask", "forwarded", "sign_in", "unsubscribe", "return"]


KEPT_TO_US = ("hash", "paced_until")


class Token(Frozen):
    """One link: to whom it was given and for what. It opens this and nothing else."""

    purpose: Purpose
    person: PersonId
    introduction: IntroductionId | None
    ask: AskNumber | None
    version: int | None
    letter: LetterId | None
    minted_at: datetime
    expires_at: datetime
    used_at: datetime | None

    def has_expired(self, now: datetime) -> bool:
        return now >= self.expires_at


def mint(
    connection: Connection,
    purpose: Purpose,
    person: PersonId,
    *,
    now: datetime,
    expires_at: datetime,
    introduction: IntroductionId | None = None,
    ask: AskNumber | None = None,
    version: int | None = None,
    letter: LetterId | None = None,
) -> str:
    """A new link's token, to be handed out once and never stored. Its hash alone opens nothing."""
    raw = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    row = {
        "hash": token_hash(raw),
        "purpose": purpose,
        "person": person,
        "introduction": introduction,
        "ask": ask,
        "version": version,
        "letter": letter,
        "minted_at": now,
        "expires_at": expires_at,
    }
    connection.execute(insert(token).values(row))
    return raw


def find(connection: Connection, raw: str, purpose: Purpose) -> Token | None:
    """What this link was made for, expired or not: its page says which. None where we never made it.

    Looked up by the hash of what was sent, so that neither the index nor the comparison tells how near a guess came.
    A link of an ask is bound to the ask and never used up: whether the ask is open decides, so an undone answer can be
    given again by the same link.
    """
    wanted = token_hash(as_minted(raw))
    row = connection.execute(select(token).where(token.c.hash == wanted, token.c.purpose == purpose)).one_or_none()
    if row is None or not hmac.compare_digest(row.hash, wanted):
        return None
    return Token.model_validate({name: value for name, value in row._mapping.items() if name not in KEPT_TO_US})


def use(connection: Connection, raw: str, now: datetime) -> Token | None:
    """Use a sign-in link up. None where it is unknown, expired, or somebody was first."""
    used = connection.execute(
        update(token)
        .where(
            token.c.hash == token_hash(as_minted(raw)),
            token.c.purpose == "sign_in",
            token.c.used_at.is_(None),
            token.c.expires_at > now,
        )
        .values(used_at=now)
    )
    return find(connection, raw, "sign_in") if used.rowcount == 1 else None


def close_all(connection: Connection, person: PersonId) -> int:
    """Every link this record was sent; but unsubscribing is answered for as long as mail programs keep a letter."""
    theirs = (token.c.person == person, token.c.purpose != "unsubscribe")
    return connection.execute(delete(token).where(*theirs)).rowcount


def as_minted(raw: str) -> str:
    """The token in what arrived: letters carry links through programs that wrap, quote and punctuate them.

    A line's end may have got into it, and behind it may stand whatever stood behind the link. One letter or digit more,
    or one less, is no token of ours.
    """
    found = _CARRIED.match(raw)
    return _LEFT_BETWEEN.sub("", found[1]) if found else raw


def pace(connection: Connection, introduction: IntroductionId, ask: AskNumber, now: datetime) -> bool:
    """Whether one more act through a link of this ask is taken now; it is counted where it is.

    A token bucket in one instant (GCRA): each act reaches `EACH` further, and none further ahead than `BURST` of them.
    Whoever holds a link, the one it was sent to or not, cannot spend what an introduction may hear.
    """
    links = (token.c.introduction == introduction, token.c.ask == ask, token.c.purpose == "ask")
    reached = connection.execute(select(func.max(token.c.paced_until)).where(*links)).scalar_one()
    further = max(now, reached or now) + EACH
    if further > now + BURST * EACH:
        return False
    connection.execute(update(token).where(*links).values(paced_until=further))
    return True


def token_hash(raw: str) -> str:
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()
