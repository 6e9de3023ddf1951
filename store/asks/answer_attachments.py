"""Extras of an answer: the words, channels and boundaries it refers to, written in the same transaction."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Executable, insert, update

from models.ids import AskNumber, ChannelId, IntroductionId, PersonId, WordsId
from store.boundaries.opt_outs_and_blocks import block_person
from store.engine.ids import new_id
from store.people.addresses import Address
from store.tables import channel, person, private_note, tie, words


@dataclass
class Kept:
    """Rows that an answer brings along. They get their names here, and are written only with the answer."""

    introduction: IntroductionId
    owner: PersonId
    now: datetime
    writes: list[Callable[[Connection], object]] = field(default_factory=list)
    draws_a_boundary: bool = False  # it holds from now on, and the answer with it

    def __call__(self, connection: Connection) -> None:
        for write in self.writes:
            write(connection)

    def words(self, kind: str, body: str) -> WordsId | None:
        """Somebody's own words, in an erasable row; None where there are none."""
        if not body:
            return None
        named = WordsId(new_id("wrd"))
        row = {"id": named, "introduction": self.introduction, "owner": self.owner, "kind": kind, "body": body}
        self._keep(update(person).where(person.c.id == self.owner, person.c.salt.is_(None)).values(salt=_salt()))
        self._keep(insert(words).values(row | {"at": self.now}))
        return named

    def note(self, ask: AskNumber, readers: str, body: str) -> None:
        """A private note, for the programme's staff or for nobody else; no news names it."""
        row = {"id": new_id("nte"), "introduction": self.introduction, "ask": ask, "owner": self.owner}
        self._keep(insert(private_note).values(row | {"readers": readers, "body": body, "at": self.now}))

    def channel(self, of: PersonId, kind: str, value: str, source: str) -> ChannelId:
        """One way to reach somebody, for this introduction only."""
        return self._channel(of, {"kind": kind, "value": value, "source": source})

    def address(self, of: PersonId, given: Address, source: str, language: str | None = None) -> ChannelId:
        """An address of theirs, as part of this answer: it goes where the answer goes.

        `language`: in which to write to somebody who has never told us themselves.
        """
        how: dict[str, str | None] = {"kind": "email", "value": given.written, "match_key": given.mailbox}
        return self._channel(of, how | {"source": source, "language": language})

    def _channel(self, of: PersonId, how: dict[str, str | None]) -> ChannelId:
        named = ChannelId(new_id("cha"))
        row = {"id": named, "person": of, "introduction": self.introduction, "created_at": self.now}
        self._keep(insert(channel).values(row | how))
        return named

    def beside(self, write: Callable[[Connection], object]) -> None:
        """Something else that belongs to it."""
        self.writes.append(write)

    def no_go(self, connector: PersonId, other: PersonId) -> None:
        """The connector wants no more asks about this person, whether or not we thought they know each other."""
        self.draws_a_boundary = True
        self.writes.append(lambda connection: _close(connection, connector, other))

    def block(self, blocked: PersonId) -> None:
        """This person may not reach the one who answers, by any way: all that is under way hears of it too."""
        self._block(blocked, None)

    def block_unnamed(self, blocked: PersonId) -> None:
        """The same of somebody whose name they were not told, and are not told by this."""
        self._block(blocked, self.introduction)

    def _block(self, blocked: PersonId, unnamed_in: IntroductionId | None) -> None:
        nonce, self.draws_a_boundary = new_id("blk"), True
        self.writes.append(
            lambda connection: block_person(connection, self.owner, blocked, nonce, self.now, unnamed_in)
        )

    def _keep(self, statement: Executable) -> None:
        self.writes.append(lambda connection: connection.execute(statement))


def _close(connection: Connection, connector: PersonId, other: PersonId) -> None:
    known = (tie.c.connector == connector, tie.c.person == other)
    if connection.execute(update(tie).where(*known).values(no_go=True)).rowcount == 0:
        row = {"connector": connector, "person": other, "source": "the connector", "evidence": "", "no_go": True}
        connection.execute(insert(tie).values(row))


def _salt() -> str:
    """Their words stand in the ledger as hashes under a salt of their own, which erasing deletes."""
    return secrets.token_hex(32)
