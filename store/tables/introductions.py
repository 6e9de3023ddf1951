"""Tables of introductions: the read model.

The read model, drawn by lists and pages, equal to what the ledger adds up to.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, Text, text

from store.engine.column_types import Instant, Json
from store.tables.constraint_names import metadata

# Conditions of partial indexes. A query says them in these very words: planners see through no parameter.
NOT_BEGUN, OPEN, GROWN = text("step = 0"), text("closed_at IS NULL"), text("closed_at IS NULL AND step >= 64")

introduction = Table(
    "introduction",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("programme", ForeignKey("programme.id"), nullable=False),
    Column("requester", ForeignKey("person.id"), nullable=False),
    Column("target", ForeignKey("person.id")),
    Column("made_by", String(16), nullable=False),
    Column("opening", Json, nullable=False),  # models.process.state.opening.Opening: what the workflow starts with
    Column("asked_at", Instant, nullable=False),
    Column("promised_at", Instant, nullable=False),
    Column("live", Boolean, nullable=False),  # counts as one of the requester's, and as the pair's only one
    Column("started_at", Instant),  # Temporal has taken it; None: the sweep starts it
    Column("step", Integer, nullable=False),  # 0 until the first step is recorded
    Column("stage", String(24), nullable=False),
    Column("waiting_on", String(16), nullable=False),
    Column("due_at", Instant),
    Column("version", Integer, nullable=False),
    Column("connector", ForeignKey("person.id")),
    Column("approved", Boolean, nullable=False),
    Column("told", Boolean, nullable=False),
    Column("held", Boolean, nullable=False, server_default=text("false")),  # by an operator: no letter starts
    Column("ending", String(32)),
    Column("delivered_at", Instant),
    Column("closed_at", Instant),
    # Who may know what, and since when: models.record.disclosure.Known, field by field.
    Column("requester_progress", String(16), nullable=False, server_default="in_progress"),
    Column("requester_since", Instant),
    Column("confirmed_ask", Integer),
    Column("confirmed_at", Instant),
    Column("told_at", Instant),
    Column("afresh_ask", Integer),
    Column("afresh_at", Instant),
    Column("target_progress", String(16), nullable=False, server_default="in_progress"),
    Column("target_since", Instant),
    Column("connector_heard", String(16)),
    Column("connector_heard_at", Instant),
    Column("known_step", Integer, nullable=False, server_default=text("0")),  # as of which all these are
    # What staff read, and what instead so long as a no is kept from them: models.record.staff_knowledge.ShownToStaff.
    Column("shown_due_at", Instant),
    Column("shown_stage", String(24)),
    Column("shown_waiting_on", String(16)),
    Column("shown_until", Instant),
    Column("then_due_at", Instant),
    Column("kept_until", Instant),
    # The release of zone law by which it counts. Before clocks were told, all counted by the one that is kept with us.
    Column("clock_law", String(16), nullable=False, server_default="2026f"),
    Column("ledger_seq", Integer, nullable=False),  # of the last event; guards the chain
    Column("ledger_hash", String(64), nullable=False),
    Index(None, "programme", "stage", "due_at"),
    Index(None, "requester"),
    Index(None, "target"),
    Index(None, "connector"),
    Index(
        "ix_introduction_told_behind",
        "id",
        sqlite_where=text("known_step < step"),
        postgresql_where=text("known_step < step"),
    ),
    Index(
        "ix_introduction_clock_law_open",
        "clock_law",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index(
        "uq_introduction_live_pair",
        "requester",
        "target",
        unique=True,
        sqlite_where=text("live AND target IS NOT NULL"),
        postgresql_where=text("live AND target IS NOT NULL"),
    ),
    Index("ix_introduction_not_begun", "asked_at", "id", sqlite_where=NOT_BEGUN, postgresql_where=NOT_BEGUN),
    Index("ix_introduction_due", "due_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_introduction_grown", "id", sqlite_where=GROWN, postgresql_where=GROWN),
    Index(
        "ix_introduction_came_about",
        "programme",
        "delivered_at",
        sqlite_where=text("delivered_at IS NOT NULL"),
        postgresql_where=text("delivered_at IS NOT NULL"),
    ),
)

request = Table(
    "request",
    metadata,
    Column("introduction", ForeignKey("introduction.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("need", String(40)),  # words: what is needed, where no target was named
    Column("why", String(40)),  # words: why this person
    Column("read", String(40)),  # words: what of theirs I have read or heard
    Column("offer", String(40)),  # words: what I offer
    Column("note", String(40)),  # words: the note, written to be forwarded
    Column("wanted", String(40)),  # words: what is wanted of whom they ask for
    Column("goal", String(40)),  # words: what success would be
    Column("answers", Json),  # words: to the programme's own questions, by their ids
    Column("blind", String(40)),  # words: what the target reads instead, where they are asked without a name
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("introduction", "version"),
)

words = Table(
    "words",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("introduction", String(40)),
    Column("owner", ForeignKey("person.id"), nullable=False),
    Column("kind", String(24), nullable=False),  # note, why, read, offer, need, sentence, terms, lines, thanks, …
    Column("body", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "owner"),
    Index(None, "introduction"),
)

ask = Table(
    "ask",
    metadata,
    Column("introduction", ForeignKey("introduction.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("role", String(16), nullable=False),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("answered_at", Instant),
    Column("answer", Json),  # the news that answered it, for "we have your answer"
    Column("by_hand", Boolean, nullable=False),
    PrimaryKeyConstraint("introduction", "number"),
    Index(None, "person", "opened_at"),
)

reservation = Table(  # an ask counted against somebody's cap from the moment they are chosen
    "reservation",
    metadata,
    Column("introduction", ForeignKey("introduction.id"), nullable=False),
    Column("step", Integer, nullable=False),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("role", String(16), nullable=False),
    Column("programme", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("introduction", "step", "role"),
    Index(None, "person", "role", "at"),
)

consent = Table(
    "consent",
    metadata,
    Column("introduction", ForeignKey("introduction.id"), nullable=False),
    Column("step", Integer, nullable=False),
    Column("role", String(16), nullable=False),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("ask", Integer),
    Column("channels", Json, nullable=False),
    Column("terms", String(40)),
    Column("wording", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("valid_until", Instant),  # None: until it is taken back
    PrimaryKeyConstraint("introduction", "step", "role"),
    Index(None, "person"),
)

disclosure = Table(
    "disclosure",
    metadata,
    Column("introduction", ForeignKey("introduction.id"), nullable=False),
    Column("person", ForeignKey("person.id"), nullable=False),  # whose channels
    Column("to", ForeignKey("person.id"), nullable=False),
    Column("channels", Json, nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("introduction", "person"),
)

help_given = Table(
    "help_given",
    metadata,
    Column("introduction", ForeignKey("introduction.id"), nullable=False),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("introduction", "person"),
)

# The other party's word that somebody did not come; what counts of it, store/boundaries/resting_asks.py says.
no_show = Table(
    "no_show",
    metadata,
    Column("introduction", ForeignKey("introduction.id"), nullable=False),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("by", ForeignKey("person.id"), nullable=False),
    Column("programme", ForeignKey("programme.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("set_aside_at", Instant),  # the one it is said of tells it otherwise
    PrimaryKeyConstraint("introduction", "person"),
    Index(None, "person", "at"),
)

asks_pause = Table(  # somebody's asks rest in one programme; not the pause a person publishes themselves
    "asks_pause",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("programme", ForeignKey("programme.id"), nullable=False),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("reason", String(16), nullable=False),  # no_shows | unanswered
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", ForeignKey("person.id")),  # themselves, or an operator
    Column("letter", String(40)),  # the one that tells them
    Index(None, "person", "until"),
    Index(None, "programme", "until"),
)

private_note = Table(  # what somebody wrote down beside an answer; never part of the answer, nor of the ledger
    "private_note",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("introduction", ForeignKey("introduction.id"), nullable=False),
    Column("ask", Integer, nullable=False),
    Column("owner", ForeignKey("person.id"), nullable=False),
    Column("readers", String(16), nullable=False),  # programme: its staff | nobody: its writer alone
    Column("body", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "owner", "at"),
    Index(None, "introduction"),
)
