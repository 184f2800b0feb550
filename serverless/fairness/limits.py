"""What a tenant may have, and who it is."""

from dataclasses import dataclass

MOST_PER_MINUTE = 1_000_000_000
MOST_PRIORITY = 100


@dataclass(frozen=True, slots=True)
class Limits:
    """`requests` and `tokens` a minute, 0: any number. A tenant of twice the `priority` has twice the tokens where both have calls waiting."""

    requests: int = 0
    tokens: int = 0
    priority: int = 1


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose a call is."""

    tenant: str
    limits: Limits = NO_LIMITS
