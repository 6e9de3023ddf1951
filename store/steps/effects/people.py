"""Effects on people as an introduction moves: consents, ties, addresses that are somebody else's, help."""

from sqlalchemy import ColumnElement, insert, select, update

from models.acts import FIELDS
from models.effects import CreditHelp, DenyTie, FreeSlot, KeepTie, RecordConsent, RevokeConsent, Rewrite, StopAddress
from store.steps.effects.writer import Writing
from store.tables import channel, consent, help_given, introduction, person, request, tie, words


def rewrite(writing: Writing, effect: Rewrite) -> None:
    """Another version of the request; what is needed, where nobody was named, stays as it was said."""
    this = request.c.introduction == writing.introduction
    need = writing.run(select(request.c.need).where(this).order_by(request.c.version.desc()).limit(1)).scalar()
    named = {name: getattr(effect, name) for name in FIELDS}
    version = writing.recording.standing.version
    writing.run(
        insert(request).values(
            introduction=writing.introduction,
            version=version,
            need=need,
            at=writing.now,
            answers=dict(effect.answers) or None,
            **named,
        )
    )


MET = "they met through an introduction"  # where a tie comes from that rests on such a meeting alone


def record_consent(writing: Writing, effect: RecordConsent) -> None:
    writing.run(
        insert(consent).values(
            introduction=writing.introduction,
            step=writing.recording.step,
            role=effect.role,
            person=effect.person,
            version=writing.recording.standing.version,
            ask=effect.ask,
            channels=list(effect.channels),
            terms=effect.terms,
            wording=effect.wording,
            at=writing.now,
            valid_until=effect.valid_until,
        )
    )


def revoke_consent(writing: Writing, effect: RevokeConsent) -> None:
    writing.run(
        update(consent)
        .where(
            consent.c.introduction == writing.introduction,
            consent.c.person == effect.person,
            consent.c.revoked_at.is_(None),
        )
        .values(revoked_at=writing.now)
    )


def keep_tie(writing: Writing, effect: KeepTie) -> None:
    """The connector's own words about how they know each other are kept with the tie, asked once."""
    values: dict[str, object] = {"denied_at": None}
    values |= {"met_at": writing.now} if effect.met else {"confirmed_at": writing.now}
    if _one_is_erased(writing, effect.connector, effect.person):
        return
    if effect.how_known:
        said = writing.run(select(words.c.body).where(words.c.id == effect.how_known)).scalar_one_or_none()
        values |= {"evidence": said} if said else {}
    changed = writing.run(update(tie).where(*_tie(effect.connector, effect.person)).values(values))
    if changed.rowcount:
        return
    source = MET if effect.met else "the connector"
    row = {"connector": effect.connector, "person": effect.person, "source": source, "evidence": "", "no_go": False}
    writing.run(insert(tie).values(row | {"confirmed_at": writing.now} | values))


def deny_tie(writing: Writing, effect: DenyTie) -> None:
    writing.run(update(tie).where(*_tie(effect.connector, effect.person)).values(denied_at=writing.now))


def stop_address(writing: Writing, effect: StopAddress) -> None:
    """Every address we may have used for them in this introduction: it reached somebody else."""
    own = (channel.c.introduction == writing.introduction) & channel.c.ended_at.is_(None)
    given = writing.run(select(channel.c.id).where(channel.c.person == effect.person, own)).all()
    writing.run(
        update(channel)
        .where(
            channel.c.person == effect.person,
            channel.c.kind == "email",
            channel.c.stopped_at.is_(None),
            own if given else channel.c.introduction.is_(None),
        )
        .values(stopped_at=writing.now)
    )


def credit_help(writing: Writing, effect: CreditHelp) -> None:
    values = {"introduction": writing.introduction, "person": effect.person, "at": writing.now}
    writing.run(insert(help_given).values(values))


def free_slot(writing: Writing, effect: FreeSlot) -> None:
    writing.run(update(introduction).where(introduction.c.id == writing.introduction).values(live=False))


def _one_is_erased(writing: Writing, *people: str) -> bool:
    gone = select(person.c.id).where(person.c.id.in_(people), person.c.erased_at.is_not(None))
    return writing.run(gone.limit(1)).first() is not None


def _tie(connector: str, person: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return tie.c.connector == connector, tie.c.person == person
