"""Faults of a request, as the API words them. In English, with the field's own name in the body."""

from collections.abc import Iterable

from models.request.faults import Fault, FaultName
from telling.languages import Reader
from telling.request_faults import said_of
from web.shared.http.problems import FieldError, Refusal

_FIELDS = {"name": "target.name", "organisation": "target.organisation", "need": "target.need"}


def faults_refused(faults: Iterable[Fault]) -> Refusal:
    """All of them at once. Somebody who is not there is a 404, as everywhere."""
    errors = [_error(fault) for fault in faults]
    is_unknown = any(error.name == FaultName.UNKNOWN for error in errors)
    return Refusal(404, "not_found", errors) if is_unknown else Refusal(422, "invalid", errors)


def _error(fault: Fault) -> FieldError:
    return FieldError(
        field=f"answers.{fault.question}" if fault.question else _FIELDS.get(fault.field, fault.field),
        name=fault.name,
        detail=said_of(fault, Reader()),
        found=fault.found,
        limit=fault.limit,
        at=fault.at,
        words=fault.words,
    )
