"""Readers of a request: who reads each of its texts. Pages say it beside each field, docs/privacy.md in its table.

Staff read a request as it is sent, a connector as they are asked, the target once that connector has said yes. Asked
without a name, the target reads `UNNAMED` alone, and the rest with the letter that introduces the two.
"""

from typing import Literal

from models.acts import TEXTS
from models.policy.questions import CONNECTOR, STAFF, TARGET, Reads

UNNAMED: tuple[Literal["wanted", "blind"], ...] = ("wanted", "blind")
EVERYBODY: tuple[Reads, ...] = (STAFF, CONNECTOR, TARGET)

# By the name of a text; `named` is somebody outside, by name and place of work.
READERS: dict[str, tuple[Reads, ...]] = dict.fromkeys(TEXTS, EVERYBODY) | {"named": (STAFF, CONNECTOR)}
