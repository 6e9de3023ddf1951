"""Tables of news and letters: answers on their way to a workflow, letters, what came back of them, their links."""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from store.engine.column_types import Instant, Json
from store.tables.constraint_names import metadata

inbox = Table(
    "inbox",
    metadata,
    Column("key", String(40), primary_key=True),  # the update's id
    Column("introduction", ForeignKey("introduction.id"), nullable=False),
    Column("person", String(40)),
    Column("ask", Integer),
    Column("nonce", String(64), nullable=False),  # of the page it was sent from
    Column("kind", String(32), nullable=False),  # of the news
    Column("news", Json, nullable=False),
    Column("via", String(16), nullable=False),  # link | own_page | console | key | mailroom | import | terminal
    Column("at", Instant, nullable=False),
    Column("state", String(16), nullable=False),  # waiting | taken | refused
    Column("reason", String(32)),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", Instant, nullable=False),
    Column("heard_step", Integer),  # the step that heard it, until Temporal has confirmed that it holds it too
    Column("heard_at", Instant),  # when a step heard it; stays, so that it can be told later
    Column("held_until", Instant),  # a report: so long whoever said it may take it back, and nobody hears it
    UniqueConstraint("introduction", "nonce"),
    Index(None, "state", "next_try_at"),
)
# Nobody has heard it, or only the ledger has. A query says it in these very words, of the table without an alias:
# planners see through no parameter.
UNHEARD = text("(state = 'waiting' OR heard_step IS NOT NULL)")
Index("ix_inbox_unheard", inbox.c.next_try_at, inbox.c.key, sqlite_where=UNHEARD, postgresql_where=UNHEARD)

letter = Table(  # the outbox
    "letter",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("introduction", String(40)),  # None: a sign-in link
    Column("step", Integer),
    Column("number", Integer, nullable=False),  # of the effect within the step
    Column("kind", String(32), nullable=False),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("ask", Integer),
    Column("reminder", Boolean, nullable=False),
    Column("words", String(40)),
    Column("not_before", Instant, nullable=False),
    Column("state", String(16), nullable=False),  # planned | started | accepted | unknown | failed | dropped
    Column("next_try_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("claimed_by", String(64)),
    Column("started_at", Instant),
    Column("settled_at", Instant),
    Column("message_id", Text),
    Column("relay_said", Text),  # code and class only, no address
    Column("channel", String(40)),  # where it was sent
    Column("waits_since", Instant),  # due since then, and the relay away
    Column("may_have_left", Instant),  # the database was found to be restored then, and this was due in it
    UniqueConstraint("introduction", "step", "number"),
    Index(None, "state", "next_try_at"),
    Index(None, "person"),
    Index(None, "introduction", "ask"),
)


def about_its_reader(named: str, kind: str, person: str, at: datetime) -> dict[str, object]:
    """The row of a letter that belongs to no introduction, planned for this instant."""
    return {
        "id": named,
        "introduction": None,
        "number": 0,
        "kind": kind,
        "person": person,
        "version": 0,
        "reminder": False,
        "not_before": at,
        "state": "planned",
        "next_try_at": at,
        "tries": 0,
    }


came_back = Table(  # what was received about a letter that had left; of the message itself nothing is kept
    "came_back",
    metadata,
    Column("letter", String(40), nullable=False),
    Column("kind", String(16), nullable=False),  # bounced | delayed | complaint | refused | reply
    Column("times", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    PrimaryKeyConstraint("letter", "kind"),
)

mail = Table(  # the mail page of the embedded default: what each person's mailbox holds
    "mail",
    metadata,
    Column("letter", String(40), primary_key=True),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("message_id", Text, nullable=False, unique=True),
    Column("subject", Text, nullable=False),
    Column("body_text", Text, nullable=False),
    Column("body_html", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    Column("read_at", Instant),
    Index(None, "person", "at"),
)

token = Table(
    "token",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("purpose", String(16), nullable=False),  # ask | forwarded | sign_in | return | …
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("introduction", String(40)),
    Column("ask", Integer),
    Column("version", Integer),
    Column("letter", String(40)),
    Column("minted_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("paced_until", Instant),  # how far ahead its holder's acts reach: store/access/link_tokens.py
    Index(None, "introduction", "ask"),
)
