"""What a Program's functions must look like to be stepped through: `embed`, `body` and `head` of a causal language model, or `ragged` of
a text encoder.

`proto/ops.py` says which names their inputs may have; here it is held, once per structure, so that a step never meets a function
that wants something else. Programs without `body` and `head` are called function by function.
"""

from aweigh.proto.dtypes import DType
from aweigh.proto.errors import ProgramInvalid
from aweigh.proto.expression import Symbol
from aweigh.proto.ops import BATCHED, ENCODER_FUNCTIONS, RAGGED, RAGGED_INPUTS, STATEFUL
from aweigh.proto.program import Function, MemoryState, Program, TensorType
from aweigh.proto.verify import value_types

Types = dict[str, list[TensorType]]
_IDS = TensorType(DType.INT64, (1, Symbol(0)))


def is_steppable(program: Program) -> bool:
    """Whether it has a body and a head. Raises ProgramInvalid if they, or its embed, are not what their names promise."""
    functions = {function.name: function for function in program.functions}
    if "body" not in functions or "head" not in functions:
        return False
    types = {name: value_types(program, function) for name, function in functions.items()}
    body, head = functions["body"], functions["head"]
    hidden = _only_output(types, body, "hidden")
    _require(_is_rows(hidden), body, "gives hidden states that are not [1, T, C]")
    _require([entry.name for entry in head.inputs] == ["hidden"], head, "takes something else than hidden states")
    _require(
        head.inputs[0].type == hidden and len(head.symbols) == 1, head, "takes other hidden states than body gives"
    )
    _require(_is_rows(_only_output(types, head, "logits")), head, "gives logits that are not [1, R, V]")
    _inputs(body, {"token_ids", "positions", "embeddings"})
    for entry in body.inputs:
        if entry.name == "embeddings":
            _require("embed" in functions, body, "takes embeddings, but there is no embed")
            _require(_is_rows(entry.type), body, "takes embeddings that are not [1, T, C]")
            embed = functions["embed"]
            _inputs(embed, {"token_ids", "positions"})
            _require(
                _only_output(types, embed, "embeddings") == entry.type, embed, "gives other embeddings than body takes"
            )
    _encoder(program, functions, types)
    return True


def _encoder(program: Program, functions: dict[str, Function], types: Types) -> None:
    """`encode` and `memorise` give what the memory states hold (`proto/ops.py`), and keep no state themselves."""
    memories = {n: state for n, state in enumerate(program.states) if isinstance(state, MemoryState)}
    if not memories:
        return
    missing = [name for name in ENCODER_FUNCTIONS if name not in functions]
    if missing:
        raise ProgramInvalid(f"a Program with memory states has no function {missing[0]!r}")
    encode, memorise = (functions[name] for name in ENCODER_FUNCTIONS)
    for function in (encode, memorise):
        stateful = any(op.kind in STATEFUL for block in function.blocks for op in block.ops)
        _require(not stateful, function, "keeps state")
    encoded = _only_output(types, encode, "encoded")
    _require(bool(encode.inputs), encode, "takes nothing")
    rows = all(entry.type.dims[:1] == (1,) for entry in encode.inputs)
    _require(rows and len(encode.symbols) <= 1, encode, "does not take one row of one size")
    hidden = encoded.dims[2] if len(encoded.dims) == 3 else None
    _require(encoded.dims[:1] == (1,) and isinstance(hidden, int), encode, "gives something else than [1, S, C]")
    taken = [(entry.name, entry.type) for entry in memorise.inputs]
    wanted = [("encoded", TensorType(encoded.dtype, (1, Symbol(0), hidden or 0)))]
    _require(taken == wanted and len(memorise.symbols) == 1, memorise, "takes something else than what encode gives")
    given = {output.name: types["memorise"][output.value] for output in memorise.outputs}
    expected = {}
    for n, state in memories.items():
        expected[f"key.{n}"] = TensorType(state.dtype, (1, state.heads, Symbol(0), state.key_size))
        expected[f"value.{n}"] = TensorType(state.dtype, (1, state.heads, Symbol(0), state.value_size))
    _require(given == expected, memorise, "gives something else than the memory states hold")


def check_ragged(program: Program) -> None:
    """Returns if what reads sequences from the batch and keeps no state stands in a `ragged` function that is as `proto/ops.py` says, or
    nowhere. Raises ProgramInvalid."""
    for function in program.functions:
        kinds = {op.kind for block in function.blocks for op in block.ops} & BATCHED
        if function.name != RAGGED:
            _require(kinds <= STATEFUL, function, "reads sequences from the batch, which only 'ragged' may")
            continue
        _require(not kinds & STATEFUL, function, "keeps state")
        tokens, rows = (1, Symbol(0)), (Symbol(1),)
        given = {entry.name: entry.type for entry in function.inputs}
        _require(len(function.symbols) == (2 if "rows" in given else 1), function, "has other symbols than T and R")
        for name, declared in given.items():
            wanted = rows if name == "rows" else tokens
            own = name in RAGGED_INPUTS
            _require(own or name.isdecimal(), function, f"takes {name!r}, which nobody supplies")
            _require(declared.dims == wanted, function, f"takes {name!r} of another shape")
            _require(
                declared.dtype == DType.INT64 if own else not declared.dtype.floating,
                function,
                f"takes {name!r} of another dtype",
            )
        types = value_types(program, function)
        for output in function.outputs:
            dims = types[output.value].dims
            rest = dims[2:] if dims[:2] == tokens else dims[1:]
            known = dims[:2] == tokens or dims[:1] == rows
            fixed = all(isinstance(dim, int) for dim in rest)
            _require(
                known and fixed and not output.optional,
                function,
                f"gives {output.name!r} neither per token nor per sequence",
            )


def _inputs(function: Function, names: set[str]) -> None:
    _require(len(function.symbols) == 1 and bool(function.inputs), function, "has not one symbol, the number of tokens")
    for entry in function.inputs:
        _require(entry.name in names, function, f"takes {entry.name!r}, which nobody supplies")
        _require(
            entry.name == "embeddings" or entry.type == _IDS, function, f"takes {entry.name!r} that is not int64 [1, T]"
        )


def _only_output(types: Types, function: Function, name: str) -> TensorType:
    """The declared type of the one output that is always computed."""
    plain = [output for output in function.outputs if not output.optional]
    _require([output.name for output in plain] == [name], function, f"does not give {name!r} and nothing else")
    return types[function.name][plain[0].value]


def _is_rows(declared: TensorType) -> bool:
    dims = declared.dims
    return declared.dtype.floating and len(dims) == 3 and dims[:2] == (1, Symbol(0)) and isinstance(dims[2], int)


def _require(condition: bool, function: Function, what: str) -> None:
    if not condition:
        raise ProgramInvalid(f"function {function.name!r} {what}")
