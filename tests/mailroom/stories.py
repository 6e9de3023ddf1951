"""Stories told letter by letter. Few, which together plan every kind of letter, each in more than one way."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert, update

from models.ids import AskNumber, ChannelId, WordsId
from models.letters import LetterKind, Role
from models.news import (
    AnsweredInTwoLines,
    ConnectorApproved,
    ConnectorForwards,
    Edited,
    LinkRequested,
    OptedIn,
    Proposed,
    Reported,
    Resent,
    Screened,
    SentBack,
    Thanked,
    Undeliverable,
)
from models.outcomes import DidNotMeet, Met
from models.process.state.introduction import Introduction
from models.process.state.opening import MadeBy, Opening
from store.tables import channel, person, request, tie, words
from tests.cast import (
    CARL,
    CLEO,
    INTRODUCTION,
    MONDAY,
    OLIVE,
    ROSA,
    ROSAS_MAIL,
    TOMOKO,
    TOMOKOS_MAIL,
    TOMOKOS_OTHER_MAIL,
    Person,
    opening,
    policy,
)
from tests.mailroom.story_replay import Story
from tests.support.news_phrases import approves, confirms, declines, gives_address, last_ask, opts_in, puts_off
from tests.support.play import SECOND, Said

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FORGETFUL = {"requester__yes_valid_for": "8 min", "target__yes_valid_for": "8 min", "requester__renew_within": "4 min"}
BOOKING = ChannelId("cha_tomoko_booking")
WRITTEN = {
    "new note": (ROSA, "Tomoko, may I ask how you count crates?"),
    "newest note": (ROSA, "Tomoko, who holds the crates?"),
    "sentence": (CARL, "Rosa listens."),
    "terms": (TOMOKO, "Twenty minutes, by phone."),
    "lines": (TOMOKO, "Do ask Ines about seals."),
    "thanks": (ROSA, "Your question changed our plan."),
    "her report": (ROSA, "Forty minutes well spent."),
    "their report": (TOMOKO, "She had read everything."),
    "advice": (OLIVE, "Say first what you would like to know."),
    "line": (OLIVE, "Your first letter went to an address that is closed."),
}


def wrote(name: str) -> WordsId:
    return WordsId(f"wrd_{name.replace(' ', '_')}")


def patient(**fields: Any) -> Any:
    """Rules under which no letter is one too many."""
    enough = {"letters.requester": 9, "letters.target": 9, "letters.connector": 9, "requester.closings_every": None}
    return policy("demo", enough | {name.replace("__", "."): value for name, value in fields.items()})


def begun(rules: Any, **changed: Any) -> Opening:
    made_by, target = changed.pop("made_by", MadeBy.REQUESTER), changed.pop("target", TOMOKO)
    return opening(rules, made_by, target=target).model_copy(update=changed)


def in_full(connection: Connection) -> None:
    """Everybody has written something, all show who they are and since when, and Tomoko has more ways to be reached."""
    for name, (by, body) in WRITTEN.items():
        row = {"id": wrote(name), "introduction": INTRODUCTION, "owner": by.id, "kind": name, "body": body}
        connection.execute(insert(words).values(row | {"at": MONDAY}))
    way = {"id": BOOKING, "person": TOMOKO.id, "kind": "link", "value": "https://tomoko.example.test/half-an-hour"}
    rest = {"label": "Booking page", "source": "their own page", "created_at": MONDAY}
    connection.execute(insert(channel).values(way | rest))
    given = {"id": TOMOKOS_OTHER_MAIL, "person": TOMOKO.id, "kind": "email", "value": "tomoko@lab.example.test"}
    for_this = {"introduction": INTRODUCTION, "source": "the connector", "created_at": MONDAY}
    connection.execute(insert(channel).values(given | for_this))
    faces: dict[Person, dict[str, Any]] = {
        ROSA: {"headline": "Founder", "organisation": "Cajas Prieto"},
        TOMOKO: {
            "headline": "Packaging researcher",
            "places": [{"label": "Boxes", "url": "https://boxes.example.test"}],
        },
    }
    for who, face in faces.items():
        connection.execute(update(person).where(person.c.id == who.id).values(face))
    connection.execute(update(tie).where(tie.c.connector == CARL.id).values(since=date(2019, 5, 1)))


def of_a_need(connection: Connection) -> None:
    in_full(connection)
    need = {"id": wrote("need"), "introduction": INTRODUCTION, "owner": ROSA.id, "kind": "need", "at": MONDAY}
    connection.execute(insert(words).values(need | {"body": "Somebody who has run a deposit scheme."}))
    connection.execute(update(request).values(need=wrote("need")))


def typed(connection: Connection) -> None:
    """Tomoko is somebody from outside, as Rosa typed her."""
    in_full(connection)
    named = {"id": "wrd_named", "introduction": INTRODUCTION, "owner": ROSA.id, "kind": "named"}
    connection.execute(insert(words).values(named | {"body": "T. Abe\nOsaka University", "at": MONDAY}))


def approves_with_a_sentence(i: Introduction) -> ConnectorApproved:
    said = {"vouch": "vouch", "sentence": wrote("sentence"), "address": TOMOKOS_OTHER_MAIL}
    return ConnectorApproved.model_validate({"ask": last_ask(i, CARL.id), "by": CARL.id, **said})


def forwards_with_a_sentence(i: Introduction) -> ConnectorForwards:
    return ConnectorForwards(ask=last_ask(i, CARL.id), by=CARL.id, sentence=wrote("sentence"))


def agrees_on_terms(i: Introduction) -> OptedIn:
    ways = (BOOKING, TOMOKOS_MAIL)
    ask = last_ask(i, TOMOKO.id)
    return OptedIn(ask=ask, by=TOMOKO.id, channels=ways, terms=wrote("terms"), wording="wording-1")


def reports(who: Any, outcome: Any, name: str, share: bool = True) -> Said:
    def said(i: Introduction) -> Reported:
        ask = last_ask(i, who.id)
        return Reported(ask=ask, by=who.id, outcome=outcome, words=wrote(name), share_with_connector=share)

    return said


def thanks(i: Introduction) -> Thanked:
    return Thanked(ask=last_ask(i, ROSA.id), by=ROSA.id, words=wrote("thanks"), share_with_connector=True)


def answers_in_two_lines(i: Introduction) -> AnsweredInTwoLines:
    return AnsweredInTwoLines(ask=last_ask(i, TOMOKO.id), by=TOMOKO.id, words=wrote("lines"))


def address_is_dead(i: Introduction) -> Undeliverable:
    ask: AskNumber = last_ask(i, TOMOKO.id)
    return Undeliverable(letter=LetterKind.ASK_TARGET, role=Role.TARGET, ask=ask, address_is_dead=True)


def asks_for_a_link(i: Introduction) -> LinkRequested:
    return LinkRequested(ask=last_ask(i, TOMOKO.id), by=TOMOKO.id, address=TOMOKOS_OTHER_MAIL)


def sent_again(i: Introduction) -> Resent:
    return Resent(by=OLIVE.id, ask=last_ask(i, TOMOKO.id), words=wrote("line"))


def edited(name: str) -> Edited:
    return Edited(by=ROSA.id, note=wrote(name), channels=(ROSAS_MAIL,), wording="wording-1")


READ = Screened(by=OLIVE.id, approved=True)
SCREENED = {"answer_within": "5 min", "backup_within": "5 min", "send_back": True}
TERM = {"ends": ["03-20"], "answer_within": "7 d"}

TALES: dict[str, Story] = {
    "they meet, and everybody says something": Story(
        (
            approves_with_a_sentence,
            10 * SECOND,
            agrees_on_terms,
            opts_in(ROSA),
            MINUTE,
            reports(ROSA, Met(useful=True), "her report"),
            MINUTE,
            thanks,
            MINUTE,
            reports(TOMOKO, Met(useful=True), "their report"),
            DAY,
        ),
        begun(patient()),
        in_full,
    ),
    "a need, changed twice, and nobody takes it up": Story(
        (
            Proposed(by=OLIVE.id, target=TOMOKO.somebody),
            2 * MINUTE,
            confirms(ROSA),
            SentBack(by=OLIVE.id, words=wrote("advice")),
            edited("new note"),
            READ,
            6 * SECOND,
            edited("newest note"),
            READ,
            2 * MINUTE,
            declines(CARL),
            6 * SECOND,
            declines(CLEO),
            DAY,
        ),
        begun(patient(screening=SCREENED), target=None),
        of_a_need,
    ),
    "another address is given, and two lines come back": Story(
        (
            approves(CARL),
            6 * SECOND,
            address_is_dead,
            2 * MINUTE,
            gives_address(CARL),
            6 * SECOND,
            answers_in_two_lines,
            DAY,
        ),
        begun(patient(connector__another_address=True)),
        in_full,
    ),
    "somebody from outside is asked without a name, and they do not meet": Story(
        (
            approves_with_a_sentence,
            20 * SECOND,
            sent_again,
            2 * MINUTE,
            opts_in(TOMOKO),
            6 * SECOND,
            opts_in(ROSA),
            MINUTE,
            reports(ROSA, DidNotMeet(), "her report"),
            reports(TOMOKO, DidNotMeet(), "their report", share=False),
            40 * DAY,
        ),
        begun(patient(order="target_first", follow_up__term=TERM, follow_up__first_contact=None), blind=True),
        typed,
    ),
    "forwarded, told too late, and asked once more": Story(
        (
            forwards_with_a_sentence,
            6 * SECOND,
            asks_for_a_link,
            SECOND,
            opts_in(ROSA),
            puts_off(TOMOKO, MONDAY + 45 * MINUTE),
            50 * MINUTE,
            opts_in(TOMOKO),
            6 * SECOND,
            opts_in(ROSA),
            9 * DAY,
        ),
        begun(patient(**FORGETFUL)),
        in_full,
    ),
    "her yes grows old": Story(
        (approves(CARL), 6 * SECOND, opts_in(ROSA), 9 * MINUTE, opts_in(TOMOKO), 6 * SECOND),
        begun(patient(**FORGETFUL)),
        in_full,
    ),
    "the term ends, and nobody has said how it went": Story(
        (approves(CARL), 6 * SECOND, opts_in(TOMOKO), opts_in(ROSA), 40 * DAY),
        begun(patient(follow_up__term=TERM)),
        typed,
    ),
    "a program asks for somebody from outside, and nobody takes it up": Story(
        (confirms(ROSA), declines(CARL), 6 * SECOND, declines(CLEO), DAY),
        begun(patient(), made_by=MadeBy.KEY, channels=()),
        typed,
    ),
    "she agrees, and Tomoko does not": Story(
        (approves_with_a_sentence, 6 * SECOND, opts_in(ROSA), declines(TOMOKO), DAY), begun(patient()), in_full
    ),
    "nobody is found for a need": Story((DAY,), begun(patient(), target=None), of_a_need),
}
