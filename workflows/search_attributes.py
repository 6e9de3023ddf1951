"""By which words is an introduction found in Temporal's own lists?

They are never encrypted, so they hold stages, instants and opaque ids only.
"""

from temporalio.common import SearchAttributeKey

STAGE = SearchAttributeKey.for_keyword("Stage")
WAITING_ON = SearchAttributeKey.for_keyword("WaitingOn")  # connector, parties, operator, nobody
NEXT_DUE_AT = SearchAttributeKey.for_datetime("NextDueAt")
POLICY_VERSION = SearchAttributeKey.for_keyword("PolicyVersion")
PERSON_REFS = SearchAttributeKey.for_keyword_list("PersonRefs")

SEARCH_ATTRIBUTES = (STAGE, WAITING_ON, NEXT_DUE_AT, POLICY_VERSION, PERSON_REFS)
