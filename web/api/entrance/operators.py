"""Operators as a key of the staff names them: whoever works for the key's programme now."""

from sqlalchemy import Connection

from models.ids import PersonId
from store.access.api_keys import ApiKey
from store.people.conflict_of_interest import operates
from web.shared.http.problems import FieldError, Refusal


def operator_of(connection: Connection, key: ApiKey, operator: str) -> PersonId:
    """Whoever is named operates the key's programme now; else nothing is done for them."""
    if not operates(connection, key.programme, PersonId(operator)):
        unknown = FieldError(field="operator", name="unknown", detail="Nobody of this id operates this programme.")
        raise Refusal(422, "invalid", [unknown])
    return PersonId(operator)
