"""The backend that Dynamo is given: one `Piece` per captured graph. It never fails: a graph that cannot leave is run here, as captured."""

from collections.abc import Callable
from typing import Any

from torch import fx

from aweigh.compiler.locks import lock
from aweigh.compiler.offload.module.partition import Tangled, partition
from aweigh.compiler.offload.module.piece import Piece
from aweigh.compiler.offload.module.purity import place_of_call
from aweigh.compiler.offload.module.reasons import Reasons


class Backend:
    """All graphs of one structure. `graphs`: how many; `pieces`: those that may leave; `stuck`: why the others cannot."""

    def __init__(self, reasons: Reasons) -> None:
        self.reasons = reasons
        self.graphs = 0
        self.pieces: list[Piece] = []
        self.stuck: list[str] = []
        self._lock = lock()

    def __call__(self, graph: fx.GraphModule, examples: list[Any]) -> Callable[..., Any]:
        self.graphs += 1
        try:
            piece = Piece(graph, partition(graph), self.reasons)
        except Tangled as tangled:
            return self._here(graph, f"{tangled}{place_of_call()}")
        if not piece.roots:
            return graph.forward  # views and sizes alone
        with self._lock:
            self.pieces.append(piece)
        return piece

    def _here(self, graph: fx.GraphModule, reason: str) -> Callable[..., Any]:
        self.stuck.append(reason)
        self.reasons.tell(reason)

        def run(*args: Any) -> Any:
            self.reasons.count("local")
            return graph.forward(*args)

        return run

    @property
    def hopeless(self) -> str | None:
        """Why no graph that was seen so far can leave, or None."""
        if any(piece.local is None for piece in self.pieces):
            return None
        words = [piece.local for piece in self.pieces if piece.local is not None] + self.stuck
        return words[0] if words else None
