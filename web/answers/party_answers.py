"""Answers of a party. Yes, with channels and terms; two lines; later; not me; no."""

from datetime import datetime, timedelta

from models.ids import ChannelId, WordsId
from models.news import AnsweredInTwoLines, Declined, News, NotMe, OptedIn, PutOff, RequestConfirmed
from models.time.open_hours import open_at
from store.asks.views import ConnectorView, RequesterView, TargetView
from telling.answer_terms import TERM_AFTER, TERM_BOOKING, TERM_MAIL, TERM_MINUTES
from telling.dates import long_day
from telling.languages import phrase, said
from web.answers.answer_context import Answering
from web.answers.later import latest_day
from web.answers.offers import counts_in_minutes
from web.answers.wording.private_notes import readers_of
from web.shared.forms import EMPTY, Form, morning_of

LINES, TERMS, REASON = 600, 300, 1000  # characters
DIGITS = 5  # fewer are no phone number

NO_CHANNEL = phrase("Please choose at least one way to reach you, or answer in two lines instead.")
NO_CHANNEL_OF_YOURS = phrase("Please choose at least one way to reach you.")
ONE_MORE = phrase("Please tick that you want one more than your limit, or choose no.")
NO_KIND = phrase("Please say whether this is a phone number or a link.")
NO_PHONE = phrase("This does not look like a phone number.")
BAD_DATE = phrase("Please choose a time between now and %(latest)s.")


def agree(answering: Answering) -> News:
    view, form = answering.view, answering.form
    channels = chosen_channels(answering)
    if not channels:
        form.fault("channels", NO_CHANNEL if isinstance(view, TargetView) else NO_CHANNEL_OF_YOURS)
    if view.kind == "confirm":
        return RequestConfirmed(
            ask=answering.view.number, by=answering.view.person.id, channels=channels, wording=answering.wording
        )
    terms = answering.kept.words("terms", terms_typed(form)) if isinstance(view, TargetView) else None
    return _opted_in(answering, channels, terms)


def agree_as_last_time(answering: Answering) -> News | None:
    last = answering.view.last_time if isinstance(answering.view, TargetView) else None
    if last is None:
        return None
    channels = tuple(each.id for each in last.channels)
    terms = answering.kept.words("terms", last.terms)
    return _opted_in(answering, channels, terms)


def answer_in_two_lines(answering: Answering) -> News | None:
    words = answering.kept.words("lines", answering.form.text("lines", LINES, required=True))
    return AnsweredInTwoLines(ask=answering.view.number, by=answering.view.person.id, words=words) if words else None


def put_off(answering: Answering) -> News | None:
    latest = answering.view.may.later.get(answering.view.number)
    until = _in_minutes(answering) if counts_in_minutes(answering.view) else _on_a_day(answering)
    if until is None or latest is None:
        return None
    until = open_at(until, answering.view.calendar)  # the hour at which the letter will leave
    if not answering.now < until <= latest:
        last_day = latest_day(answering.view) or latest.date()
        last = morning_of(last_day, answering.view.zone)
        answering.form.fault("until", BAD_DATE, latest=long_day(last, answering.form.reader))
        return None
    return PutOff(ask=answering.view.number, by=answering.view.person.id, until=until)


def not_me(answering: Answering) -> News:
    return NotMe(ask=answering.view.number, by=answering.view.person.id)


def decline(answering: Answering) -> News:
    view, form = answering.view, answering.form
    if form.ticked("never_again") and isinstance(view, ConnectorView) and view.target:
        answering.kept.no_go(view.person.id, view.target.id)
    elif form.ticked("never_again") and isinstance(view, TargetView):
        block = answering.kept.block if view.requester.name else answering.kept.block_unnamed
        block(view.requester.id)
    return Declined(ask=answering.view.number, by=answering.view.person.id, reason=_reason(answering))


def _opted_in(answering: Answering, channels: tuple[ChannelId, ...], terms: WordsId | None) -> OptedIn:
    return OptedIn(
        ask=answering.view.number,
        by=answering.view.person.id,
        channels=channels,
        terms=terms,
        wording=answering.wording,
        beyond_cap=_beyond_cap(answering),
    )


def _beyond_cap(answering: Answering) -> bool:
    """Where it would be one introduction more than they said, a yes says so, or does not count."""
    view = answering.view
    if not isinstance(view, TargetView | RequesterView) or view.full is None:
        return False
    if not answering.form.ticked("beyond_cap"):
        answering.form.fault("beyond_cap", ONE_MORE)
    return answering.form.ticked("beyond_cap")


def _reason(answering: Answering) -> WordsId | None:
    """Staff read it only where its writer says so; else it is a note of their own."""
    body = answering.form.text("reason", REASON)
    readers = readers_of(answering, "reason_readers") if body else None
    if readers == "nobody":
        answering.kept.note(answering.view.number, readers, body)
    return answering.kept.words("reason", body) if readers == "programme" else None


def chosen_channels(answering: Answering) -> tuple[ChannelId, ...]:
    view, form = answering.view, answering.form
    assert isinstance(view, TargetView | RequesterView)
    ticked = set(form.all("channels"))
    chosen = [each.id for each in view.channels if each.id in ticked]
    added = _added_channel(answering)
    return tuple([*chosen, added] if added else chosen)


def _added_channel(answering: Answering) -> ChannelId | None:
    """A number or a link of theirs, for this introduction only. An e-mail address would have to prove itself first."""
    form, value = answering.form, answering.form.text("more", TERMS)
    if not value or "more" in form.faults:
        return None
    match form.raw("more_kind"):
        case "phone" if sum(map(str.isdigit, value)) >= DIGITS and not any(map(str.isalpha, value)):
            return answering.kept.channel(answering.view.person.id, "phone", " ".join(value.split()), "their answer")
        case "phone":
            form.fault("more", NO_PHONE)
        case "link":
            link = form.link("more")
            return answering.kept.channel(answering.view.person.id, "link", link, "their answer") if link else None
        case _:
            form.fault("more_kind", NO_KIND)
    return None


def terms_typed(form: Form) -> str:
    """The terms as they will be passed on, each on a line, in the words of the page."""
    language, after, booking = form.reader.language, form.day("after"), form.link("booking")
    lines = [said(TERM_MINUTES, language)] if form.ticked("minutes") else []
    lines += [said(TERM_MAIL, language)] if form.ticked("mail_only") else []
    lines += [said(TERM_AFTER, language, day=long_day(morning_of(after, "UTC"), form.reader))] if after else []
    lines += [said(TERM_BOOKING, language, link=booking)] if booking else []
    return "\n".join([*lines, form.text("terms", TERMS)]).strip()


def _in_minutes(answering: Answering) -> datetime | None:
    minutes = answering.form.number("until")
    return answering.now + timedelta(minutes=min(minutes, 10**6)) if minutes is not None else None


def _on_a_day(answering: Answering) -> datetime | None:
    day = answering.form.day("until")
    if day is None:
        answering.form.fault("until", EMPTY)
        return None
    return morning_of(day, answering.view.zone)
