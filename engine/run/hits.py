"""How often each expert of a stack was read, counted by Python and by native code. Legend: X experts."""

from collections import Counter
from collections.abc import Iterable

import torch
from torch import Tensor


class Hits:
    """Belongs to the step thread."""

    def __init__(self) -> None:
        self._counted: Counter[int] = Counter()
        self._counts_X: Tensor | None = None

    def add(self, experts: Iterable[int]) -> None:
        """Each of them once more."""
        self._counted.update(experts)

    def counts_X(self, experts: int) -> Tensor:
        """int64 [X], to which native code adds; always the same memory."""
        if self._counts_X is None:
            with torch.inference_mode(False):
                self._counts_X = torch.zeros(experts, dtype=torch.int64)
        return self._counts_X

    def copy(self) -> dict[int, int]:
        """Uses by expert up to now, of experts that were used."""
        counts = [] if self._counts_X is None else self._counts_X.tolist()
        return dict(self._counted + Counter({expert: uses for expert, uses in enumerate(counts) if uses}))
