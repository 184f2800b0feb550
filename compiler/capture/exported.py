"""An exported program as bytes without its weights, and back: how a process that holds a module hands its graph to the compiler.

    graph = exported_bytes(torch.export.export(module, example, dynamic_shapes=...))

The bytes are the JSON of torch's own schema of exported programs, and nothing else: no state, no constants, no example. Parameters,
buffers and constants stay as names with dtypes and shapes, and these names are those of `Compiled.names`; who holds the module knows what
belongs there. `torch.export.save` was given up: it writes the values too, and as pickles.

Both ends are one installation of torch, since a process starts its compiler itself.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch._export.serde import schema, serialize
from torch.export import ExportedProgram

from aweigh.proto.errors import InvalidRequest

_read: Callable[[Any, Any], Any] = serialize._dict_to_dataclass


def exported_bytes(program: ExportedProgram) -> bytes:
    """The graph of an exported program, without the values of its parameters, buffers and constants."""
    made = serialize.serialize(
        program, serialize_state_dict=False, serialize_constants=False, serialize_example_inputs=False
    )
    return bytes(made.exported_program)


def exported_from(data: bytes) -> ExportedProgram:
    """The program of `exported_bytes`, its parameters, buffers and constants fake, on the device that the graph says.

    Raises:
        InvalidRequest: the bytes are no such program.
    """
    try:
        said: Any = _read(schema.ExportedProgram, json.loads(data))
        module = said.graph_module
        state, constants = _weights(module.signature.input_specs, module.graph.tensor_values)
        program = serialize.ExportedProgramDeserializer().deserialize(said, state, constants)
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError, RuntimeError) as error:
        first = str(error).strip().partition("\n")[0][:200]
        raise InvalidRequest(f"A graph cannot be read ({type(error).__name__}: {first}).") from error
    _share_fakes(program)
    return program


def _share_fakes(program: ExportedProgram) -> None:
    """The weights become the fake tensors that stand for them in the graph: whoever traces it again finds one device and one mode."""
    values = {node.name: node.meta["val"] for node in program.graph.nodes if node.op == "placeholder"}
    for spec in program.graph_signature.input_specs:
        for held in (program.state_dict, program.constants):
            if spec.target in held:
                held[spec.target] = _like(held[spec.target], values[spec.arg.name])


def _like(held: Any, fake: Any) -> Any:
    return torch.nn.Parameter(fake, requires_grad=False) if isinstance(held, torch.nn.Parameter) else fake


def _weights(specs: Any, values: Mapping[str, Any]) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """Parameters and buffers by name, and constants by name."""
    state: dict[str, torch.Tensor] = {}
    constants: dict[str, torch.Tensor] = {}
    for spec in specs:
        match spec.type:
            case "parameter":
                state[spec.parameter.parameter_name] = torch.nn.Parameter(
                    _empty(values[spec.parameter.arg.name]), requires_grad=False
                )
            case "buffer":
                kept = state if spec.buffer.persistent else constants
                kept[spec.buffer.buffer_name] = _empty(values[spec.buffer.arg.name])
            case "tensor_constant":
                constants[spec.tensor_constant.tensor_constant_name] = _empty(values[spec.tensor_constant.arg.name])
    return state, constants


def _empty(meta: Any) -> torch.Tensor:
    sizes = serialize.deserialize_size(meta.sizes)
    return torch.empty(sizes, dtype=serialize.deserialize_scalar_type(meta.dtype), device="meta")
