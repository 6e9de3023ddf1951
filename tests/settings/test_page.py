"""docs/running/settings.md tells of every setting."""

import pytest

from settings.variables import KNOWN, PREFIX
from tests.support.run.docs_in_step import InStep

HEAD = """# Settings

Written from `settings/variables.py` by `make docs`. All are read once, from the environment, when a command starts;
a wrong, missing or unknown one stops the start with a sentence.

| variable | what it says | without it |
|---|---|---|
"""

FOOT = """
A Temporal cluster or Temporal Cloud is named by Temporal's own variables (`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`,
`TEMPORAL_API_KEY`, `TEMPORAL_TLS_…`) or a profile of its configuration file (`TEMPORAL_CONFIG_FILE`,
`TEMPORAL_PROFILE`). Where they say nothing, `introbroker run` starts a Temporal server of its own.

Listening wider than this machine is refused until a relay, a public `https://` address, a Reply-To and an
operator's account exist; so is a public address behind a proxy until a relay and that account do. What any process is
told of these the database remembers: a `run`, `web` or `mailroom` without the relay does not start any more.
"""


@pytest.mark.docs
def test_the_page_of_settings_tells_of_each(in_step: InStep) -> None:
    rows = "".join(f"| `{PREFIX}{name}` | {says} | {without} |\n" for name, (says, without) in KNOWN.items())
    in_step("running/settings.md", HEAD + rows + FOOT)
