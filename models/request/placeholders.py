"""Placeholders left unfilled. "Hi Firstname!" tells the reader that nobody wrote to them."""

import re

MOST = 5  # shown at once: the point is made

# Words that name a slot, in the three languages, singular.
_SLOT = (
    r"(?:(?:first|last|full|given|family|contact|recipient|your|my|their)[ _-]?)?"
    r"(?:name|firstname|lastname|surname|company|organi[sz]ation|employer|title|job|role|position|industry|topic|school|"
    r"nombre|apellidos?|empresa|compañía|organización|cargo|puesto|sector|tema|"
    r"nome|sobrenome|companhia|organização|função|setor|assunto|"
    r"link|date|fecha|data|city|ciudad|cidade|x)"
)
_INSERT = r"(?:insert|fill in|add|your|inserta?r?|rellena|tu|su|inserir|insira|preencha|seu|sua)\b[^\]>\n]{0,40}"
_GREETING = r"(?:hi|hello|hey|dear|hola|estimad[oa]|querid[oa]|buenos días|olá|oi|car[oa]|prezad[oa]|bom dia)"
_NAME_SLOT = (
    r"(?:first[ _]?name|last[ _]?name|full[ _]?name|fname|name|nombre|apellido|primer nombre|"
    r"nome|sobrenome|primeiro nome)"
)

_PATTERNS = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (r"\{\{[^}\n]{0,60}\}\}|\{%[^%\n]{0,60}%\}|\$\{[^}\n]{0,60}\}|<%[^%\n]{0,60}%>", 0),
        (r"\{[\w .-]{1,40}\}|<<[^>\n]{1,40}>>|\[\[[^\]\n]{1,40}\]\]|\*\|\w{1,30}\|\*", 0),
        (rf"[\[<]\s*(?:{_SLOT}|{_INSERT})\s*[\]>]", re.IGNORECASE),
        (r"\[[A-Z][A-Z _-]{2,30}\]|%[A-Z_]{3,20}%|%\w{0,12}name\w{0,5}%", 0),
        (rf"\b{_GREETING}[ ,]{{1,3}}{_NAME_SLOT}\b", re.IGNORECASE),
        (r"\bX{3,}\b|_{4,}|\blorem ipsum\b", 0),
    )
)


def placeholders_in(text: str) -> list[str]:
    """Each slot as it was written, once, in the order of the text."""
    found = sorted(
        (match for pattern in _PATTERNS for match in pattern.finditer(text)), key=lambda match: match.start()
    )
    kept: list[str] = []
    covered = 0
    for match in found:
        if match.start() >= covered and match.group() not in kept:
            kept.append(match.group())
        covered = max(covered, match.end())
    return kept[:MOST]
