"""Remarks in words: what the store knows about a row, and what would be right."""

from intake.fault_reports import Findings, Wrong, shown
from store.importing.parts.remarks import Remark, Why

# What stops a file, which its maker can mend.
STOPPING = {
    Why.ADDRESS_OF_ANOTHER: Wrong(
        "Somebody else who is here already has this address", "Correct the address or the key, or empty the cell"
    ),
    Why.SAME_PERSON: Wrong("Line {} is the same person as this row, by what is here already", "Keep one of the two"),
    Why.NOBODY: Wrong("Nobody here is “{}”", "Import their row of people.csv first, or correct it"),
    Why.SAME_PAIR: Wrong("Line {} has the same two people", "Keep one of the two rows"),
    Why.SAME_SIDES: Wrong("Both sides are the same", "Name two who are to be kept apart"),
    Why.THEMSELF: Wrong("Connector and person are the same", "Name two people"),
}
# What is only said. Of a connector's export, rows that would stop another file are passed over.
NOTICED = {
    Why.ADDRESS_OF_ANOTHER: Wrong(
        "The address was left out, because somebody else who is here already has it", "The rest of the row was taken"
    ),
    Why.SAME_PERSON: Wrong(
        "This row was passed over: by what is here already it is the person of line {}", "Nobody is here twice"
    ),
    Why.THEMSELF: Wrong("The tie was passed over: it is the connector", "Nobody has a tie to themself"),
    Why.ERASED: Wrong(
        "The row was passed over: this person asked to be forgotten", "Take them out of the list it comes from"
    ),
    Why.OPTED_OUT: Wrong(
        "They asked never to be written to, and that stays so", "Only they can change it, on their own page"
    ),
    Why.ADDRESS_STOPPED: Wrong(
        "Letters to this address came back or reached somebody else: it stays stopped",
        "Find out their right address, and add it",
    ),
    Why.ADDRESS_ADDED: Wrong(
        "This address was added to one they have already", "Letters go to the older one for as long as it takes them"
    ),
    Why.LISTED_BY_THEMSELF: Wrong(
        "They were here before, so that whether they are listed is theirs to say", "They can do so on their own page"
    ),
    Why.MAY_NOT_ASK: Wrong(
        "They were here before without the right to ask for introductions", "An import leaves that as it is"
    ),
    Why.KIND_IS_WIDER: Wrong(
        "They were here before, and this kind may be asked more often than they are: that stays as it was",
        "An operator can give them this one, in the console or with `introbroker people kind`",
    ),
    Why.CONNECTOR_OUTSIDE: Wrong(
        "The connector is not a member of this programme", "They will be asked only once they are: import their row"
    ),
}


def note(findings: Findings, remark: Remark) -> None:
    """Written down where it belongs, in words."""
    what, remedy = (STOPPING if remark.stops else NOTICED)[remark.why]
    wrong = Wrong(what.format(shown(remark.about)), remedy)
    tell = findings.fault if remark.stops else findings.notice
    tell(remark.line, remark.field, wrong)
