"""Which models have open requests of extents, and where in their order they are: what policies want to know."""


class Running:
    """`places` by model."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self._open: dict[str, int] = {}

    def begins(self, model: str, order: int) -> None:
        """A ticket of a model is open, whose first extent stands at `order`."""
        if model:
            self.places[model] = order
            self._open[model] = self._open.get(model, 0) + 1

    def ends(self, model: str) -> None:
        """Such a ticket is over."""
        if not model:
            return
        self._open[model] -= 1
        if not self._open[model]:
            del self._open[model], self.places[model]
