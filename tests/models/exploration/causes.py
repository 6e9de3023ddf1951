"""Causes for which an introduction does not come about. Each is a story told to a play."""

from collections.abc import Callable
from datetime import timedelta

from models.ids import PersonId
from models.letters import LetterKind, Role
from models.news import Barred, Blocked, Erased, OptedOut, Screened, Stopped, TookBack, Undeliverable
from tests.cast import CARL, CLEO, MONDAY, OLIVE, TOMOKO
from tests.support.news_phrases import (
    approves,
    declines,
    gives_address,
    is_not_them,
    last_ask,
    opts_in,
    puts_off,
    undoes,
)
from tests.support.play import Play, Said

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CONNECTORS = (CARL.somebody, CLEO.somebody)

Story = Callable[[Play], None]


def bounces(who: PersonId, letter: LetterKind, role: Role) -> Said:
    return lambda i: Undeliverable(letter=letter, role=role, ask=last_ask(i, who))


def finds_nobody(who: PersonId) -> Said:
    return lambda i: Undeliverable(
        letter=LetterKind.ASK_TARGET, role=Role.TARGET, ask=last_ask(i, who), address_is_dead=True
    )


def say(play: Play, *said: Said) -> None:
    """After an hour of thought; and what is said must be heard."""
    refused = len(play.refusals)
    play.time_passes(HOUR)
    play.hear(*said)
    assert len(play.refusals) == refused, play.refusals


screened = Screened(by=OLIVE.id, approved=True)


def up_to_the_target(play: Play) -> None:
    say(play, screened)
    say(play, approves(CARL))


def connectors_decline(play: Play) -> None:
    say(play, screened)
    say(play, declines(CARL))
    say(play, declines(CLEO))


def connectors_are_silent(play: Play) -> None:
    say(play, screened)


def connectors_do_not_know_them(play: Play) -> None:
    say(play, screened)
    say(play, is_not_them(CARL))
    say(play, is_not_them(CLEO))


def connectors_cannot_be_reached(play: Play) -> None:
    say(play, screened)
    for connector in (CARL, CLEO):
        say(play, bounces(connector.id, LetterKind.ASK_CONNECTOR, Role.CONNECTOR))


def a_connector_puts_off_beyond_the_promise(play: Play) -> None:
    say(play, screened)
    say(play, puts_off(CARL, MONDAY + 25 * DAY))


def a_connector_opts_out_and_the_other_blocks(play: Play) -> None:
    say(play, screened)
    say(play, OptedOut(by=CARL.id))
    say(play, Blocked(by=CLEO.id))


def target_declines(play: Play) -> None:
    up_to_the_target(play)
    say(play, declines(TOMOKO))


def target_is_silent(play: Play) -> None:
    up_to_the_target(play)


def target_puts_off_beyond_the_promise(play: Play) -> None:
    up_to_the_target(play)
    say(play, puts_off(TOMOKO, MONDAY + 60 * DAY))


def target_puts_off_and_then_declines(play: Play) -> None:
    up_to_the_target(play)
    say(play, puts_off(TOMOKO, MONDAY + 3 * DAY))
    play.time_passes(MONDAY + 4 * DAY)
    say(play, declines(TOMOKO))


def target_blocks(play: Play) -> None:
    up_to_the_target(play)
    say(play, Blocked(by=TOMOKO.id))


def target_blocks_before_anybody_is_asked(play: Play) -> None:
    say(play, Blocked(by=TOMOKO.id))


def target_opts_out_after_a_yes(play: Play) -> None:
    up_to_the_target(play)
    play.hear(opts_in(TOMOKO), OptedOut(by=TOMOKO.id))


def target_is_erased_before_anybody_is_asked(play: Play) -> None:
    say(play, Erased(by=TOMOKO.id))


def target_is_erased_while_asked(play: Play) -> None:
    up_to_the_target(play)
    say(play, Erased(by=TOMOKO.id))


def target_is_erased_after_a_yes(play: Play) -> None:
    up_to_the_target(play)
    play.hear(opts_in(TOMOKO), Erased(by=TOMOKO.id))


