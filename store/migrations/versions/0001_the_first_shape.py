"""The first shape of the database: every table of release 0.1."""

import sqlalchemy as sa
from alembic import op

import store.engine.column_types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency",
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "ledger",
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("scope", "seq", name=op.f("pk_ledger")),
        sa.UniqueConstraint("scope", "step", name=op.f("uq_ledger_scope_step")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("headline", sa.Text(), server_default="", nullable=False),
        sa.Column("organisation", sa.Text(), server_default="", nullable=False),
        sa.Column("topics", store.engine.column_types.Json(), nullable=False),
        sa.Column("places", store.engine.column_types.Json(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=True),
        sa.Column("paused_until", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.Column("opted_out_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.Column("erased_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.Column("created_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("reply_to", sa.Text(), nullable=True),
        sa.Column("created_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
    )
    op.create_table(
        "rate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate")),
    )
    with op.batch_alter_table("rate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_scope_at"), ["scope", "at"], unique=False)

    op.create_table(
        "suppression",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "address_hash", name=op.f("pk_suppression")),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", store.engine.column_types.Json(), nullable=False),
        sa.Column("created_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.Column("expires_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.Column("revoked_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_api_key_programme_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_key_prefix")),
    )
    op.create_table(
        "block",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("blocker", sa.String(length=40), nullable=False),
        sa.Column("blocked", sa.String(length=40), nullable=False),
        sa.Column("at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["blocked"], ["person.id"], name=op.f("fk_block_blocked_person")),
        sa.ForeignKeyConstraint(["blocker"], ["person.id"], name=op.f("fk_block_blocker_person")),
        sa.PrimaryKeyConstraint("blocker", "blocked", name=op.f("pk_block")),
    )
    op.create_table(
        "channel",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("match_key", sa.Text(), nullable=True),
        sa.Column("introduction", sa.String(length=40), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stopped_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.Column("created_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_channel_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
    )
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_match_key"), ["match_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_channel_person"), ["person"], unique=False)

    op.create_table(
        "contact_view",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("viewer", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_contact_view_person_person")),
        sa.ForeignKeyConstraint(["viewer"], ["person.id"], name=op.f("fk_contact_view_viewer_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_view")),
    )
    with op.batch_alter_table("contact_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_view_person_at"), ["person", "at"], unique=False)

    op.create_table(
        "draft",
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("body", store.engine.column_types.Json(), nullable=False),
        sa.Column("at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_draft_person_person")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_draft_programme_programme")),
        sa.PrimaryKeyConstraint("programme", "person", name=op.f("pk_draft")),
    )
    op.create_table(
        "introduction",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("requester", sa.String(length=40), nullable=False),
        sa.Column("target", sa.String(length=40), nullable=True),
        sa.Column("made_by", sa.String(length=16), nullable=False),
        sa.Column("opening", store.engine.column_types.Json(), nullable=False),
        sa.Column("asked_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.Column("promised_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("started_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("waiting_on", sa.String(length=16), nullable=False),
        sa.Column("due_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("connector", sa.String(length=40), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("ending", sa.String(length=32), nullable=True),
        sa.Column("delivered_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.Column("closed_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.Column("ledger_seq", sa.Integer(), nullable=False),
        sa.Column("ledger_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["connector"], ["person.id"], name=op.f("fk_introduction_connector_person")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_introduction_programme_programme")),
        sa.ForeignKeyConstraint(["requester"], ["person.id"], name=op.f("fk_introduction_requester_person")),
        sa.ForeignKeyConstraint(["target"], ["person.id"], name=op.f("fk_introduction_target_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction")),
    )
    with op.batch_alter_table("introduction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_introduction_connector"), ["connector"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_introduction_programme_stage_due_at"), ["programme", "stage", "due_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_introduction_requester"), ["requester"], unique=False)
        batch_op.create_index(batch_op.f("ix_introduction_target"), ["target"], unique=False)
        batch_op.create_index(
            "uq_introduction_live_pair",
            ["requester", "target"],
            unique=True,
            sqlite_where=sa.text("live AND target IS NOT NULL"),
            postgresql_where=sa.text("live AND target IS NOT NULL"),
        )

    op.create_table(
        "known_as",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("said", store.engine.column_types.Json(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_known_as_person_person")),
        sa.PrimaryKeyConstraint("tenant", "key", name=op.f("pk_known_as")),
    )
    with op.batch_alter_table("known_as", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_known_as_person"), ["person"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("introduction", sa.String(length=40), nullable=True),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ask", sa.Integer(), nullable=True),
        sa.Column("reminder", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(length=40), nullable=True),
        sa.Column("not_before", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("next_try_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("started_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.Column("settled_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("relay_said", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_letter_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("introduction", "step", "number", name=op.f("uq_letter_introduction_step_number")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_introduction_ask"), ["introduction", "ask"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_person"), ["person"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_state_next_try_at"), ["state", "next_try_at"], unique=False)

    op.create_table(
        "mail",
        sa.Column("letter", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.Column("read_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_mail_person_person")),
        sa.PrimaryKeyConstraint("letter", name=op.f("pk_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_id")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_person_at"), ["person", "at"], unique=False)

    op.create_table(
        "membership",
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("requests", sa.Boolean(), nullable=False),
        sa.Column("operates", sa.Boolean(), nullable=False),
        sa.Column("joined_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_membership_person_person")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_membership_programme_programme")),
        sa.PrimaryKeyConstraint("programme", "person", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_person"), ["person"], unique=False)

    op.create_table(
        "policy",
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", store.engine.column_types.Json(), nullable=False),
        sa.Column("at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_policy_programme_programme")),
        sa.PrimaryKeyConstraint("programme", "version", name=op.f("pk_policy")),
    )
    op.create_table(
        "session",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("created_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.Column("expires_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_session_person_person")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_session")),
    )
    op.create_table(
        "tie",
        sa.Column("connector", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("strength", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("confirmed_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.Column("denied_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.Column("no_go", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("met_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["connector"], ["person.id"], name=op.f("fk_tie_connector_person")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_tie_person_person")),
        sa.PrimaryKeyConstraint("connector", "person", name=op.f("pk_tie")),
    )
    with op.batch_alter_table("tie", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tie_person_connector"), ["person", "connector"], unique=False)

    op.create_table(
        "token",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("introduction", sa.String(length=40), nullable=True),
        sa.Column("ask", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("letter", sa.String(length=40), nullable=True),
        sa.Column("minted_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.Column("expires_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.Column("used_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_token_person_person")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_token")),
    )
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_token_introduction_ask"), ["introduction", "ask"], unique=False)

    op.create_table(
        "words",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("introduction", sa.String(length=40), nullable=True),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["person.id"], name=op.f("fk_words_owner_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_words")),
    )
    with op.batch_alter_table("words", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_words_introduction"), ["introduction"], unique=False)
        batch_op.create_index(batch_op.f("ix_words_owner"), ["owner"], unique=False)

    op.create_table(
        "ask",
        sa.Column("introduction", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.Column("due_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("answered_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.Column("answer", store.engine.column_types.Json(), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["introduction"], ["introduction.id"], name=op.f("fk_ask_introduction_introduction")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_ask_person_person")),
        sa.PrimaryKeyConstraint("introduction", "number", name=op.f("pk_ask")),
    )
    with op.batch_alter_table("ask", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ask_person_opened_at"), ["person", "opened_at"], unique=False)

    op.create_table(
        "consent",
        sa.Column("introduction", sa.String(length=40), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ask", sa.Integer(), nullable=True),
        sa.Column("channels", store.engine.column_types.Json(), nullable=False),
        sa.Column("terms", sa.String(length=40), nullable=True),
        sa.Column("wording", sa.String(length=64), nullable=False),
        sa.Column("at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.Column("revoked_at", store.engine.column_types.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["introduction"], ["introduction.id"], name=op.f("fk_consent_introduction_introduction")
        ),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_consent_person_person")),
        sa.PrimaryKeyConstraint("introduction", "step", "role", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_person"), ["person"], unique=False)

    op.create_table(
        "disclosure",
        sa.Column("introduction", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("to", sa.String(length=40), nullable=False),
        sa.Column("channels", store.engine.column_types.Json(), nullable=False),
        sa.Column("at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["introduction"], ["introduction.id"], name=op.f("fk_disclosure_introduction_introduction")
        ),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_disclosure_person_person")),
        sa.ForeignKeyConstraint(["to"], ["person.id"], name=op.f("fk_disclosure_to_person")),
        sa.PrimaryKeyConstraint("introduction", "person", name=op.f("pk_disclosure")),
    )
    op.create_table(
        "help_given",
        sa.Column("introduction", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["introduction"], ["introduction.id"], name=op.f("fk_help_given_introduction_introduction")
        ),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_help_given_person_person")),
        sa.PrimaryKeyConstraint("introduction", "person", name=op.f("pk_help_given")),
    )
    op.create_table(
        "inbox",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("introduction", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=True),
        sa.Column("ask", sa.Integer(), nullable=True),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("news", store.engine.column_types.Json(), nullable=False),
        sa.Column("via", sa.String(length=16), nullable=False),
        sa.Column("at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["introduction"], ["introduction.id"], name=op.f("fk_inbox_introduction_introduction")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_inbox")),
        sa.UniqueConstraint("introduction", "nonce", name=op.f("uq_inbox_introduction_nonce")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_state_next_try_at"), ["state", "next_try_at"], unique=False)

    op.create_table(
        "request",
        sa.Column("introduction", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("need", sa.String(length=40), nullable=True),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("read", sa.String(length=40), nullable=True),
        sa.Column("offer", sa.String(length=40), nullable=True),
        sa.Column("note", sa.String(length=40), nullable=True),
        sa.Column("at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["introduction"], ["introduction.id"], name=op.f("fk_request_introduction_introduction")
        ),
        sa.PrimaryKeyConstraint("introduction", "version", name=op.f("pk_request")),
    )
    op.create_table(
        "reservation",
        sa.Column("introduction", sa.String(length=40), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("at", store.engine.column_types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["introduction"], ["introduction.id"], name=op.f("fk_reservation_introduction_introduction")
        ),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_reservation_person_person")),
        sa.PrimaryKeyConstraint("introduction", "step", "role", name=op.f("pk_reservation")),
    )
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reservation_person_role_at"), ["person", "role", "at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reservation_person_role_at"))

    op.drop_table("reservation")
    op.drop_table("request")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_state_next_try_at"))

    op.drop_table("inbox")
    op.drop_table("help_given")
    op.drop_table("disclosure")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_person"))

    op.drop_table("consent")
    with op.batch_alter_table("ask", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ask_person_opened_at"))

    op.drop_table("ask")
    with op.batch_alter_table("words", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_words_owner"))
        batch_op.drop_index(batch_op.f("ix_words_introduction"))

    op.drop_table("words")
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_token_introduction_ask"))

    op.drop_table("token")
    with op.batch_alter_table("tie", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tie_person_connector"))

    op.drop_table("tie")
    op.drop_table("session")
    op.drop_table("policy")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_person"))

    op.drop_table("membership")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_person_at"))

    op.drop_table("mail")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_state_next_try_at"))
        batch_op.drop_index(batch_op.f("ix_letter_person"))
        batch_op.drop_index(batch_op.f("ix_letter_introduction_ask"))

    op.drop_table("letter")
    with op.batch_alter_table("known_as", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_known_as_person"))

    op.drop_table("known_as")
    with op.batch_alter_table("introduction", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_introduction_live_pair",
            sqlite_where=sa.text("live AND target IS NOT NULL"),
            postgresql_where=sa.text("live AND target IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_introduction_target"))
        batch_op.drop_index(batch_op.f("ix_introduction_requester"))
        batch_op.drop_index(batch_op.f("ix_introduction_programme_stage_due_at"))
        batch_op.drop_index(batch_op.f("ix_introduction_connector"))

    op.drop_table("introduction")
    op.drop_table("draft")
    with op.batch_alter_table("contact_view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_view_person_at"))

    op.drop_table("contact_view")
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_person"))
        batch_op.drop_index(batch_op.f("ix_channel_match_key"))

    op.drop_table("channel")
    op.drop_table("block")
    op.drop_table("api_key")
    op.drop_table("suppression")
    with op.batch_alter_table("rate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rate_scope_at"))

    op.drop_table("rate")
    op.drop_table("programme")
    op.drop_table("person")
    op.drop_table("ledger")
    op.drop_table("idempotency")
