"""Link tokens and what each opens. Each link carries a random token; we keep only its hash, and what it is good for."""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, insert, select, update

from models.base import Frozen
from models.ids import AskNumber, IntroductionId, LetterId, PersonId
from store.tables import token

TOKEN_BYTES = 24  # 192 random bits; 128 would do, and a link has to fit on a line

Purpose = Literal["ask", "forwarded", "sign_in", "unsubscribe", "return"]


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
    raw = secrets.token_urlsafe(TOKEN_BYTES)
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
    wanted = token_hash(raw)
    row = connection.execute(select(token).where(token.c.hash == wanted, token.c.purpose == purpose)).one_or_none()
    if row is None or not hmac.compare_digest(row.hash, wanted):
        return None
    return Token.model_validate({name: value for name, value in row._mapping.items() if name != "hash"})


def use(connection: Connection, raw: str, now: datetime) -> Token | None:
    """Use a sign-in link up. None where it is unknown, expired, or somebody was first."""
    used = connection.execute(
        update(token)
        .where(
            token.c.hash == token_hash(raw),
            token.c.purpose == "sign_in",
            token.c.used_at.is_(None),
            token.c.expires_at > now,
        )
        .values(used_at=now)
    )
    return find(connection, raw, "sign_in") if used.rowcount == 1 else None


def token_hash(raw: str) -> str:
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()
