"""Lives of an introduction in the golden pages of the core. Short ones, each going another way."""

from datetime import timedelta

from models.letters import LetterKind, Role
from models.news import (
    Blocked,
    Edited,
    Erased,
    HandedOver,
    Held,
    OptedOut,
    Proposed,
    Resent,
    Resumed,
    Screened,
    SentBack,
    Stopped,
    TookBack,
    Withdrew,
)
from models.outcomes import DidNotMeet, MeetingAhead, Met, NoShow, RatherNot, Wrote
from models.process.state.opening import MadeBy
from tests.cast import CARL, CLEO, MONDAY, OLIVE, ROSA, SOME_WORDS, TOMOKO, opening, policy
from tests.models.exploration.life import (
    AT_REQUEST,
    DAY,
    EDITED,
    FIRST,
    FORGETFUL,
    HOURS,
    INTRODUCED,
    LENDS,
    MINUTE,
    NEW_WORDS,
    ON_MONDAY_NIGHT,
    READ,
    SCREENED,
    SECOND,
    THREE_ADDRESSES,
    Life,
    address_is_dead,
    agrees_on_terms,
    arrived_late,
    as_shipped,
    back,
    demo,
    link_for,
    more_time_for,
    says_how_they_know,
    sent_again,
    unreached,
    until_the_promised_day,
)
from tests.support.news_phrases import (
    answers_in_two_lines,
    approves,
    confirms,
    declines,
    forwards,
    gives_address,
    is_not_them,
    opts_in,
    puts_off,
    redirects,
    reports,
    thanks,
    undoes,
    vouches,
)

