"""A Llama Program written by hand, as the compiler emits it: fused ops, equal layers rolled into one block."""

from dataclasses import dataclass

from aweigh.proto.dtypes import DType
from aweigh.proto.expression import Expression, Symbol
from aweigh.proto.program import (
    Attribute,
    Block,
    Function,
    FunctionInput,
    FunctionOutput,
    KeyValueState,
    Manifest,
    Op,
    Operand,
    Program,
    Slot,
    Table,
    Tensor,
    TensorType,
)

T = Symbol(0)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Of a Llama. `dtype` is that of weights and activations."""

    layers: int = 2
    hidden: int = 64
    inner: int = 128
    heads: int = 4
    kv_heads: int = 2
    head: int = 16
    vocabulary: int = 96
    epsilon: float = 1e-6
    theta: float = 10000.0
    dtype: DType = DType.FLOAT32


class Writer:
    """Numbers the values of one function while its ops are written down."""

    def __init__(self, *inputs: tuple[str, TensorType]) -> None:
        self.inputs = tuple(FunctionInput(name, kind) for name, kind in inputs)
        self.next = len(inputs)
        self.ops: list[Op] = []

    def op(self, kind: str, operands: tuple[Operand, ...], *results: TensorType, **attributes: Attribute) -> int:
        """Returns the number of the first result."""
        self.ops.append(Op(kind, operands, results, tuple(sorted(attributes.items()))))
        self.next += len(results)
        return self.next - len(results)

    def block(self, initial: tuple[int, ...] = ()) -> int:
        """Begins a block. Returns the number of its first argument."""
        self.ops = []
        self.next += len(initial)
        return self.next - len(initial)

    def end(
        self, repeat: int, initial: tuple[int, ...], yields: tuple[int, ...], collects: tuple[int, ...] = ()
    ) -> tuple[Block, int]:
        """Returns the block and the number of its first result."""
        first = self.next
        self.next += len(yields) + len(collects)
        return Block(tuple(self.ops), repeat, initial, yields, collects), first


def names(shape: Shape) -> list[str]:
    """Checkpoint names of the slots, in order; the inverse frequencies are no checkpoint's."""
    layer = ["input_layernorm", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "post_attention_layernorm", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"]  # fmt: skip
    layers = [f"model.layers.{i}.{name}.weight" for name in layer for i in range(shape.layers)]
    return ["model.embed_tokens.weight", "inv_freq", *layers, "model.norm.weight", "lm_head.weight"]


def program(shape: Shape) -> Program:
    """Functions embed, body and head; the body has the optional output `hidden_states` [L, 1, T, C], the layers' inputs."""
    c, d, h, k = shape.hidden, shape.head, shape.heads, shape.kv_heads
    layers, dtype, f32 = shape.layers, shape.dtype, DType.FLOAT32

    def of(*dims: Expression, kind: DType = dtype) -> TensorType:
        return TensorType(kind, dims)

    ids, x = of(1, T, kind=DType.INT64), of(1, T, c)
    dims = [
        (c,),
        (h * d, c),
        (k * d, c),
        (k * d, c),
        (c, h * d),
        (c,),
        (shape.inner, c),
        (shape.inner, c),
        (c, shape.inner),
    ]
    per_layer = [Slot(dtype, shape_of) for shape_of in dims for _ in range(layers)]
    slots = (Slot(dtype, (shape.vocabulary, c)), Slot(f32, (d // 2,)), *per_layer, Slot(dtype, (c,)), Slot(dtype, (shape.vocabulary, c)))  # fmt: skip

    w = Writer(("token_ids", ids))
    table = w.op("weight", (), of(*slots[0].shape), slot=0)
    out = w.op("embedding", (0, table), x)
    block, first = w.end(1, (), (out,))
    embed = Function("embed", ("T",), w.inputs, (block,), (FunctionOutput("embeddings", first),))

    w = Writer(("embeddings", x), ("positions", ids))
    angle = of(1, T, d // 2, kind=f32)
    frequencies = w.op("weight", (), of(d // 2, kind=f32), slot=1)
    row = w.op("aten.unsqueeze.default", (1,), of(1, T, 1, kind=DType.INT64), dim=-1)
    real = w.op("aten._to_copy.default", (row,), of(1, T, 1, kind=f32), dtype=f32)
    half = w.op("aten.mul.Tensor", (real, frequencies), angle)
    both = w.op("aten.cat.default", ((half, half),), of(1, T, d, kind=f32), dim=-1)
    tables = []
    for name in ("cos", "sin"):
        made = w.op(f"aten.{name}.default", (both,), of(1, T, d, kind=f32))
        tables.append(w.op("aten._to_copy.default", (made,), of(1, T, d), dtype=dtype))
    zero = w.op("aten.zeros_like.default", (0,), x)
    before, first = w.end(1, (), (*tables, zero))
    cos, sin, start = first, first + 1, first + 2

    initial = (0, start)
    argument = w.block(initial)

    def weight(number: int) -> int:
        slot: Attribute = Table(tuple(range(2 + number * layers, 2 + (number + 1) * layers)))
        return w.op("weight", (), of(*dims[number]), slot=slot)

    norm = w.op("add_rms_norm", (argument, argument + 1, weight(0)), x, x, epsilon=shape.epsilon)
    total = norm + 1
    sizes = (h, k, k)
    projected = w.op(
        "merged_linear", (norm, (weight(1), weight(2), weight(3)), None), *(of(1, T, n * d) for n in sizes)
    )
    split = []
    for number, n in enumerate(sizes):
        viewed = w.op("aten.view.default", (projected + number,), of(1, T, n, d), size=(1, T, n, d))
        split.append(w.op("aten.transpose.int", (viewed,), of(1, n, T, d), dim0=1, dim1=2))
    query = w.op("rotary", (split[0], cos, sin), of(1, h, T, d))
    key = w.op("rotary", (split[1], cos, sin), of(1, k, T, d))
    mixed = w.op("attend", (query, key, split[2], None, None), of(1, T, h, d), scale=d**-0.5, state=Table(tuple(range(layers))))  # fmt: skip
    flat = w.op("aten.reshape.default", (mixed,), of(1, T, h * d), shape=(1, T, h * d))
    attended = w.op("linear", (flat, weight(4), None), x)
    norm = w.op("add_rms_norm", (attended, total, weight(5)), x, x, epsilon=shape.epsilon)
    mlp = w.op("gated_mlp", (norm, weight(6), weight(7), weight(8)), x, activation="silu")
    loop, first = w.end(layers, initial, (mlp, norm + 1), (total,))
    last, residual, states = first, first + 1, first + 2

    w.block()
    final = w.op("weight", (), of(c), slot=len(slots) - 2)
    normed = w.op("add_rms_norm", (last, residual, final), x, x, epsilon=shape.epsilon)
    after, first = w.end(1, (), (normed,))
    outputs = (FunctionOutput("hidden", first), FunctionOutput("hidden_states", states, optional=True))
    body = Function("body", ("T",), w.inputs, (before, loop, after), outputs)

    w = Writer(("hidden", x))
    matrix = w.op("weight", (), of(*slots[-1].shape), slot=len(slots) - 1)
    logits = w.op("linear", (0, matrix), of(1, T, shape.vocabulary))
    block, first = w.end(1, (), (logits,))
    head = Function("head", ("R",), w.inputs, (block,), (FunctionOutput("logits", first),))

    kept = KeyValueState(k, d, d, dtype)
    return Program(slots, (kept,) * layers, (embed, body, head))


def manifest(shape: Shape, inverse_frequencies: bytes) -> Manifest:
    literal = Tensor(DType.FLOAT32, (shape.head // 2,), inverse_frequencies)
    return Manifest(tuple(literal if name == "inv_freq" else name for name in names(shape)))
