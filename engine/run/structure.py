"""A structure: a Program that was verified and written out, its plans, and its pools of state. One per fingerprint, shared by models.

Legend: N blocks in pool, B tokens per block.
"""

import copy
from collections.abc import Iterable, Sequence

import torch

from aweigh.engine.run.check import Proof, check
from aweigh.engine.run.contract import check_ragged, is_steppable
from aweigh.engine.run.plan import Plan, make_plan, may_copy
from aweigh.kernels.base import Kernels, KvLayer, LowBitKind, RecurrentLayer
from aweigh.memory.kv import KvLayout, KvPool, KvStore
from aweigh.memory.recurrent import RecurrentPool
from aweigh.proto.errors import InvalidRequest
from aweigh.proto.flat import Flat, flatten
from aweigh.proto.program import KeyValueState, MemoryState, Operand, Program, RecurrentState
from aweigh.proto.verify import verify

# Positions of table and ids among the operands of the ops that look rows up.
_LOOKUPS = {"embedding": (1, 0), "aten.embedding.default": (0, 1)}
# Ops that look up by index, and the place of the table among their operands.
_INDEXED = {
    "embedding": 1,
    "aten.embedding.default": 0,
    "aten.index.Tensor": 0,
    "aten.index_select.default": 0,
    "aten.gather.default": 0,
}