LIVES: dict[str, Life] = {
    "everybody says yes, they meet, she thanks": Life(
        (
            *INTRODUCED,
            MINUTE,
            reports(ROSA, Met(useful=True)),
            30 * SECOND,
            thanks(ROSA),
            reports(TOMOKO, Met(useful=True)),
        )
    ),
    "nobody ever answers": Life(()),
    "nobody says how it went": Life(INTRODUCED),
    "she has not written, then a meeting lies ahead, then it did not happen": Life(
        (
            *INTRODUCED,
            12 * SECOND,
            reports(ROSA, Wrote(yet=False)),
            15 * SECOND,
            reports(TOMOKO, Wrote(yet=True)),
            30 * SECOND,
            reports(ROSA, MeetingAhead()),
            12 * MINUTE,
            reports(ROSA, DidNotMeet()),
            reports(TOMOKO, DidNotMeet()),
        )
    ),
    "she has written, and would rather not say more": Life(
        (*INTRODUCED, 12 * SECOND, reports(ROSA, Wrote(yet=True)), MINUTE, reports(ROSA, RatherNot()))
    ),
    "each says the other did not come": Life(
        (*INTRODUCED, 11 * MINUTE, reports(ROSA, NoShow()), reports(TOMOKO, NoShow()))
    ),
    "one says they met, the other that nobody came": Life(
        (*INTRODUCED, 11 * MINUTE, reports(TOMOKO, Met()), reports(ROSA, NoShow()))
    ),
    "a no-show is denied, under the rules of 0.1": Life(
        (*INTRODUCED, 11 * MINUTE, reports(TOMOKO, DidNotMeet()), reports(ROSA, Met())),
        opening(demo(pauses=None, follow_up__hear_both=False, follow_up__first_contact=None)),
    ),
    "nobody says how it went, under the rules of 0.1": Life(
        INTRODUCED, opening(demo(pauses=None, follow_up__hear_both=False, follow_up__first_contact=None))
    ),
    "with a letter too few for her": Life(
        (*INTRODUCED, MINUTE, reports(ROSA, Met())), opening(demo(letters__requester=2, letters__target=2))
    ),
    "the target is asked first, takes a yes back and gives it again": Life(
        (approves(CARL), opts_in(TOMOKO), undoes(TOMOKO), opts_in(TOMOKO), opts_in(ROSA), undoes(ROSA), opts_in(ROSA)),
        opening(demo(order=FIRST)),
    ),
    "an approval is taken back and given again": Life((approves(CARL), undoes(CARL), vouches(CARL, SOME_WORDS))),
    "her yes comes with the request": Life(
        (approves(CARL), opts_in(TOMOKO)), opening(demo(order=AT_REQUEST, requester__help_within="30 d"))
    ),
    "made for her, and screened by the connector": Life(
        (confirms(ROSA), LENDS, opts_in(TOMOKO)), opening(demo(screening=SCREENED), MadeBy.KEY)
    ),
    "made for her, and her yes is taken back": Life(
        (confirms(ROSA), undoes(ROSA), confirms(ROSA), 6 * SECOND, declines(CLEO)), opening(demo(), MadeBy.OPERATOR)
    ),
    "made for her, and she declines": Life((declines(ROSA),), opening(demo(), MadeBy.KEY)),
    "made for her, and she is silent": Life((), opening(demo(), MadeBy.KEY)),
    "made for her, and no letter reaches her": Life(
        (unreached(ROSA, LetterKind.CONFIRM_REQUEST, Role.REQUESTER),), opening(demo(), MadeBy.KEY)
    ),
    "a need finds its person": Life(
        (Proposed(by=OLIVE.id, target=TOMOKO.somebody), confirms(ROSA), READ, approves(CARL), opts_in(TOMOKO)),
        opening(demo(screening=SCREENED), target=None),
    ),
    "a need finds nobody": Life((), opening(demo(), target=None)),
    "declined by the operator who read it": Life(
        (Screened(by=OLIVE.id, approved=False),), opening(demo(screening=SCREENED))
    ),
    "read late, by the backup": Life((7 * MINUTE, READ, 30 * MINUTE), opening(demo(screening=SCREENED))),
    "sent back with advice, and changed": Life(
        (SentBack(by=OLIVE.id, words=SOME_WORDS), EDITED, READ, approves(CARL), opts_in(TOMOKO)),
        opening(demo(screening=SCREENED, order=AT_REQUEST)),
    ),
    "sent back with advice, and left": Life(
        (SentBack(by=OLIVE.id, words=SOME_WORDS),), opening(demo(screening=SCREENED))
    ),
    "two connectors decline": Life((declines(CARL), declines(CLEO))),
    "no other connector is left": Life((declines(CARL),), connectors=(CARL,)),
    "nobody knows the one she asks for": Life((), connectors=()),
    "one connector is silent, the other does not know them": Life((11 * MINUTE, is_not_them(CLEO))),
    "a connector names somebody better placed": Life(
        (redirects(CARL, CLEO), approves(CLEO), opts_in(TOMOKO), opts_in(ROSA))
    ),
    "a connector whom no letter reaches is passed over": Life(
        (unreached(CARL, LetterKind.ASK_CONNECTOR, Role.CONNECTOR), approves(CLEO), opts_in(TOMOKO), opts_in(ROSA))
    ),
    "staff as the last resort": Life(
        (declines(CARL), declines(CLEO), approves(OLIVE), opts_in(TOMOKO), opts_in(ROSA)),
        opening(demo(connector__last_resort=True)),
        connectors=(CARL, CLEO, OLIVE),
    ),
    "the connector says later": Life(
        (puts_off(CARL, MONDAY + 20 * MINUTE), 21 * MINUTE, approves(CARL), opts_in(TOMOKO), opts_in(ROSA))
    ),
    "handed over to another connector": Life(
        (HandedOver(by=OLIVE.id, to=CLEO.id), approves(CLEO), opts_in(ROSA), opts_in(TOMOKO))
    ),
    "the connector forwards it": Life((forwards(CARL), opts_in(ROSA), link_for(TOMOKO), 2 * MINUTE, opts_in(TOMOKO))),
    "the connector forwards it, and nobody asks for a link": Life((forwards(CARL), opts_in(ROSA))),
    "the target declines": Life((approves(CARL), opts_in(ROSA), declines(TOMOKO))),
    "the target declines, told in batches": Life(
        (approves(CARL), declines(TOMOKO)), opening(policy("demo", {"order": AT_REQUEST}))
    ),
    "the target declines, told in batches, in her own hours": Life(
        (approves(CARL), declines(TOMOKO)),
        opening(
            policy("demo", {"order": AT_REQUEST, "requester.promised_answer": "9 d", **HOURS}), asked_at=ON_MONDAY_NIGHT
        ),
    ),
    "she declines": Life((approves(CARL), declines(ROSA))),
    "both are silent": Life((approves(CARL),)),
    "it was somebody else's address": Life((approves(CARL), is_not_them(TOMOKO))),
    "two lines instead": Life((approves(CARL), answers_in_two_lines(TOMOKO))),
    "two lines, taken back": Life(
        (approves(CARL), answers_in_two_lines(TOMOKO), undoes(TOMOKO), opts_in(TOMOKO), opts_in(ROSA))
    ),
    "another address is given": Life(
        (
            approves(CARL),
            unreached(TOMOKO, LetterKind.ASK_TARGET, Role.TARGET, dead=True),
            gives_address(CARL),
            undoes(CARL),
            gives_address(CARL),
            opts_in(TOMOKO),
            opts_in(ROSA),
        ),
        opening(demo(**THREE_ADDRESSES, order=FIRST)),
    ),
    "no other address is known": Life(
        (approves(CARL), unreached(TOMOKO, LetterKind.ASK_TARGET, Role.TARGET, dead=True), declines(CARL)),
        opening(demo(**THREE_ADDRESSES)),
    ),
    "nobody says another address": Life(
        (approves(CARL), unreached(TOMOKO, LetterKind.ASK_TARGET, Role.TARGET, dead=True)),
        opening(demo(**THREE_ADDRESSES)),
    ),
    "another address is still looked for on the promised day": Life(
        (
            approves(CARL),
            unreached(TOMOKO, LetterKind.ASK_TARGET, Role.TARGET, dead=True),
            until_the_promised_day(CARL),
        ),
        opening(demo(**THREE_ADDRESSES, order=AT_REQUEST)),
    ),
    "whoever could know another address wants no more letters": Life(
        (
            approves(CARL),
            unreached(TOMOKO, LetterKind.ASK_TARGET, Role.TARGET, dead=True),
            OptedOut(by=CARL.id),
        ),
        opening(demo(**THREE_ADDRESSES)),
    ),
    "later than promised, and yes after all": Life(
        (
            approves(CARL),
            opts_in(ROSA),
            puts_off(TOMOKO, MONDAY + 45 * MINUTE),
            46 * MINUTE,
            opts_in(TOMOKO),
            opts_in(ROSA),
        )
    ),
    "later just before the promised day, and yes after it": Life(
        (
            approves(CARL),
            opts_in(ROSA),
            puts_off(TOMOKO, MONDAY + 38 * MINUTE),
            41 * MINUTE,
            opts_in(TOMOKO),
            opts_in(ROSA),
        )
    ),
    "later than promised, with just the letters it takes": Life(
        (approves(CARL), opts_in(ROSA), puts_off(TOMOKO, MONDAY + 45 * MINUTE), 46 * MINUTE, opts_in(TOMOKO)),
        opening(demo(letters__requester=3)),
    ),
    "she says yes to what rests already, and takes it back": Life(
        (approves(CARL), declines(TOMOKO), opts_in(ROSA), undoes(ROSA), opts_in(ROSA))
    ),
    "later than promised, and she is silent then": Life(
        (approves(CARL), opts_in(ROSA), puts_off(TOMOKO, MONDAY + 45 * MINUTE), 46 * MINUTE, opts_in(TOMOKO))
    ),
    "later than promised, and then declined": Life(
        (approves(CARL), opts_in(ROSA), puts_off(TOMOKO, MONDAY + 45 * MINUTE), 46 * MINUTE, declines(TOMOKO))
    ),
    "withdrawn while a connector is asked": Life((Withdrew(by=ROSA.id),)),
    "a yes is withdrawn before delivery": Life(
        (approves(CARL), opts_in(TOMOKO), opts_in(ROSA), TookBack(by=TOMOKO.id))
    ),
    "stopped by an operator": Life((approves(CARL), Stopped(by=OLIVE.id))),
    "the target blocks her": Life((approves(CARL), opts_in(TOMOKO), Blocked(by=TOMOKO.id))),
    "the target is erased": Life((approves(CARL), Erased(by=TOMOKO.id))),
    "the connector asked wants no more letters": Life((OptedOut(by=CARL.id), approves(CLEO), opts_in(TOMOKO))),
    "the connector who approved wants no more letters": Life(
        (approves(CARL), opts_in(TOMOKO), OptedOut(by=CARL.id), opts_in(ROSA))
    ),
    "the connector who approved is erased": Life((approves(CARL), opts_in(TOMOKO), Erased(by=CARL.id))),
    "she opts out": Life((approves(CARL), OptedOut(by=ROSA.id))),
    "she is erased after they were introduced": Life((*INTRODUCED, 40 * SECOND, Erased(by=ROSA.id))),
    "the target opts out after they were introduced": Life((*INTRODUCED, 40 * SECOND, OptedOut(by=TOMOKO.id))),
    "the target blocks her once it rests": Life((approves(CARL), declines(ROSA), Blocked(by=TOMOKO.id))),
    "something stands between them": Life((), store={"barred": True}),
    "delivery is held back, then goes": Life((approves(CARL), opts_in(TOMOKO), opts_in(ROSA)), store={"hold_back": 2}),
    "delivery is barred": Life((approves(CARL), opts_in(TOMOKO), opts_in(ROSA)), store={"bars_delivery": True}),
    "held, and resumed": Life(
        (Held(by=OLIVE.id), 3 * MINUTE, Resumed(by=OLIVE.id), approves(CARL), opts_in(TOMOKO), opts_in(ROSA))
    ),
    "held while it is read": Life(
        (Held(by=OLIVE.id), 3 * MINUTE, Resumed(by=OLIVE.id), READ, approves(CARL)), opening(demo(screening=SCREENED))
    ),
    "held before delivery, for hours": Life(
        (
            approves(CARL),
            opts_in(TOMOKO),
            opts_in(ROSA),
            Held(by=OLIVE.id),
            timedelta(hours=3),
            Resumed(by=OLIVE.id),
        ),
        opening(demo(**HOURS, requester__promised_answer="9 d")),
    ),
    "held, and then the target declines": Life((approves(CARL), Held(by=OLIVE.id), declines(TOMOKO))),
    "held until the promised day": Life((approves(CARL), puts_off(TOMOKO, MONDAY + 45 * MINUTE), Held(by=OLIVE.id))),
    "changed once a connector has approved": Life(
        (approves(CARL), opts_in(ROSA), EDITED, approves(CARL), opts_in(TOMOKO), opts_in(ROSA))
    ),
    "changed by a key once it rests": Life(
        (
            approves(CARL),
            declines(TOMOKO),
            Edited(by=OLIVE.id, of=1, made_by="key", why=NEW_WORDS, goal=NEW_WORDS),
            confirms(ROSA),
        )
    ),
    "a need that is changed": Life(
        (Edited(by=ROSA.id, note=NEW_WORDS), Proposed(by=OLIVE.id, target=TOMOKO.somebody), confirms(ROSA)),
        opening(demo(), target=None),
    ),
    "changed while the connector sleeps on it": Life(
        (puts_off(CARL, MONDAY + 20 * MINUTE), EDITED, approves(CARL), opts_in(TOMOKO)),
        opening(demo(order=AT_REQUEST)),
    ),
    "the target's letter comes back, and goes out again": Life(
        (
            approves(CARL),
            opts_in(ROSA),
            unreached(TOMOKO, LetterKind.ASK_TARGET, Role.TARGET),
            MINUTE,
            sent_again(TOMOKO),
            opts_in(TOMOKO),
        )
    ),
    "her letter comes back, and goes out again": Life(
        (
            approves(CARL),
            opts_in(TOMOKO),
            unreached(ROSA, LetterKind.ASK_REQUESTER, Role.REQUESTER),
            sent_again(ROSA),
            opts_in(ROSA),
        )
    ),
    "a reminder is sent now": Life((sent_again(CARL), 2 * MINUTE, approves(CARL))),
    "letters of the introduction come back": Life(
        (
            *INTRODUCED,
            back(LetterKind.INTRODUCTION_TO_TARGET, Role.TARGET),
            back(LetterKind.INTRODUCTION_TO_REQUESTER, Role.REQUESTER),
            Resent(by=OLIVE.id, letter=LetterKind.INTRODUCTION_TO_TARGET, words=SOME_WORDS),
            12 * SECOND,
            unreached(ROSA, LetterKind.HAVE_YOU_WRITTEN, Role.REQUESTER),
            sent_again(ROSA),
        )
    ),
    "somebody gets more time": Life((more_time_for(CARL), 12 * MINUTE, approves(CARL))),
    "a letter arrives late": Life((arrived_late(CARL, 30 * SECOND), 10 * MINUTE, approves(CARL), opts_in(TOMOKO))),
    "her yes grows old, and she gives it again": Life(
        (approves(CARL), opts_in(ROSA), 9 * MINUTE, opts_in(TOMOKO), undoes(TOMOKO), opts_in(TOMOKO), opts_in(ROSA)),
        opening(demo(**FORGETFUL)),
    ),
    "her yes grows old, and no letter is left to ask": Life(
        (approves(CARL), opts_in(ROSA), 9 * MINUTE, opts_in(TOMOKO)),
        opening(demo(**FORGETFUL, letters__requester=2)),
    ),
    "her yes grows old, and the target says later after all": Life(
        (
            approves(CARL),
            opts_in(ROSA),
            9 * MINUTE,
            opts_in(TOMOKO),
            undoes(TOMOKO),
            puts_off(TOMOKO, MONDAY + 45 * MINUTE),
        ),
        opening(demo(**FORGETFUL, letters__requester=3)),
    ),
    "her yes grows old, and with a letter more a later yes may come": Life(
        (
            approves(CARL),
            opts_in(ROSA),
            9 * MINUTE,
            opts_in(TOMOKO),
            undoes(TOMOKO),
            puts_off(TOMOKO, MONDAY + 45 * MINUTE),
            37 * MINUTE,
            opts_in(TOMOKO),
        ),
        opening(demo(**FORGETFUL)),
    ),
    "both in their own hours": Life(
        (approves(CARL), opts_in(TOMOKO), opts_in(ROSA)),
        opening(demo(**HOURS, requester__promised_answer="9 d"), asked_at=ON_MONDAY_NIGHT),
    ),
    "as the accelerator is shipped, and all goes well": Life(
        (
            READ,
            timedelta(hours=3),
            approves(CARL),
            DAY,
            opts_in(TOMOKO),
            3 * DAY,
            reports(ROSA, Wrote(yet=True)),
            21 * DAY,
            reports(ROSA, Met()),
        ),
        as_shipped("accelerator"),
    ),
    "as the alumni's is shipped, and nobody answers": Life((READ,), as_shipped("alumni", ON_MONDAY_NIGHT)),
    "as the alumni's is shipped, and the term ends": Life(
        (
            READ,
            approves(CARL),
            DAY,
            opts_in(TOMOKO),
            20 * DAY,
            reports(ROSA, Met()),
            101 * DAY,
            reports(TOMOKO, Met(useful=True)),
            reports(ROSA, Met(useful=True)),
        ),
        as_shipped("alumni"),
    ),
    "as the alumni's is shipped, and a letter with two reminders arrives late": Life(
        (READ, approves(CARL), DAY, arrived_late(TOMOKO, DAY)), as_shipped("alumni")
    ),
    "as the venture's is shipped, and the target is silent": Life((READ, approves(CARL)), as_shipped("venture")),
    "as the community's is shipped, and the connector is late": Life(
        (DAY, arrived_late(CARL, DAY), approves(CARL), 3 * DAY, opts_in(TOMOKO)), as_shipped("community")
    ),
    "read by the connector, who lends their name": Life((LENDS, opts_in(TOMOKO)), opening(demo(screening=SCREENED))),
    "a connector lends their name, and another has to be asked": Life(
        (LENDS, 2 * MINUTE, says_how_they_know(CLEO), agrees_on_terms(TOMOKO), opts_in(ROSA)),
        opening(demo(screening=SCREENED)),
        connectors=(CLEO,),
    ),
    "held before delivery until both yeses are old": Life(
        (
            approves(CARL),
            opts_in(TOMOKO),
            opts_in(ROSA),
            Held(by=OLIVE.id),
            10 * MINUTE,
            Resumed(by=OLIVE.id),
            SECOND,
            opts_in(TOMOKO),
            opts_in(ROSA),
        ),
        opening(demo(**FORGETFUL, letters__requester=9, letters__target=9)),
    ),
    "their yes grows old, and they say later when asked for it again": Life(
        (
            approves(CARL),
            opts_in(TOMOKO),
            9 * MINUTE,
            opts_in(ROSA),
            puts_off(TOMOKO, MONDAY + 15 * MINUTE),
            7 * MINUTE,
            opts_in(TOMOKO),
        ),
        opening(demo(**FORGETFUL, letters__requester=9, letters__target=9)),
    ),
    "another address is given, and it is dead too": Life(
        (
            approves(CARL),
            address_is_dead(TOMOKO),
            gives_address(CARL),
            undoes(CARL),
            gives_address(CARL),
            address_is_dead(TOMOKO),
        ),
        opening(demo(**THREE_ADDRESSES, letters__target=9)),
    ),
    "changed in every word": Life(
        (
            Edited(
                by=ROSA.id,
                why=NEW_WORDS,
                read=NEW_WORDS,
                offer=NEW_WORDS,
                note=NEW_WORDS,
                goal=NEW_WORDS,
                blind=NEW_WORDS,
            ),
        )
    ),
    "as the alumni's is shipped, held over two reminders, and a yes is taken back": Life(
        (
            READ,
            approves(CARL),
            DAY,
            Held(by=OLIVE.id),
            2 * DAY,
            Resumed(by=OLIVE.id),
            DAY,
            opts_in(TOMOKO),
            undoes(TOMOKO),
        ),
        as_shipped("alumni"),
    ),
}
