"""Search attributes in Temporal. Opaque ids only: they are never encrypted.

Stage and deadline are not among them. Lists are drawn from the store, and keeping them here would cost an event a step.
"""

from temporalio.common import SearchAttributeKey

POLICY_VERSION = SearchAttributeKey.for_keyword("PolicyVersion")
PERSON_REFS = SearchAttributeKey.for_keyword_list("PersonRefs")

SEARCH_ATTRIBUTES = (POLICY_VERSION, PERSON_REFS)
