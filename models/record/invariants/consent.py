"""Invariants of consent: everybody is asked before anything is disclosed. S1 to S7."""

from models.effects import Introduce, OpenAsk, RecordConsent
from models.letters import DELIVERY, PARTIES, Role
from models.news import Answer, Edited, Introduced
from models.process.conflict_of_interest import OPERATING
from models.record.invariants.facts import Facts, Happened, letters_planned


def target_unasked_before_approval(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S1. No message reaches the target before a connector approved this very request."""
    if after.approval and after.approval.version == after.version:
        return None
    if any(to == after.target for to, _ in letters_planned(before, happened.event.effects)):
        return "a letter to the target without an approval of this version"
    asked = any(isinstance(effect, OpenAsk) and effect.ask.role == Role.TARGET for effect in happened.event.effects)
    return "the target is asked without an approval of this version" if asked else None


def nobody_asked_before_confirmation(before: Facts, happened: Happened, after: Facts) -> str | None:
    """A request made for somebody is theirs only once they say so."""
    others = [to for to, _ in letters_planned(before, happened.event.effects) if to != after.began.requester]
    return "somebody is written to before the requester said yes" if others and not after.confirmed else None


def answers_count_for_their_version(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S2. A yes to version 3 of a request is no yes to version 4."""
    ask = before.answered_ask(happened.news)
    if isinstance(happened.news, Answer) and ask and ask.version != before.version:
        return f"an answer to version {ask.version} was heard at version {before.version}"
    return None


def nobody_runs_their_own(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S31. Neither of the two does anything to it as an operator: what is theirs to say they say as a party."""
    if not after.began.own_left_to_others or not isinstance(happened.news, OPERATING):
        return None
    own = happened.news.by in (after.began.requester, before.target)
    return "somebody acts as an operator on an introduction of their own" if own else None


def disclosure_rests_on_three_yeses(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S3. Contacts are disclosed only after the connector's and both parties' yes to the same version."""
    introduces = any(isinstance(effect, Introduce) for effect in happened.event.effects)
    if not introduces and not isinstance(happened.news, Introduced):
        return None
    if not before.approval or before.approval.version != before.version:
        return "introduced without an approval of this version"
    missing = [role.value for role in PARTIES if not before.consent(role)]
    return f"introduced without a yes of the {missing[0]}" if missing else None


def disclosure_rests_on_fresh_yeses(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S3. A yes grows old: past its validity nothing is disclosed on it."""
    if not any(isinstance(effect, Introduce) for effect in happened.event.effects):
        return None
    yeses = [yes for role in PARTIES if (yes := before.consent(role))]
    old = [yes.role.value for yes in yeses if yes.valid_until and yes.valid_until < happened.at]
    return f"introduced on an old yes of the {old[0]}" if old else None


def consent_is_what_was_said(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S4. What is kept of a yes is what its giver said: their own ask, their own channels."""
    news = happened.news
    for effect in happened.event.effects:
        if not isinstance(effect, RecordConsent) or news is None:
            continue
        ask = before.ask(effect.ask)
        with_their_words = isinstance(news, Edited) and (news.by, Role.REQUESTER) == (effect.person, effect.role)
        if not with_their_words and (not ask or (effect.person, effect.role) != (ask.person, ask.role)):
            return "a consent is recorded for somebody else than was asked"
        if effect.channels != getattr(news, "channels", None):
            return "a consent names other channels than its giver did"
    return None


def introduced_once(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S5. At most one disclosure per introduction."""
    again = [effect for effect in happened.event.effects if isinstance(effect, Introduce)]
    if isinstance(happened.news, Introduced) and before.introduced:
        return "introduced twice"
    return "delivery begun twice" if again and (before.introducing or before.introduced or len(again) > 1) else None


def disclosed_on_both_sides(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S6. Both letters of delivery are planned by one effect, never one by itself."""
    if any(getattr(effect, "letter", None) in DELIVERY for effect in happened.event.effects):
        return "a letter of delivery is planned by itself"
    if isinstance(happened.news, Introduced) and not before.introducing:
        return "introduced though nobody had asked the store for it"
    return None


def nothing_disclosed_after_a_no(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S7. After a withdrawal, a block, an opt-out or a party's no, no disclosure follows."""
    introduces = any(isinstance(effect, Introduce) for effect in happened.event.effects)
    return "introduced after a no" if before.refused and (introduces or isinstance(happened.news, Introduced)) else None
