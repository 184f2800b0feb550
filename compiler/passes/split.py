"""One captured function becomes the functions that an engine calls: embed, body and head.

    main(token_ids [1, T], positions [1, T], rows [R]) -> logits [1, R, V]

    embed(token_ids) -> embeddings [1, T, C]          what follows from the tokens alone
    body(embeddings, positions) -> hidden [1, T, C]   everything up to the choice of rows
    head(hidden [1, R, C]) -> logits [1, R, V]        everything after it

Who goes where is read from def-use chains: what depends on the chosen rows is head; what depends on token ids and nothing else that varies
is embed, provided that exactly one tensor leaves it. Where it is not separable the token ids go into the body, beside or instead of the
embeddings. Constants, weights and integers are made anew in each function that needs them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.dialect.definition import KEEPERS
from aweigh.compiler.passes.container import Container
from aweigh.proto.errors import UnsupportedModel

_CHOICE = "torch.aten.index_select"


@dataclass(frozen=True, slots=True)
class Split:
    """Replaces @main by @embed (where there is one), @body and @head, and says names of inputs and outputs in attributes.

    Raises:
        UnsupportedModel: logits do not pass through one choice of rows.
    """

    name: str = "split"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            if read.function_name(function) == "main":
                _split(module, function)


def _split(module: Any, main: Any) -> None:
    block = read.body(main)
    token_ids, positions, rows = list(block.arguments)
    ops = read.operations(block)[:-1]
    choice = _choice(rows)
    after = _dependents(ops, [choice.results[0], rows]) - {choice}
    keepers = {op for op in ops if op.name in KEEPERS or op.name == "aweigh.repeat"}
    varied = _dependents(ops, [positions], stop=after) | keepers
    varied |= _dependents(ops, [result for op in varied for result in op.results], stop=after)
    first = _dependents(ops, [token_ids], stop=varied | after | {choice})
    embed_ops, leaving = _embedding([op for op in ops if op in first and not _scalar(op)], token_ids)
    _finish(module, main, choice, after, embed_ops, leaving)


def _embedding(candidates: Sequence[Any], token_ids: Any) -> tuple[list[Any], list[Any]]:
    """The longest beginning of `candidates` that reads all token ids and that one tensor leaves; and that tensor."""
    needed = {use for use in read.users(token_ids) if not _scalar(use)}
    best: tuple[list[Any], list[Any]] = ([], [])
    taken: set[Any] = set()
    for index, op in enumerate(candidates):
        taken.add(op)
        leaving = [
            r for done in candidates[: index + 1] for r in done.results if any(u not in taken for u in read.users(r))
        ]
        if len(leaving) > 1:
            break
        if needed <= taken and len(leaving) == 1 and _is_activation(leaving[0]):
            best = (list(candidates[: index + 1]), leaving)
    return best


def _finish(
    module: Any, main: Any, choice: Any, after: set[Any], embed_ops: Sequence[Any], leaving: Sequence[Any]
) -> None:
    ops = read.operations(read.body(main))[:-1]
    block = read.body(main)
    terminator = read.operations(block)[-1]
    token_ids, positions, rows = list(block.arguments)
    hidden, chosen = choice.operands[0], choice.results[0]
    logits, *more = terminator.operands
    elsewhere = after | set(embed_ops) | {choice}
    body_ops = [op for op in ops if op not in elsewhere]
    if embed_ops:
        embed = Container(module, main, "embed", [token_ids.type], {token_ids: 0}, {positions: 0})
        embed.take(embed_ops)
        embed.close("T", ["token_ids"], [("embeddings", leaving[0])])
    inputs = [*leaving, positions] if embed_ops else [token_ids, positions]
    names = ["embeddings", "positions"] if embed_ops else ["token_ids", "positions"]
    places = {value: index for index, value in enumerate(inputs)}
    body = Container(module, main, "body", [value.type for value in inputs], places, {token_ids: 0})
    body.take(body_ops)
    head = Container(module, main, "head", [chosen.type], {chosen: 0}, {rows: 0})
    head.take([op for op in ops if op in after])
    head.close("R", ["hidden"], [("logits", logits)])
    body.close("T", names, [("hidden", hidden), *(("hidden_states", value) for value in more)], optional=len(more))
    terminator.erase()
    choice.erase()
    main.erase()


def _choice(rows: Any) -> Any:
    choices = [user for user in read.users(rows) if user.name == _CHOICE]
    if len(choices) != 1:
        raise UnsupportedModel("the logits do not come from one choice of rows, so that no head can be split off.")
    return choices[0]


def _dependents(ops: Sequence[Any], values: Sequence[Any], stop: set[Any] | None = None) -> set[Any]:
    """Operations among `ops` that read one of `values`, directly or not, without those in `stop` and what is behind them."""
    known = set(ops)
    found: set[Any] = set()
    waiting = list(values)
    while waiting:
        for user in read.users(waiting.pop()):
            outer = user
            while outer not in known and outer.name != "func.func":
                outer = outer.parent
            if outer in known and outer not in found and outer not in (stop or ()):
                found.add(outer)
                waiting += list(outer.results)
    return found


def _scalar(op: Any) -> bool:
    return all(tensors.read(result) is None and "vtensor" not in str(result.type) for result in op.results)


def _is_activation(value: Any) -> bool:
    shape = tensors.read(value)
    return shape is not None and len(shape.dims) == 3 and shape.dtype.floating and shape.dims[:2] == (1, None)