class Structure:
    """What all models of one fingerprint have in common."""

    def __init__(self, program: Program, fingerprint: bytes, kernels: Kernels, device: torch.device) -> None:
        """Verifies the Program. Raises ProgramInvalid; takes a second or two for large ones, so call it off the step loop."""
        verify(program)
        self.steppable = is_steppable(program)
        check_ragged(program)
        self.program = program
        self.fingerprint = fingerprint
        self.device = device
        self.pool: KvPool | None = None
        self.state_pool: RecurrentPool | None = None
        self.memory_pool: KvPool | None = None
        self.layers: dict[int, KvLayer | RecurrentLayer] = {}
        self.models = 0
        self.kernels = kernels
        self.proofs: dict[str, Proof] = {}  # by function
        self._flat: dict[str, Flat] = {}
        self._plans: dict[tuple[str, tuple[str, ...], bool], Plan] = {}
        matrices = set()
        for function in program.functions:
            flat = flatten(program, function)
            check(program, flat)
            self._flat[function.name] = flat
            self.proofs[function.name] = Proof(program, flat)
            matrices |= _low_bit(flat)
        kernels.prepare(
            {getattr(torch, slot.dtype.torch_name) for slot in program.slots if len(slot.shape) > 1}, matrices
        )
        for function in program.functions:
            self.plan(function.name)

    def anew(self) -> "Structure":
        """The same, proved and planned, without pools."""
        found = copy.copy(self)
        found.pool = found.state_pool = found.memory_pool = None
        found.layers = {}
        found.models = 0
        return found

    def has(self, function: str) -> bool:
        return function in self._flat

    def plan(self, function: str, optional: Iterable[str] = (), *, copies: bool = True) -> Plan:
        """The plan of a function for its plain outputs and some optional ones. `copies`: it may keep weights in a layout of its kernels.

        Raises InvalidRequest if there is no such function or output.
        """
        flat = self._flat.get(function)
        if flat is None:
            raise InvalidRequest(f"the model has no function {function!r}: it has {', '.join(self._flat)}")
        extra = sorted(set(optional))
        unknown = [name for name in extra if name not in flat.outputs]
        if unknown:
            raise InvalidRequest(f"{function!r} has no output {unknown[0]!r}")
        wanted = [output.name for output in flat.function.outputs if not output.optional or output.name in extra]
        key = (function, tuple(wanted), copies and may_copy(flat, self.kernels))
        if key not in self._plans:
            self._plans[key] = make_plan(flat, wanted, self.kernels, self.device, copies=key[2])
        return self._plans[key]

    def outputs(self, function: str) -> frozenset[str]:
        """Names of the optional outputs of a function, empty if there is none of that name."""
        flat = self._flat.get(function)
        return frozenset(o.name for o in flat.function.outputs if o.optional) if flat else frozenset()

    @property
    def vocabulary(self) -> int:
        """Rows of the table that token ids are looked up in; 0 if no function looks them up."""
        rows = 0
        for flat in self._flat.values():
            ids = {number for number, entry in enumerate(flat.function.inputs) if entry.name == "token_ids"}
            tables = {i.results[0]: flat.types[i.results[0]] for i in flat.instructions if i.kind == "weight"}
            for instruction in flat.instructions:
                table, looked_up = _LOOKUPS.get(instruction.kind, (0, 0))
                known = table != looked_up and instruction.operands[table] in tables
                if not known or instruction.operands[looked_up] not in ids:
                    continue
                size = tables[instruction.operands[table]].dims[0]  # type: ignore[index]
                assert isinstance(size, int)
                rows = min(rows, size) if rows else size
        return rows

    @property
    def looks_up_positions(self) -> bool:
        """Whether positions, or integers computed from them, are indices into a table, so that there is a last one."""
        for flat in self._flat.values():
            derived = {number for number, entry in enumerate(flat.function.inputs) if entry.name == "positions"}
            for instruction in flat.instructions:
                following = [not derived.isdisjoint(_values(operand)) for operand in instruction.operands]
                if any(following):
                    derived.update(v for v in instruction.results if flat.types[v].dtype.torch_name.startswith("int"))
                if instruction.kind in _INDEXED and any(
                    follows for place, follows in enumerate(following) if place != _INDEXED[instruction.kind]
                ):
                    return True
        return False

    def takes(self, function: str, name: str) -> bool:
        """Whether a function has an input of that name."""
        flat = self._flat.get(function)
        return flat is not None and any(entry.name == name for entry in flat.function.inputs)

    @property
    def memories(self) -> list[int]:
        """Numbers of its memory states; none but a model with an encoder has any."""
        return [index for index, state in enumerate(self.program.states) if isinstance(state, MemoryState)]

    def open_pools(self, store: KvStore, block_size: int) -> None:
        """Makes the views of its states, if it has any: one KV group holds all keys and values, one pool all recurrent states, one the
        keys and values of all memories."""
        states = list(enumerate(self.program.states))
        paged = [(index, state) for index, state in states if isinstance(state, KeyValueState)]
        recurrent = [(index, state) for index, state in states if isinstance(state, RecurrentState)]
        memories = [(index, state) for index, state in states if isinstance(state, MemoryState)]
        if paged:
            self.pool = self._open_pages(store, block_size, paged)
        if memories:
            self.memory_pool = self._open_pages(store, block_size, memories)
        if recurrent:
            state_pool = self.state_pool = RecurrentPool(store, tuple(state for _, state in recurrent))
            for place, (index, _) in enumerate(recurrent):
                table = state_pool.addresses.addresses_A
                self.layers[index] = RecurrentLayer(state_pool.state(place), table, place)

    def _open_pages(
        self, store: KvStore, block_size: int, states: Sequence[tuple[int, KeyValueState | MemoryState]]
    ) -> KvPool:
        pool = KvPool(store, KvLayout(tuple(state for _, state in states), block_size))
        for place, (index, _) in enumerate(states):
            table = pool.addresses.addresses_A
            self.layers[index] = KvLayer(pool.key(place), pool.value(place), table, 2 * place, 2 * place + 1)
        return pool

    def close_pools(self) -> None:
        """Gives back what its pools borrowed. No view may be used afterwards."""
        for pool in (self.pool, self.state_pool, self.memory_pool):
            if pool is not None:
                pool.close()


def _low_bit(flat: Flat) -> set[LowBitKind]:
    """The kinds of matrices of few bits, once shapes are proved."""
    found = set()
    for instruction in flat.instructions:
        if instruction.kind == "dequantize":
            kind = dict(instruction.attributes)["kind"]
            assert isinstance(kind, str)
            dtypes = [flat.types[value].dtype.torch_name for value in (instruction.results[0], instruction.operands[1])]  # type: ignore[index]
            dtype, scale = (getattr(torch, name) for name in dtypes)
            found.add(LowBitKind(dtype, kind, scale, len(instruction.operands) > 2))
    return found


def _values(operand: Operand) -> tuple[int, ...]:
    return () if operand is None else (operand,) if isinstance(operand, int) else operand
