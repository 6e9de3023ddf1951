"""Tables of programmes and people: their rules, how they are reached, whom they know, what they refused."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
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
from store.tables.folded_columns import folded_columns

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
    Column("sender", Text),  # whom its letters come from, as a mailbox shows it; None: its name
    Column("signature", Text),  # who reads what is answered to its letters
    Column("opening", Json),  # a sentence of its own above the first letter, by language
    Column("colour", String(7)),  # "#rrggbb", as it was given
    Column("logo", String(32)),  # its mark in the table of logos
    Column("face_by", String(40)),  # the operator who last changed any of these; None: the command line
    Column("face_at", Instant),
)

logo = Table(  # pictures of ours, each under the mark of its content; addresses in letters lead here
    "logo",
    metadata,
    Column("mark", String(32), primary_key=True),
    Column("png", LargeBinary, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("dropped_at", Instant),  # since then no programme shows it; letters may still
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

_UNFOLDED = text("entry_folded = '' AND erased_at IS NULL")  # of an older version of the program
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
    Column("called", Text, nullable=False, server_default=""),  # after the first mention; empty: told from the name
    Column("places_shown", Boolean, nullable=False, server_default=text("false")),  # to whoever is asked about them
    Column("photo", String(32)),  # its mark in the table of photos
    Column("photo_shown", Boolean, nullable=False, server_default=text("false")),
    *folded_columns(),
    Index(None, "tenant", "name_folded"),
    Index(None, "tenant", "organisation_folded"),
    Index("ix_person_unfolded", "id", sqlite_where=_UNFOLDED, postgresql_where=_UNFOLDED),
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

name_change = Table(  # a name that its bearer corrected: staff see what it was
    "name_change",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "person", "at"),
)

photo = Table(  # pictures of ours of people, each under a mark by chance that goes with it
    "photo",
    metadata,
    Column("mark", String(32), primary_key=True),
    Column("person", ForeignKey("person.id"), nullable=False, unique=True),
    Column("png", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
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
    Column("kind", String(32)),  # of the policy's kinds: whose caps count; None: the general ones
    Column("kind_by", String(40)),  # the operator who gave it; None: the file that brought them, or the command line
    Column("kind_at", Instant),
    Column("uninvited_since", Instant),  # brought by the file of that instant, and not invited: nobody writes to them
    Column("invited_at", Instant),  # by staff, or they came by themselves; None: a member from before, or no file's
    Column("invited_by", String(40)),  # the operator; None: themselves, or the command line
    Column("welcome", String(40)),  # the letter that invites them
    PrimaryKeyConstraint("programme", "person"),
    Index(None, "welcome"),
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
    Column("ended_at", Instant),  # the answer that gave it was undone, made void or replaced: it is nobody's to use
    Column("language", String(2)),  # to write in there, said by whoever gave it; theirs once a letter has left
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

conflict = Table(  # a pair that a programme keeps apart; who marked it and who took it away stay beside it
    "conflict",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("programme", ForeignKey("programme.id"), nullable=False),
    Column("one", Text, nullable=False),  # "person per_…" or "organisation …", compared letter by letter
    Column("other", Text, nullable=False),
    Column("one_written", Text, nullable=False),  # an organisation's name as it was written; empty of a person
    Column("other_written", Text, nullable=False),
    Column("via", String(16), nullable=False),  # console | import | terminal | key
    Column("by", String(40)),
    Column("at", Instant, nullable=False),
    Column("ended_by", String(40)),
    Column("ended_at", Instant),
    UniqueConstraint("programme", "one", "other"),
)

suppression = Table(
    "suppression",
    metadata,
    Column("tenant", String(40), nullable=False),
    Column("address_hash", String(64), nullable=False),  # keyed hash of the match key: outlives the address
    Column("reason", String(16), nullable=False),  # opt_out | erased
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
