"""Look-ups in a weight."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.compiler.passes.pattern import bind, op, weight
from aweigh.compiler.passes.replace import raised

_LOOK_UP = op("torch.aten.embedding", weight("table"), bind("ids"))


@dataclass(frozen=True, slots=True)
class Embedding:
    """`aten.embedding` over a weight -> `aweigh.embedding`; its other arguments matter to training only."""

    name: str = "embedding"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            for entry in read.operations(read.body(function)):
                found = _LOOK_UP(entry.results[0], {}) if entry.name == "torch.aten.embedding" else None
                if found is not None:
                    raised(entry, "embedding", {"ids": found["ids"], "table": found["table"]}, {}, [entry.results[0]])
