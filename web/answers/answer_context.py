"""The context of an answer being read: whose ask, which form, when, and in which wording it was put."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.asks.answer_attachments import Kept
from store.asks.views import Shown, View
from web.shared.forms import Form


@dataclass(frozen=True)
class Answering:
    """One answer being read. `candidates` are those a connector may name as better placed."""

    view: View
    form: Form
    kept: Kept
    now: datetime
    wording: str
    candidates: Sequence[Shown] = ()
