"""Preconditions of an act: the If-Match header against the ETag that was read (RFC 9110, 13.1.1).

Compared weakly. A proxy that compresses an answer makes its ETag weak, or names the coding in it ("1-gzip"): what the
program read is the same, and to refuse its act would help nobody.
"""

import re
from typing import Annotated

from fastapi import Depends, Header, Request

from models.base import Frozen
from web.shared.http.problems import FieldError, Refusal

HEADER = "If-Match"
LONGEST = 1000
_TAG = r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"'
_LIST = re.compile(rf"\s*(?:{_TAG}\s*)?(?:,\s*(?:{_TAG}\s*)?)*")
_EACH = re.compile(_TAG)
_CODING = re.compile(r"[-;:+]{1,2}(?:gzip|br|zstd|deflate)$")


class Matching(Frozen):
    """The ETags a program has named; `anything` where it sent `*`, or may leave them out and did."""

    tags: frozenset[str] = frozenset()
    anything: bool = False

    def fits(self, etag: str) -> bool:
        return self.anything or etag.strip('"') in self.tags


def read(written: str) -> Matching | None:
    """What the header says; None where it is no list of ETags."""
    if written.strip() == "*":
        return Matching(anything=True)
    if not _LIST.fullmatch(written) or not (tags := _EACH.findall(written)):
        return None
    return Matching(tags=frozenset(each for tag in tags for each in (tag, _CODING.sub("", tag))))


async def _given(
    request: Request,
    _: Annotated[str | None, Header(alias=HEADER, description="the ETag that was read; `*` for any")] = None,
) -> Matching | None:
    written = ", ".join(request.headers.getlist(HEADER))
    if not written:
        return None
    found = read(written) if len(written) <= LONGEST else None
    if found is None:
        detail = 'ETags as they were read, in their quotes: "1".'
        raise Refusal(400, "invalid", [FieldError(field=HEADER, name="malformed", detail=detail)])
    return found


async def _maybe(given: Annotated[Matching | None, Depends(_given)]) -> Matching:
    return given or Matching(anything=True)


async def _needed(given: Annotated[Matching | None, Depends(_given)]) -> Matching:
    if given is None:
        detail = "Send the ETag of what was read."
        raise Refusal(428, "precondition_required", [FieldError(field=HEADER, name="missing", detail=detail)])
    return given


OverWhatWasRead = Annotated[Matching, Depends(_needed)]  # an act over a version: it must say which
AsLongAs = Annotated[Matching, Depends(_maybe)]  # an act that may say so