def connectors_are_erased(play: Play) -> None:
    say(play, screened)
    say(play, Erased(by=CARL.id))
    say(play, Erased(by=CLEO.id))


def the_approving_connector_is_erased(play: Play) -> None:
    up_to_the_target(play)
    say(play, Erased(by=CARL.id))


def target_takes_the_yes_back(play: Play) -> None:
    up_to_the_target(play)
    play.hear(opts_in(TOMOKO), TookBack(by=TOMOKO.id))


def target_undoes_the_yes_and_declines(play: Play) -> None:
    up_to_the_target(play)
    play.hear(opts_in(TOMOKO), undoes(TOMOKO), declines(TOMOKO))


def the_letter_reaches_somebody_else(play: Play) -> None:
    up_to_the_target(play)
    say(play, is_not_them(TOMOKO))


def the_targets_address_is_dead(play: Play) -> None:
    up_to_the_target(play)
    say(play, bounces(TOMOKO.id, LetterKind.ASK_TARGET, Role.TARGET))


def no_other_address_is_known(play: Play) -> None:
    up_to_the_target(play)
    say(play, finds_nobody(TOMOKO.id))
    say(play, declines(CARL))


def nobody_says_another_address(play: Play) -> None:
    up_to_the_target(play)
    say(play, finds_nobody(TOMOKO.id))


def the_other_address_is_dead_too(play: Play) -> None:
    up_to_the_target(play)
    say(play, finds_nobody(TOMOKO.id))
    say(play, gives_address(CARL))
    say(play, finds_nobody(TOMOKO.id))


def target_declines_at_the_other_address(play: Play) -> None:
    up_to_the_target(play)
    say(play, finds_nobody(TOMOKO.id))
    say(play, gives_address(CARL))
    say(play, declines(TOMOKO))


def whoever_might_know_another_address_opts_out(play: Play) -> None:
    up_to_the_target(play)
    say(play, finds_nobody(TOMOKO.id))
    say(play, OptedOut(by=CARL.id))


def all_connectors_are_at_their_cap(play: Play) -> None:
    play.store.connectors = ()
    say(play, screened)


def the_address_is_suppressed(play: Play) -> None:
    play.hear(Barred())


def it_is_barred_at_delivery(play: Play) -> None:
    up_to_the_target(play)
    play.store.bars_delivery = True
    say(play, opts_in(TOMOKO))


def the_operator_declines(play: Play) -> None:
    say(play, Screened(by=OLIVE.id, approved=False))


def the_operator_stops_it(play: Play) -> None:
    up_to_the_target(play)
    say(play, Stopped(by=OLIVE.id))


def nobody_reads_it(play: Play) -> None:
    """Neither the associate nor the backup."""


FROM_THE_REQUEST: list[Story] = [
    connectors_decline,
    connectors_are_silent,
    connectors_do_not_know_them,
    connectors_cannot_be_reached,
    a_connector_puts_off_beyond_the_promise,
    a_connector_opts_out_and_the_other_blocks,
    target_declines,
    target_is_silent,
    target_puts_off_beyond_the_promise,
    target_puts_off_and_then_declines,
    target_blocks,
    target_blocks_before_anybody_is_asked,
    target_opts_out_after_a_yes,
    target_is_erased_before_anybody_is_asked,
    target_is_erased_while_asked,
    target_is_erased_after_a_yes,
    connectors_are_erased,
    the_approving_connector_is_erased,
    target_takes_the_yes_back,
    target_undoes_the_yes_and_declines,
    the_letter_reaches_somebody_else,
    the_targets_address_is_dead,
    no_other_address_is_known,
    nobody_says_another_address,
    the_other_address_is_dead_too,
    target_declines_at_the_other_address,
    whoever_might_know_another_address_opts_out,
    all_connectors_are_at_their_cap,
    the_address_is_suppressed,
    it_is_barred_at_delivery,
    the_operator_declines,
    the_operator_stops_it,
    nobody_reads_it,
]
