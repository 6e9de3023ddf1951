"""The story of one introduction, told from its ledger: events as sentences, in order.

What staff may know is decided before, in `models/record/staff_reading.py`; here it is only worded.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from models.asks import Ask, AskKind
from models.effects import Effect
from models.ids import AskNumber, PersonId, WordsId
from models.letters import RECEIVER, LetterKind, Role
from models.news import Declined, News, Reported, Resent, SentBack
from models.outcomes import DidNotMeet, MeetingAhead, Met, NoShow, RatherNot, Wrote
from models.process.state.opening import MadeBy
from models.record.ledger import Began
from models.record.staff_reading import Says, StaffEvent
from store.views.staff_story import Story
from telling.languages import phrase
from telling.stage_words import ENDINGS

CLOSED = phrase("It closed: there will be no introduction.")
PASSED = phrase("%(name)s can no longer be asked.")


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One sentence of the story. `words` is something somebody wrote for staff, or staff wrote in a letter."""

    at: datetime
    text: str
    facts: dict[str, str] = field(default_factory=dict)
    words: str | None = None
    day_only: bool = False
    in_a_letter: bool = False


def told(story: Story) -> list[StoryLine]:
    """The whole story, oldest first."""
    teller = _Teller(story)
    for event in story.events:
        teller.tell(event)
    return teller.lines


