"""Samples of letters. One view per kind and variant, about Rosa, Carl and Tomoko, in any language."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from mailroom.compose.views import (
    AdviceLetter,
    AskAddress,
    AskConnector,
    AskRequester,
    AsksPaused,
    AskTarget,
    AskTargetBlind,
    ConfirmRequest,
    Contact,
    DeskLine,
    DeskNews,
    DidYouMeet,
    HaveTheyWritten,
    HaveYouWritten,
    HowItWent,
    IntroductionToRequester,
    IntroductionToTarget,
    Language,
    LetterView,
    NoIntroduction,
    PublicPlace,
    SignIn,
    TermOver,
    TermOverToTarget,
    ThankYou,
    TwoLines,
    WasItUseful,
    Welcome,
)
from models.desk import DeskKind
from models.letters import LetterKind
from tests.cast import CARL, OLIVE, ROSA, TOMOKO, Person

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TUESDAY, FRIDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)
HOUSE = "https://introductions.example.test"
LINK = f"{HOUSE}/a/5mPq3YtVx0kLz8RwNc2HdA"

NOTE = """I run a small company in Madrid that makes reusable crates for fruit growers. We have 14 growers on board \
and lose most of our margin on the way back from the markets.

Your article on returnable packaging in Osaka describes the very loop we are trying to close. Could I ask you twenty \
minutes of questions about deposits? In return I can show you our return data of two harvests, which nobody outside \
has seen."""
SENTENCE = """Rosa listens, does what she says, and will have read everything you wrote before you meet. \
I would not ask you otherwise."""
BLIND = """A founder with fourteen growers as customers, southern Europe. I would like twenty minutes about deposits \
on crates, and can show the return data of two harvests."""
SENTENCE_WITHOUT_A_NAME = "This is somebody who listens, and who will have read everything you wrote."
LINES = """Charge the deposit to the market, not to the grower: the one who holds the crates must feel them.
And count them on Fridays."""
THANKS = "Your question about who holds the crates changed our plan: we move the deposit to the markets from Monday."
ROSA_SAID = "Forty minutes that spared us a year of deposits in the wrong hands."
TOMOKO_SAID = "She had read everything, and asked the question I should have asked myself."
LINE = "The letter of last week went to an address that is closed; I am sorry that this comes so late."
ADVICE = """Say in your first sentence what you would like to know: deposits come only in the last one.
And leave out the second offer; one is enough."""
TERMS = "Twenty minutes, by phone, any morning after 10 March."
GOAL = "We know in which order to tell growers of the deposit."
WISH = "Read two pages and say where you stop"
ANSWERS = ({"asked": "At which stage are you?", "said": "Fourteen growers, two harvests."},)
HOW_KNOWN = "we shared an office at the packaging institute in Lund"

TOMOKOS = (
    Contact(kind="email", value="tomoko@example.test"),
    Contact(kind="link", value="https://tomoko.example.test/half-an-hour", label="Booking page"),
)
ROSAS = (Contact(kind="email", value="rosa@example.test"), Contact(kind="phone", value="+34 600 000 000"))
PLACES = (
    PublicPlace(label="“Boxes that come home”, her column", url="https://columns.example.test/boxes"),
    PublicPlace(
        label="Open questions on packaging, first Thursday of the month", url="https://talks.example.test/packaging"
    ),
)
ROSA_IS, TOMOKO_IS = "Cajas Prieto, Madrid", "packaging researcher, Osaka"


def kind_of(view: LetterView) -> LetterKind:
    """Which letter of the process this is: what a target reads who is not told who asks is still their ask."""
    return LetterKind.ASK_TARGET if view.kind == "ask_target_blind" else LetterKind(view.kind)


def to(person: Person, language: Language, **facts: Any) -> dict[str, Any]:
    """What every view needs, for this reader; `facts` win."""
    common = {
        "language": language,
        "zone": person.zone,
        "at": MONDAY,
        "name": person.name,
        "programme": "Spring Batch",
        "staff": "office@example.test",
        "promises": f"{HOUSE}/p/prg_spring",
        "own_page": f"{HOUSE}/me",
    }
    return common | facts


def asking(person: Person, language: Language, **facts: Any) -> dict[str, Any]:
    return to(person, language, **{"link": LINK, "due_at": FRIDAY} | facts)


def vouched(**facts: Any) -> dict[str, Any]:
    return {
        "connector": CARL.name,
        "vouch": "introduce",
        "sentence": SENTENCE,
        "how_known": HOW_KNOWN,
        "since": date(2019, 4, 1),
    } | facts


def samples(language: Language) -> Iterator[tuple[str, LetterView]]:
    """Every letter in every variant that reads differently: ("ask_target/reminder", view)."""
    for each in (_before, _to_the_parties, _introduction, _instead, _afterwards):
        yield from each(language)


def _before(language: Language) -> Iterator[tuple[str, LetterView]]:
    def confirm(**facts: Any) -> ConfirmRequest:
        shared = {
            "target": TOMOKO.name,
            "wanted": "one_answer",
            "goal": GOAL,
            "note": NOTE,
            "shares": ("rosa@example.test",),
        }
        return ConfirmRequest(**asking(ROSA, language, **shared | facts))

    yield "confirm_request/first", confirm()
    yield "confirm_request/reminder", confirm(reminder=True)
    need = "Somebody who has run a deposit scheme for crates or bottles."
    yield "confirm_request/proposed", confirm(need=need, note=None, wanted="", goal=None, target_is=TOMOKO_IS)
    yield "confirm_request/in_minutes", confirm(due_at=MONDAY + timedelta(minutes=10, seconds=-3))

    def advice(**facts: Any) -> AdviceLetter:
        told = {"target": TOMOKO.name, "operator": OLIVE.name, "advice": ADVICE, "promised_at": MONDAY + timedelta(21)}
        edit = {"link": f"{HOUSE}/me/requests/int_5mPq3YtVx0/edit"}
        return AdviceLetter(**to(ROSA, language, **told | edit | facts))

    yield "advice/given", advice()
    yield "advice/of_a_need", advice(target=None, number="4821")

    def connector(**facts: Any) -> AskConnector:
        told: dict[str, Any] = {"requester": ROSA.name, "requester_is": ROSA_IS, "target": TOMOKO.name, "note": NOTE}
        told |= {"wanted": "one_mail", "goal": GOAL, "answers": ANSWERS}
        return AskConnector(**asking(CARL, language, **told | facts))

    yield "ask_connector/first", connector()
    yield "ask_connector/reminder", connector(reminder=True, requester_is="")
    yield "ask_connector/changed", connector(changed=True, wanted="", goal=None)
    yield "ask_connector/wish_of_their_own", connector(wanted=WISH)
    yield "ask_connector/comes_back", connector(back_on=MONDAY)
    yield "ask_connector/in_minutes", connector(due_at=MONDAY + timedelta(minutes=10))

    def address(**facts: Any) -> AskAddress:
        told = {"requester": ROSA.name, "target": TOMOKO.name, "approved_at": MONDAY - timedelta(days=3)}
        return AskAddress(**asking(CARL, language, **told | facts))

    yield "ask_address/first", address()
    yield "ask_address/reminder", address(reminder=True)


def _to_the_parties(language: Language) -> Iterator[tuple[str, LetterView]]:
    def target(**facts: Any) -> AskTarget:
        told = {
            "requester": ROSA.name,
            "requester_is": ROSA_IS,
            "note": NOTE,
            "wanted": "twenty_minutes",
            "goal": GOAL,
            "answers": ANSWERS,
            "approved_at": MONDAY - timedelta(days=3),
        }
        return AskTarget(**asking(TOMOKO, language, **told | vouched() | facts))

    yield "ask_target/first", target()
    yield "ask_target/reminder", target(reminder=True)
    yield "ask_target/another_reminder", target(reminder=True, only_reminder=False)
    yield "ask_target/agreed_long_ago", target(agreed_at=MONDAY - timedelta(days=31))
    yield "ask_target/changed", target(changed=True)
    yield "ask_target/comes_back", target(back_on=MONDAY)
    yield "ask_target/comes_back_late", target(back_on=MONDAY - timedelta(days=1))
    yield "ask_target/with_a_line", target(reminder=True, line=LINE, line_by=OLIVE.name)
    yield "ask_target/vouched", target(vouch="vouch")
    yield "ask_target/no_sentence", target(sentence=None)
    bare = {"sentence": None, "how_known": "", "since": None, "vouch": "vouch", "requester_is": ""}
    yield "ask_target/requested", target(requested=True, approved_at=MONDAY, **bare)
    yield "ask_target/in_minutes", target(due_at=MONDAY + timedelta(minutes=10), approved_at=MONDAY)

    def unnamed(**facts: Any) -> AskTargetBlind:
        told = {
            "blind": BLIND,
            "wanted": "feedback",
            "number": "4821",
            "approved_at": MONDAY - timedelta(days=3),
            "sentence": SENTENCE_WITHOUT_A_NAME,
        }
        return AskTargetBlind(**asking(TOMOKO, language, **vouched() | told | facts))

    yield "ask_target_blind/first", unnamed()
    yield "ask_target_blind/reminder", unnamed(reminder=True)
    yield "ask_target_blind/vouched", unnamed(vouch="vouch")
    bare = {"sentence": None, "how_known": "", "since": None, "vouch": "vouch"}
    yield "ask_target_blind/requested", unnamed(requested=True, **bare)

    def requester(**facts: Any) -> AskRequester:
        return AskRequester(**asking(ROSA, language, target=TOMOKO.name, **{"standing": "together"} | facts))

    yield "ask_requester/together", requester()
    yield "ask_requester/comes_back", requester(back_on=MONDAY)
    yield "ask_requester/reminder", requester(reminder=True)
    yield "ask_requester/agreed_long_ago", requester(agreed_at=MONDAY - timedelta(days=21))
    yield "ask_requester/target_said_yes", requester(standing="target_said_yes")
    yield "ask_requester/after_all", requester(standing="after_all")


def _introduction(language: Language) -> Iterator[tuple[str, LetterView]]:
    def to_rosa(**facts: Any) -> IntroductionToRequester:
        told = {"target": TOMOKO.name, "target_is": TOMOKO_IS, "contacts": TOMOKOS, "shared": ("rosa@example.test",)}
        return IntroductionToRequester(**to(ROSA, language, **told | vouched(write_by=TUESDAY) | facts))

    yield "introduction_to_requester/with_terms", to_rosa(terms=TERMS, by_reply=True, booking=TOMOKOS[1].value)
    yield "introduction_to_requester/no_sentence", to_rosa(sentence=None, target_is="", contacts=TOMOKOS[:1])
    yield "introduction_to_requester/vouched", to_rosa(sentence=None, vouch="vouch", since=None)
    yield "introduction_to_requester/in_minutes", to_rosa(write_by=MONDAY + timedelta(minutes=10))

    def to_tomoko(**facts: Any) -> IntroductionToTarget:
        told = {"requester": ROSA.name, "requester_is": ROSA_IS, "contacts": ROSAS, "shared": ("tomoko@example.test",)}
        return IntroductionToTarget(**to(TOMOKO, language, **told | vouched(write_by=TUESDAY) | facts))

    yield "introduction_to_target/with_terms", to_tomoko(terms=TERMS, by_reply=True)
    yield "introduction_to_target/no_sentence", to_tomoko(sentence=None, requester_is="")
    yield "introduction_to_target/with_a_line", to_tomoko(line=LINE, line_by=OLIVE.name)
    yield "introduction_to_target/vouched", to_tomoko(sentence=None, vouch="vouch", contacts=ROSAS[:1])


def _instead(language: Language) -> Iterator[tuple[str, LetterView]]:
    requests = f"{HOUSE}/requests"
    yield "two_lines/passed_on", TwoLines(**to(ROSA, language, target=TOMOKO.name, lines=LINES, requests=requests))

    def none(**facts: Any) -> NoIntroduction:
        told = {"target": TOMOKO.name, "places": PLACES, "asked_at": MONDAY - timedelta(days=21), "requests": requests}
        return NoIntroduction(**to(ROSA, language, **told | facts))

    yield "no_introduction/with_places", none()
    yield "no_introduction/no_places", none(places=())
    yield "no_introduction/of_a_need", none(target=None, places=(), number="4821")
    yield "no_introduction/today", none(asked_at=MONDAY)


def _afterwards(language: Language) -> Iterator[tuple[str, LetterView]]:
    told = {"target": TOMOKO.name, "delivered_at": FRIDAY}
    later = {"at": FRIDAY + timedelta(days=10), "due_at": FRIDAY + timedelta(days=30)}
    yield "have_you_written/asked", HaveYouWritten(**asking(ROSA, language, **told | later))
    names = {"target": TOMOKO.name, "connector": CARL.name}
    waited = {"requester": ROSA.name, "delivered_at": FRIDAY}
    yield "have_they_written/asked", HaveTheyWritten(**asking(TOMOKO, language, **waited | later))
    yield "did_you_meet/first", DidYouMeet(**asking(ROSA, language, **told | names | later))
    for wanted in ("one_mail", "one_answer", "feedback", WISH):
        name = "own" if wanted == WISH else wanted
        yield f"did_you_meet/{name}", DidYouMeet(**asking(ROSA, language, wanted=wanted, **told | names | later))
    yield "did_you_meet/reminder", DidYouMeet(**asking(ROSA, language, reminder=True, **told | names | later))
    yield "thank_you/asked", ThankYou(**asking(ROSA, language, **names | later))
    asked = {"requester": ROSA.name, "delivered_at": FRIDAY}
    yield "was_it_useful/with_thanks", WasItUseful(**asking(TOMOKO, language, thanks=THANKS, **asked | later))
    yield "was_it_useful/unheard", WasItUseful(**asking(TOMOKO, language, **asked | later))
    for wanted in ("one_mail", "one_answer", "feedback", WISH):
        name = "own" if wanted == WISH else wanted
        yield f"was_it_useful/{name}", WasItUseful(**asking(TOMOKO, language, wanted=wanted, **asked | later))
    again = {"thanks": THANKS, "asked_again": True}
    yield "was_it_useful/before_the_term_ends", WasItUseful(**asking(TOMOKO, language, **again | asked | later))
    yield "term_over/asked", TermOver(**asking(ROSA, language, **names | later))
    yield "term_over_to_target/asked", TermOverToTarget(**asking(TOMOKO, language, **asked | later))

    def went(**facts: Any) -> HowItWent:
        facts = {"requester": ROSA.name, "target": TOMOKO.name, "approved_at": MONDAY} | facts
        return HowItWent(**to(CARL, language, at=FRIDAY + timedelta(days=30), **facts))

    yield "how_it_went/met_useful", went(outcome="met_useful", thanks=THANKS)
    for outcome in ("met", "two_lines", "did_not_meet", "not_heard", "not_together"):
        yield f"how_it_went/{outcome}", went(outcome=outcome)
    both = {"outcome": "met_useful", "requester_said": ROSA_SAID, "target_said": TOMOKO_SAID}
    yield "how_it_went/in_their_words", went(**both)
    yield "how_it_went/the_term_is_over", went(outcome="met_useful", term_over=True)
    rest = {"until": FRIDAY + timedelta(days=14), "link": f"{HOUSE}/back/5mPq3YtVx0kLz8RwNc2HdA"}
    yield "asks_paused/no_shows", AsksPaused(**to(ROSA, language, **rest, reason="no_shows"))
    yield "asks_paused/unanswered", AsksPaused(**to(CARL, language, **rest, reason="unanswered"))
    own = {"link": f"{HOUSE}/me", "leave": f"{HOUSE}/unsubscribe/5mPq3YtVx0kLz8RwNc2HdA"}
    yield "welcome/asked_for", Welcome(**to(TOMOKO, language, **own, connects=False))
    yield "welcome/connects", Welcome(**to(CARL, language, **own, connects=True))
    yield from _to_staff(language)
    way_in = {"link": f"{HOUSE}/me/9sT4uVb2XkQe7LpJw1RfGg", "until": MONDAY + timedelta(minutes=30)}
    yield "sign_in/asked", SignIn(**to(ROSA, language, **way_in))


def _to_staff(language: Language) -> Iterator[tuple[str, LetterView]]:
    where = {"console": f"{HOUSE}/console", "choose": f"{HOUSE}/console/hearing"}
    one = f"{HOUSE}/console/introductions/int_3f8a"

    def line(kind: DeskKind, **facts: Any) -> DeskLine:
        return DeskLine(kind=kind, link=one, **facts)

    stuck = (line(DeskKind.STUCK),)
    yield "desk/at_once", DeskNews(**to(OLIVE, language, **where, lines=stuck, many=1))
    until = (DeskKind.TO_READ, DeskKind.NEED, DeskKind.NO_CONNECTOR, DeskKind.PROMISE)
    lines = tuple(line(kind, due_at=TUESDAY if kind in until else None) for kind in DeskKind)
    yield "desk/morning", DeskNews(**to(OLIVE, language, **where, lines=lines, many=len(lines)))
    both = tuple(line(DeskKind.TO_READ, programme=name, due_at=FRIDAY) for name in ("Spring Batch", "Alumni"))
    yield "desk/of_several", DeskNews(**to(OLIVE, language, **where, lines=both, many=9, more=7))
