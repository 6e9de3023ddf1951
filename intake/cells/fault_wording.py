"""Remedies for a wrong name or address, in words."""

from intake.fault_reports import Wrong
from models.request.plain_text import Unfit
from store.people.addresses import Flaw

UNFIT = {
    Unfit.EMPTY: Wrong("There is nothing readable in it", "Write it in letters"),
    Unfit.CONTROL: Wrong("It holds a line break or a control character", "Write it again by hand, on one line"),
    Unfit.DAMAGED: Wrong("It holds characters that were damaged in an earlier conversion", "Write it again by hand"),
}
NO_ADDRESS = {
    Flaw.EMPTY: Wrong("There is no address in it", "Empty the cell, or write one address"),
    Flaw.HIDDEN: Wrong("It holds a line break or an invisible character", "Write the address again by hand"),
    Flaw.SEVERAL: Wrong("It holds more than one address", "Which one should letters go to? Keep only that one"),
    Flaw.NAMED: Wrong("It holds more than the address", "Keep only what stands between < and >"),
    Flaw.QUOTED: Wrong("An address with quotes is not written to", "Use another address of this person"),
    Flaw.IP_LITERAL: Wrong("An address at a bare IP number is not written to", "Use an address at a domain"),
    Flaw.SPACE: Wrong("It holds a space", "Remove the space"),
    Flaw.NO_AT: Wrong("It has no @", "Write an address like name@example.org"),
    Flaw.TOO_LONG: Wrong("It is longer than an address can be", "Use another address of this person"),
    Flaw.LOCAL_NOT_ASCII: Wrong(
        "Before the @ it has letters that many mail servers do not carry",
        "Use an address in plain letters, without accents",
    ),
    Flaw.LOCAL: Wrong("What stands before the @ is not possible in an address", "Look for a slip of the pen"),
    Flaw.NO_DOT: Wrong("The domain after the @ has no dot", "Write the whole domain, like example.org"),
    Flaw.DOMAIN: Wrong("The domain after the @ cannot exist", "Look for a slip of the pen"),
}
