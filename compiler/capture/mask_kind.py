"""What an attention mask means, in words instead of zeros and ones."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MaskKind:
    """Which keys a query may see: the last `window` of them, those of its own `chunk`, all up to its own position if `causal`."""

    causal: bool = False
    window: int | None = None
    chunk: int | None = None