class _Teller:
    def __init__(self, story: Story) -> None:
        self.story = story
        self.lines: list[StoryLine] = []
        self.asks: dict[AskNumber, Ask] = {}

    def tell(self, event: StaffEvent) -> None:
        match event.says:
            case Says.BEGAN if event.began:
                self.begin(event.at, event.began)
            case Says.NEWS if event.news and (tell := _TOLD.get(event.news.kind)):
                tell(self, event.at, event.news)
            case Says.CLOSED:
                self.lines.append(StoryLine(event.at, CLOSED, words=self.words(event.words), day_only=True))
            case Says.PASSED:
                self.say(event.at, PASSED, name=self.name(event.person))
            case Says.UNREAD:
                self.say(event.at, phrase("Nobody has read it in time: it is the backup's to read now."))
        self.effects(event.at, event.effects)
        if event.after_the_end:
            self.say(event.at, phrase("It was over by then: it is kept, and nobody was written to."))
        elif event.ending:
            self.say(event.at, ENDINGS[event.ending])

    def begin(self, at: datetime, event: Began) -> None:
        who, whom = self.name(event.requester), self.name(event.target)
        if event.target is None:
            self.say(at, phrase("%(who)s asked for somebody who fits a need."), who=who)
        elif event.made_by == MadeBy.REQUESTER:
            self.say(at, phrase("%(who)s asked to meet %(whom)s."), who=who, whom=whom)
        else:
            self.say(at, phrase("A request was made for %(who)s, to meet %(whom)s."), who=who, whom=whom)

    def effects(self, at: datetime, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            match effect.kind:
                case "open_ask":
                    self.asks[effect.ask.number] = effect.ask
                    self.say(at, asked_of(effect.ask), name=self.name(effect.ask.person))
                case "write_again" if effect.reminder:
                    self.say(at, phrase("%(name)s was reminded."), name=self.name(self.asks[effect.ask].person))
                case "write_letter" if effect.letter in _WRITTEN:
                    self.say(at, _WRITTEN[effect.letter], name=self.name(effect.to))

    def words(self, words: WordsId | None) -> str | None:
        return self.story.words.get(words) if words else None

    def say(self, at: datetime, text: str, words: str | None = None, /, **facts: str) -> None:
        self.lines.append(StoryLine(at, text, facts, words))

    def ask_of(self, news: News) -> Ask | None:
        return self.asks.get(getattr(news, "ask", None) or AskNumber(0))

    def name(self, person: PersonId | None) -> str:
        """Empty of somebody who was forgotten: each surface says it in its reader's language."""
        return self.story.names.get(person, "?") if person else "?"

    def by(self, news: News) -> str:
        return self.name(getattr(news, "by", None))


def _simple(text: str) -> Callable[[_Teller, datetime, News], None]:
    return lambda teller, at, news: teller.say(at, text, name=teller.by(news))


def _clocks_changed(teller: _Teller, at: datetime, news: News) -> None:
    teller.say(at, phrase("The law of clocks has changed where somebody lives; what is to come keeps its hour."))


def _of_ask(text: str) -> Callable[[_Teller, datetime, News], None]:
    def tell(teller: _Teller, at: datetime, news: News) -> None:
        ask = teller.ask_of(news)
        teller.say(at, text, name=teller.name(ask.person if ask else None))

    return tell


def _declined(teller: _Teller, at: datetime, news: News) -> None:
    assert isinstance(news, Declined)
    ask = teller.ask_of(news)
    name = teller.name(ask.person if ask else None)
    teller.say(at, phrase("%(name)s said no."), teller.words(news.reason), name=name)


def _approved(teller: _Teller, at: datetime, news: News) -> None:
    vouches = getattr(news, "vouch", "") == "vouch"
    text = phrase("%(name)s approved, and vouches.") if vouches else phrase("%(name)s approved.")
    teller.say(at, text, name=teller.by(news))


def _screened(teller: _Teller, at: datetime, news: News) -> None:
    approved = getattr(news, "approved", False)
    text = phrase("%(name)s approved the request.") if approved else phrase("%(name)s declined the request.")
    teller.say(at, text, name=teller.by(news))


def _not_me(teller: _Teller, at: datetime, news: News) -> None:
    ask = teller.ask_of(news)
    if ask and ask.role == Role.CONNECTOR:
        text = phrase("%(name)s does not know %(whom)s.")
        teller.say(at, text, name=teller.name(ask.person), whom=teller.name(teller.story.listed.target))
    else:
        teller.say(
            at, phrase("Our letter to %(name)s reached somebody else."), name=teller.name(ask.person if ask else None)
        )


def _sent_back(teller: _Teller, at: datetime, news: News) -> None:
    assert isinstance(news, SentBack)
    words = teller.story.words.get(news.words)
    text = phrase("%(name)s sent it back to the requester, with advice.")
    teller.lines.append(StoryLine(at, text, {"name": teller.by(news)}, words, in_a_letter=True))


def _resent(teller: _Teller, at: datetime, news: News) -> None:
    assert isinstance(news, Resent)
    words = teller.story.words.get(news.words) if news.words else None
    ask = teller.ask_of(news)
    parties = {Role.REQUESTER: teller.story.listed.requester, Role.TARGET: teller.story.listed.target}
    whom = ask.person if ask else parties.get(RECEIVER[news.letter]) if news.letter else None
    text = phrase("%(name)s sent %(whom)s the letter again.")
    facts = {"name": teller.by(news), "whom": teller.name(whom)}
    teller.lines.append(StoryLine(at, text, facts, words, in_a_letter=True))


def _reported(teller: _Teller, at: datetime, news: News) -> None:
    assert isinstance(news, Reported)
    ask = teller.ask_of(news)
    of_target = isinstance(news.outcome, Wrote) and ask is not None and ask.role == Role.TARGET
    text = next(_first_contact(news) if of_target else _outcomes(news))
    words = teller.story.words.get(news.words) if news.words else None
    teller.say(at, text, words, name=teller.by(news))


def _first_contact(news: Reported) -> Iterator[str]:
    if isinstance(news.outcome, Wrote) and news.outcome.yet:
        yield phrase("%(name)s: the requester has written to them.")
    yield phrase("%(name)s: nothing has reached them so far.")


def _outcomes(news: Reported) -> Iterator[str]:
    match news.outcome:
        case Met(useful=True):
            yield phrase("%(name)s: they met, and it was useful.")
        case Met():
            yield phrase("%(name)s: they met.")
        case DidNotMeet():
            yield phrase("%(name)s: they did not meet.")
        case NoShow():
            yield phrase("%(name)s: the other party did not come.")
        case RatherNot():
            yield phrase("%(name)s would rather not say.")
        case MeetingAhead():
            yield phrase("%(name)s: the meeting is still ahead.")
        case Wrote(yet=True):
            yield phrase("%(name)s has written.")
        case Wrote():
            yield phrase("%(name)s has not written yet.")


def _extended(teller: _Teller, at: datetime, news: News) -> None:
    ask = teller.ask_of(news)
    whom = teller.name(ask.person if ask else None)
    teller.say(at, phrase("%(name)s gave %(whom)s more time."), name=teller.by(news), whom=whom)


def _edited(teller: _Teller, at: datetime, news: News) -> None:
    if getattr(news, "made_by", "") == "key":
        teller.say(at, phrase("The request was changed through the API; the requester is asked whether it is theirs."))
    else:
        teller.say(at, phrase("%(name)s changed the request. Whoever had agreed is asked again."), name=teller.by(news))


def _handed_over(teller: _Teller, at: datetime, news: News) -> None:
    whom = teller.name(getattr(news, "to", None))
    teller.say(at, phrase("%(name)s named %(whom)s to be asked instead."), name=teller.by(news), whom=whom)


_TOLD: dict[str, Callable[[_Teller, datetime, News], None]] = {
    "request_confirmed": _simple(phrase("%(name)s confirmed the request.")),
    "proposed": _simple(phrase("%(name)s proposed whom to ask.")),
    "screened": _screened,
    "sent_back": _sent_back,
    "no_connector": _simple(phrase("No connector was left to ask.")),
    "connector_approved": _approved,
    "connector_forwards": _simple(phrase("%(name)s approved, and forwards the question by hand.")),
    "declined": _declined,
    "silent": _of_ask(phrase("%(name)s did not answer in time.")),
    "put_off": _of_ask(phrase("%(name)s asked for more time.")),
    "not_me": _not_me,
    "redirected": _of_ask(phrase("%(name)s named somebody better placed.")),
    "link_requested": _of_ask(phrase("%(name)s asked for a letter of their own.")),
    "undone": _of_ask(phrase("%(name)s took the answer back; the question is open again.")),
    "address_given": _simple(phrase("%(name)s gave another address.")),
    "opted_in": _simple(phrase("%(name)s said yes.")),
    "answered_in_two_lines": _simple(phrase("%(name)s answered in two lines.")),
    "withdrew": _simple(phrase("%(name)s withdrew the request.")),
    "stopped": _simple(phrase("%(name)s stopped it.")),
    "edited": _edited,
    "handed_over": _handed_over,
    "held": _simple(phrase("%(name)s holds it: no letter leaves until it goes on.")),
    "resumed": _simple(phrase("%(name)s let it go on.")),
    "extended": _extended,
    "resent": _resent,
    "introduced": _simple(phrase("They are introduced: both letters leave.")),
    "undeliverable": _of_ask(phrase("A letter to %(name)s could not be delivered.")),
    "accepted_late": _of_ask(phrase("A letter to %(name)s left late; their time to answer began then.")),
    "clocks_changed": _clocks_changed,
    "reported": _reported,
    "thanked": _simple(phrase("%(name)s sent their thanks.")),
}

_ASKED: dict[AskKind, str] = {
    AskKind.CONFIRM: phrase("%(name)s is asked whether this is what they want to say."),
    AskKind.APPROVE: phrase("%(name)s is asked to introduce them."),
    AskKind.ADDRESS: phrase("%(name)s is asked for another address."),
    AskKind.OPT_IN: phrase("%(name)s is asked whether they would like to be introduced."),
    AskKind.WRITTEN: phrase("%(name)s is asked whether they have written."),
    AskKind.MEET: phrase("%(name)s is asked whether they met."),
    AskKind.THANKS: phrase("%(name)s is asked for two lines of thanks."),
    AskKind.CLOSING: phrase("The term is over: %(name)s is asked how it went."),
}


def asked_of(ask: Ask) -> str:
    if ask.on_page and ask.kind == AskKind.WRITTEN:
        return phrase("%(name)s is asked on their own page whether they have written.")
    return _ASKED[ask.kind]


_WRITTEN: dict[LetterKind, str] = {
    LetterKind.NO_INTRODUCTION: phrase("%(name)s is told that there is no introduction for now."),
    LetterKind.TWO_LINES: phrase("%(name)s gets the two lines."),
    LetterKind.HOW_IT_WENT: phrase("%(name)s hears how it went."),
}
