"""Wordings of agreements: which words somebody was shown when they agreed to share their details."""

import hashlib
from typing import Any

from fastapi import Request

from telling.languages import Reader
from web.shared.house import house_of


def wording_of(request: Request, name: str, template: str, reader: Reader, **facts: Any) -> str:
    """Its name, its language, and a hash of the very words."""
    house = house_of(request)
    text = house.templates.get_template(template).render(reader=reader, now=house.clock(), **facts)
    mark = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]
    return f"{name}-{reader.language}-{mark}"
