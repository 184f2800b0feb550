"""Weight slots and states of a Program while it is emitted: the first use decides the number."""

from collections.abc import Sequence

from aweigh.compiler.dialect.build import Repeated
from aweigh.compiler.dialect.tensors import TensorShape
from aweigh.proto.program import Attribute, Slot, State, Table


class Slots:
    """Names of weights in the order of their slots."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.slots: list[Slot] = []
        self._index: dict[str, int] = {}

    def slot(self, name: str | Repeated, shape: TensorShape) -> Attribute:
        """The slot of one weight, or the table of slots of a weight that differs per iteration."""
        if isinstance(name, Repeated):
            return table([self._slot(str(item), shape) for item in name])
        return self._slot(name, shape)

    def reserve(self, count: int, weights: Sequence[tuple[str | Repeated, TensorShape]]) -> None:
        """Numbers the weights of a repeated body iteration by iteration, so that a layer's slots are neighbours."""
        for iteration in range(count):
            for name, shape in weights:
                self._slot(name[iteration % len(name)] if isinstance(name, Repeated) else name, shape)

    def _slot(self, name: str, shape: TensorShape) -> int:
        if name not in self._index:
            self._index[name] = len(self.names)
            self.names.append(name)
            self.slots.append(Slot(shape.dtype, tuple(dim for dim in shape.dims if dim is not None)))
        return self._index[name]


class States:
    """States by their number in the IR."""

    def __init__(self) -> None:
        self._states: dict[int, State] = {}

    def add(self, number: int | Repeated, state: State) -> Attribute:
        numbers = [int(item) for item in number] if isinstance(number, Repeated) else [number]
        for entry in numbers:
            known = self._states.setdefault(entry, state)
            assert known == state, f"state {entry} is used in two shapes"
        return table(numbers) if isinstance(number, Repeated) else number

    def all(self) -> tuple[State, ...]:
        assert sorted(self._states) == list(range(len(self._states))), "states are not numbered without gaps"
        return tuple(self._states[number] for number in sorted(self._states))


def table(items: Sequence[Attribute]) -> Attribute:
    """A table with the shortest period; a plain value where all items are equal."""
    for period in range(1, len(items) + 1):
        if len(items) % period == 0 and all(item == items[i % period] for i, item in enumerate(items)):
            return items[0] if period == 1 else Table(tuple(items[:period]))
    raise AssertionError("an empty table")
