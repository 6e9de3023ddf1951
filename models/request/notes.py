"""Notes fit to be forwarded. Length, slots left unfilled, links that hide or promote, sameness."""

from collections.abc import Iterable

from models.policy.policy import RequesterRules
from models.policy.questions import Question
from models.request.faults import Fault, FaultName, FieldName
from models.request.links import links_in
from models.request.placeholders import placeholders_in
from models.request.plain_text import Unfit, clean_line

BYTES = 4096  # of one text: more than any reader reads, and what a letter may safely carry
LINKS = 1  # in a note: something to look at, not a list


def tidy(text: str) -> str | Unfit:
    """The words as they are kept and sent: lines trimmed, nothing hidden in them. EMPTY where nothing can be read."""
    if len(text) > BYTES:
        return Unfit.TOO_LONG
    lines = [_line(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    damage = next((line for line in lines if isinstance(line, Unfit)), None)
    if damage:
        return damage
    whole = "\n".join(line for line in lines if isinstance(line, str)).strip()
    return whole if any(map(str.isalnum, whole)) else Unfit.EMPTY


def faults_in(
    field: FieldName, text: str, rules: RequesterRules, *, required: bool, most: int | None = None
) -> list[Fault]:
    """What is wrong with one text on its own. `most`: words it may have, where it is not as many as a note."""
    words = tidy(text)
    if words == Unfit.EMPTY:
        return [Fault(name=FaultName.MISSING, field=field)] if required else []
    if words == Unfit.TOO_LONG or (isinstance(words, str) and len(words.encode()) > BYTES):
        size = len(text.encode(errors="replace"))
        return [Fault(name=FaultName.TOO_LONG, field=field, found=size, limit=BYTES)]
    if isinstance(words, Unfit):
        return [Fault(name=FaultName.UNREADABLE, field=field)]
    return [*_length(field, words, most or rules.note_words), *_slots(field, words), *_links(field, words)]


def faults_of_answer(text: str, asked: Question) -> list[Fault]:
    """What is wrong with an answer to a question of a programme's own."""
    words = tidy(text)
    if words == Unfit.EMPTY:
        return [Fault(name=FaultName.MISSING, field="answers")] if asked.required else []
    if words == Unfit.TOO_LONG or (isinstance(words, str) and len(words) > asked.longest):
        return [Fault(name=FaultName.TOO_LONG, field="answers", found=len(text), limit=asked.longest)]
    if isinstance(words, Unfit):
        return [Fault(name=FaultName.UNREADABLE, field="answers")]
    return [*_slots("answers", words), *_links("answers", words)]


def count_words(text: str) -> int:
    """As a reader counts: what stands between spaces and has a letter or digit in it."""
    return sum(any(map(str.isalnum, word)) for word in text.split())


def sameness(likeness: int, rules: RequesterRules) -> list[Fault]:
    """One note, one person. `likeness` (per cent) is that of the most similar earlier note to somebody else."""
    if likeness < rules.similar_note:
        return []
    return [Fault(name=FaultName.SAME_AS_EARLIER, field="note", found=likeness, limit=rules.similar_note)]


def _line(line: str) -> str | Unfit:
    cleaned = clean_line(line, 3 * BYTES)  # composing letters makes some of them longer
    return "" if cleaned == Unfit.EMPTY else cleaned


def _length(field: FieldName, words: str, most: int) -> Iterable[Fault]:
    found = count_words(words)
    if found > most:
        yield Fault(name=FaultName.TOO_MANY_WORDS, field=field, found=found, limit=most)


def _slots(field: FieldName, words: str) -> Iterable[Fault]:
    for slot in placeholders_in(words):
        yield Fault(name=FaultName.PLACEHOLDER, field=field, words=slot)


def _links(field: FieldName, words: str) -> Iterable[Fault]:
    links = links_in(words)
    for link in links:
        if link.hides:
            yield Fault(name=FaultName.HIDDEN_LINK, field=field, words=link.written)
        elif link.promotes:
            yield Fault(name=FaultName.PROMOTIONAL_LINK, field=field, words=link.written)
    if field == "note" and len(links) > LINKS:
        yield Fault(name=FaultName.TOO_MANY_LINKS, field=field, found=len(links), limit=LINKS)
