"""Pairs by where they were first met. Kept by connector: a list of all pairs would be the largest thing in memory."""


class PairLines:
    """On which line each pair of one file was met."""

    def __init__(self) -> None:
        self._of: dict[str, dict[str, int]] = {}

    def first(self, connector: str, person: str, line: int) -> int:
        """The line on which this pair was met first: this one, unless there was another."""
        return self._of.setdefault(connector, {}).setdefault(person, line)
