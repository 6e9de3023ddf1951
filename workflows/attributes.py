"""What can workflows be found by? Opaque ids only, set once at the start: they are never encrypted.

Stage and deadline are not among them: lists are drawn from the store, and an upsert would cost an event a step.
"""

from temporalio.common import SearchAttributeKey

PERSON_REFS = SearchAttributeKey.for_keyword_list("PersonRefs")
POLICY_VERSION = SearchAttributeKey.for_keyword("PolicyVersion")

REGISTERED = {"PersonRefs": "KeywordList", "PolicyVersion": "Keyword"}
