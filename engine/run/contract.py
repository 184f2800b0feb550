"""What a Program's functions must look like to be stepped through: `embed`, `body` and `head` of a causal language model.

`proto/ops.py` says which names their inputs may have; here it is held, once per structure, so that a step never meets a function
that wants something else. Programs without `body` and `head` are called function by function.
"""

from aweigh.proto.dtypes import DType
from aweigh.proto.errors import ProgramInvalid
from aweigh.proto.expression import Symbol
from aweigh.proto.program import Function, Program, TensorType
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
    return True


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
