"""Rate limits of the API. One rate for a key, a lower one for what writes, one for strangers."""

from dataclasses import dataclass, field

from web.shared.http.rate_limits import Rate


@dataclass(frozen=True)
class Rates:
    of_key: Rate = field(default_factory=lambda: Rate(600))
    of_writes: Rate = field(default_factory=lambda: Rate(60))
    of_strangers: Rate = field(default_factory=lambda: Rate(60))
