"""Which rows are there? Every table, with its names for constraints, for SQLite and PostgreSQL alike.

Words, names and addresses stand in `person`, `known_as`, `channel`, `words`, `request` and `mail` only, so that erasing
a person is deleting rows; everything else holds ids and facts.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from store.types import Instant, Json

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Programmes and people

programme = Table(
    "programme",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("tenant", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("reply_to", Text),
    Column("created_at", Instant, nullable=False),
    Column("country", String(2)),  # whose weekend and holidays it keeps; None: Saturdays and Sundays alone
    Column("region", String(24)),
    Column("letters_paused_at", Instant),  # since then no letter of this programme leaves
    Column("letters_paused_for", String(16)),  # complaints | refusals
    Column("letters_resumed_at", Instant),
)

policy = Table(
    "policy",
    metadata,
    Column("programme", ForeignKey("programme.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Json, nullable=False),  # models.policy.Policy; the newest is in force for new introductions
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("programme", "version"),
)

person = Table(
    "person",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("tenant", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("headline", Text, nullable=False, server_default=""),
    Column("organisation", Text, nullable=False, server_default=""),
    Column("topics", Json, nullable=False),  # list of words
    Column("places", Json, nullable=False),  # public places of theirs: list of {"label", "url"}
    Column("salt", String(64)),  # of the hashes that stand for their words in the ledger; deleted with them
    Column("paused_until", Instant),
    Column("opted_out_at", Instant),
    Column("erased_at", Instant),
    Column("merged_into", String(40)),  # the same human being: this record is kept for what it was part of
    Column("created_at", Instant, nullable=False),
    Column("country", String(2)),  # None: the programme's
    Column("region", String(24)),
)

known_as = Table(  # by what an import knows somebody again; one person may be known to several sources
    "known_as",
    metadata,
    Column("tenant", String(40), nullable=False),
    Column("key", String(200), nullable=False),  # whose key it is, and the key: "file rosa", "linkedin rosa-prieto"
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("said", Json, nullable=False),  # what that source last said of them: what differs now was changed by hand
    PrimaryKeyConstraint("tenant", "key"),
    Index(None, "person"),
)

membership = Table(
    "membership",
    metadata,
    Column("programme", ForeignKey("programme.id"), nullable=False),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("listed", Boolean, nullable=False),  # agreed to be listed by name, headline and topics
    Column("requests", Boolean, nullable=False),  # may ask for introductions
    Column("operates", Boolean, nullable=False),
    Column("joined_at", Instant, nullable=False),
    PrimaryKeyConstraint("programme", "person"),
    Index(None, "person"),
)

channel = Table(
    "channel",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("kind", String(16), nullable=False),  # email | phone | link
    Column("value", Text, nullable=False),
    Column("label", Text, nullable=False, server_default=""),
    Column("match_key", Text),  # of an e-mail address: its canonical form, by which aliases are the same
    Column("introduction", String(40)),  # given by a connector for this introduction only
    Column("source", Text, nullable=False),  # where we have it from: "import …", "their own page", "the connector"
    Column("stopped_at", Instant),  # bounced, or somebody else's: never write there again
    Column("created_at", Instant, nullable=False),
    Index(None, "person"),
    Index(None, "match_key"),
)

tie = Table(
    "tie",
    metadata,
    Column("connector", ForeignKey("person.id"), nullable=False),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("strength", Integer),  # 1-5, how well, said by the connector; None: unknown
    Column("evidence", Text, nullable=False, server_default=""),  # how they know each other
    Column("since", Date),
    Column("confirmed_at", Instant),  # by the connector
    Column("denied_at", Instant),  # "not me": the connector does not know them
    Column("no_go", Boolean, nullable=False, server_default=text("false")),  # the connector wants no asks about them
    Column("met_at", Instant),  # they met through an introduction
    Column("source", Text, nullable=False),
    PrimaryKeyConstraint("connector", "person"),
    Index(None, "person", "connector"),
)

block = Table(
    "block",
    metadata,
    Column("tenant", String(40), nullable=False),
    Column("blocker", ForeignKey("person.id"), nullable=False),
    Column("blocked", ForeignKey("person.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("by_name", Boolean, nullable=False, server_default=text("true")),  # they knew whom they blocked
    Column("unnamed_in", String(40)),  # the introduction in which they blocked somebody whose name they were not told
    PrimaryKeyConstraint("blocker", "blocked"),
)

suppression = Table(
    "suppression",
    metadata,
    Column("tenant", String(40), nullable=False),
    Column("address_hash", String(64), nullable=False),  # keyed hash of the match key: outlives the address
    Column("reason", String(16), nullable=False),  # opt_out | bounced | not_me | erased
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("tenant", "address_hash"),
)

contact_view = Table(  # who of the staff looked at somebody's contact details, and when
    "contact_view",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("viewer", ForeignKey("person.id"), nullable=False),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "person", "at"),
)

erasure = Table(  # somebody who is being forgotten, or has been: the job, and the proof
    "erasure",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("tenant", String(40), nullable=False),
    Column("person", ForeignKey("person.id"), nullable=False, unique=True),
    Column("asked_by", String(16), nullable=False),  # themself | operator | key | journal
    Column("asked_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),  # asked | wiped | forgotten | done
    Column("mark", String(64), nullable=False),  # keyed hash of the person's id, as the journal has it
    Column("suppressed", Json, nullable=False),  # the marks under which their addresses and keys are known again
    Column("wiped_at", Instant),
    Column("done_at", Instant),
    Column("counts", Json),  # rows gone or emptied, by table
    Column("executions", Integer),  # of Temporal's, deleted
    Column("tries", Integer, nullable=False),
    Column("next_try_at", Instant, nullable=False),
    Index(None, "state", "next_try_at"),
)

retention_run = Table(  # what was kept long enough, and is gone: a row for each class in each run
    "retention_run",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("programme", String(40)),  # None: a class that belongs to none
    Column("of", String(24), nullable=False),  # the class
    Column("until", Instant, nullable=False),  # everything older is gone
    Column("gone", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "at"),
)

# Introductions: the read model, drawn by lists and pages, equal to the fold of the ledger

introduction = Table(
    "introduction",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("programme", ForeignKey("programme.id"), nullable=False),
    Column("requester", ForeignKey("person.id"), nullable=False),
    Column("target", ForeignKey("person.id")),
    Column("made_by", String(16), nullable=False),
    Column("opening", Json, nullable=False),  # models.introduction.Opening: what the workflow starts with
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
    Column("ledger_seq", Integer, nullable=False),  # of the last event; guards the chain
    Column("ledger_hash", String(64), nullable=False),
    Index(None, "programme", "stage", "due_at"),
    Index(None, "requester"),
    Index(None, "target"),
    Index(None, "connector"),
    Index(
        "uq_introduction_live_pair",
        "requester",
        "target",
        unique=True,
        sqlite_where=text("live AND target IS NOT NULL"),
        postgresql_where=text("live AND target IS NOT NULL"),
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
    Column("goal", String(40)),  # words: what the requester wants to reach
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

no_show = Table(  # the other party's word that somebody did not come; what counts of it, store/pauses.py says
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

# What came in, what goes out

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
    Column("via", String(16), nullable=False),  # link | own_page | console | key | mailroom
    Column("at", Instant, nullable=False),
    Column("state", String(16), nullable=False),  # waiting | taken | refused
    Column("reason", String(32)),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", Instant, nullable=False),
    Column("heard_step", Integer),  # the step that heard it, until Temporal has confirmed that it holds it too
    Column("heard_at", Instant),
    UniqueConstraint("introduction", "nonce"),
    Index(None, "state", "next_try_at"),
)
Index(
    "ix_inbox_unconfirmed",
    inbox.c.next_try_at,
    sqlite_where=inbox.c.heard_step.is_not(None),
    postgresql_where=inbox.c.heard_step.is_not(None),
)

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
    UniqueConstraint("introduction", "step", "number"),
    Index(None, "state", "next_try_at"),
    Index(None, "person"),
    Index(None, "introduction", "ask"),
)

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
    Index(None, "introduction", "ask"),
)

# The ledger

ledger = Table(
    "ledger",
    metadata,
    Column("scope", String(40), nullable=False),  # an introduction, or a person for what concerns only them
    Column("seq", Integer, nullable=False),
    Column("step", Integer),
    Column("kind", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("body", Text, nullable=False),  # canonical JSON: exactly what the hash covers
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    PrimaryKeyConstraint("scope", "seq"),
    UniqueConstraint("scope", "step"),
)

# Doors

api_key = Table(
    "api_key",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("programme", ForeignKey("programme.id"), nullable=False),
    Column("prefix", String(16), nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("scope", String(40), nullable=False),
    Column("key", String(200), nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("response", Text, nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("scope", "key"),
)

session = Table(
    "session",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

draft = Table(
    "draft",
    metadata,
    Column("programme", ForeignKey("programme.id"), nullable=False),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("body", Json, nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("programme", "person"),
)

trouble = Table(  # introductions whose workflow stands still or is gone, as last seen
    "trouble",
    metadata,
    Column("introduction", ForeignKey("introduction.id"), primary_key=True),
    Column("what", String(16), nullable=False),  # stands_still | gone
    Column("since", Instant, nullable=False),
)

rate = Table(  # one row per event that is counted in a window: sign-in links asked for, requests by a key
    "rate",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("scope", String(80), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "scope", "at"),
)
