from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DTYPE_UNSPECIFIED: _ClassVar[DType]
    DTYPE_BOOL: _ClassVar[DType]
    DTYPE_INT8: _ClassVar[DType]
    DTYPE_UINT8: _ClassVar[DType]
    DTYPE_INT16: _ClassVar[DType]
    DTYPE_INT32: _ClassVar[DType]
    DTYPE_INT64: _ClassVar[DType]
    DTYPE_FLOAT16: _ClassVar[DType]
    DTYPE_BFLOAT16: _ClassVar[DType]
    DTYPE_FLOAT32: _ClassVar[DType]
    DTYPE_FLOAT64: _ClassVar[DType]
    DTYPE_FLOAT8_E4M3FN: _ClassVar[DType]
    DTYPE_FLOAT8_E5M2: _ClassVar[DType]
    DTYPE_COMPLEX64: _ClassVar[DType]

class Operator(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OPERATOR_UNSPECIFIED: _ClassVar[Operator]
    OPERATOR_ADD: _ClassVar[Operator]
    OPERATOR_SUBTRACT: _ClassVar[Operator]
    OPERATOR_MULTIPLY: _ClassVar[Operator]
    OPERATOR_FLOOR_DIVIDE: _ClassVar[Operator]
    OPERATOR_MODULO: _ClassVar[Operator]
    OPERATOR_MINIMUM: _ClassVar[Operator]
    OPERATOR_MAXIMUM: _ClassVar[Operator]
DTYPE_UNSPECIFIED: DType
DTYPE_BOOL: DType
DTYPE_INT8: DType
DTYPE_UINT8: DType
DTYPE_INT16: DType
DTYPE_INT32: DType
DTYPE_INT64: DType
DTYPE_FLOAT16: DType
DTYPE_BFLOAT16: DType
DTYPE_FLOAT32: DType
DTYPE_FLOAT64: DType
DTYPE_FLOAT8_E4M3FN: DType
DTYPE_FLOAT8_E5M2: DType
DTYPE_COMPLEX64: DType
OPERATOR_UNSPECIFIED: Operator
OPERATOR_ADD: Operator
OPERATOR_SUBTRACT: Operator
OPERATOR_MULTIPLY: Operator
OPERATOR_FLOOR_DIVIDE: Operator
OPERATOR_MODULO: Operator
OPERATOR_MINIMUM: Operator
OPERATOR_MAXIMUM: Operator

class Expression(_message.Message):
    __slots__ = ("constant", "symbol", "operation")
    class Operation(_message.Message):
        __slots__ = ("operator", "left", "right")
        OPERATOR_FIELD_NUMBER: _ClassVar[int]
        LEFT_FIELD_NUMBER: _ClassVar[int]
        RIGHT_FIELD_NUMBER: _ClassVar[int]
        operator: Operator
        left: Expression
        right: Expression
        def __init__(self, operator: _Optional[_Union[Operator, str]] = ..., left: _Optional[_Union[Expression, _Mapping]] = ..., right: _Optional[_Union[Expression, _Mapping]] = ...) -> None: ...
    CONSTANT_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    constant: int
    symbol: int
    operation: Expression.Operation
    def __init__(self, constant: _Optional[int] = ..., symbol: _Optional[int] = ..., operation: _Optional[_Union[Expression.Operation, _Mapping]] = ...) -> None: ...

class TensorType(_message.Message):
    __slots__ = ("dtype", "dims")
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    DIMS_FIELD_NUMBER: _ClassVar[int]
    dtype: DType
    dims: _containers.RepeatedCompositeFieldContainer[Expression]
    def __init__(self, dtype: _Optional[_Union[DType, str]] = ..., dims: _Optional[_Iterable[_Union[Expression, _Mapping]]] = ...) -> None: ...

class Attribute(_message.Message):
    __slots__ = ("boolean", "integer", "real", "text", "dtype", "expression", "list", "table")
    class List(_message.Message):
        __slots__ = ("items",)
        ITEMS_FIELD_NUMBER: _ClassVar[int]
        items: _containers.RepeatedCompositeFieldContainer[Attribute]
        def __init__(self, items: _Optional[_Iterable[_Union[Attribute, _Mapping]]] = ...) -> None: ...
    BOOLEAN_FIELD_NUMBER: _ClassVar[int]
    INTEGER_FIELD_NUMBER: _ClassVar[int]
    REAL_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    LIST_FIELD_NUMBER: _ClassVar[int]
    TABLE_FIELD_NUMBER: _ClassVar[int]
    boolean: bool
    integer: int
    real: float
    text: str
    dtype: DType
    expression: Expression
    list: Attribute.List
    table: Attribute.List
    def __init__(self, boolean: _Optional[bool] = ..., integer: _Optional[int] = ..., real: _Optional[float] = ..., text: _Optional[str] = ..., dtype: _Optional[_Union[DType, str]] = ..., expression: _Optional[_Union[Expression, _Mapping]] = ..., list: _Optional[_Union[Attribute.List, _Mapping]] = ..., table: _Optional[_Union[Attribute.List, _Mapping]] = ...) -> None: ...

class NamedAttribute(_message.Message):
    __slots__ = ("name", "value")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: Attribute
    def __init__(self, name: _Optional[str] = ..., value: _Optional[_Union[Attribute, _Mapping]] = ...) -> None: ...

class Operand(_message.Message):
    __slots__ = ("value", "list")
    class Values(_message.Message):
        __slots__ = ("values",)
        VALUES_FIELD_NUMBER: _ClassVar[int]
        values: _containers.RepeatedScalarFieldContainer[int]
        def __init__(self, values: _Optional[_Iterable[int]] = ...) -> None: ...
    VALUE_FIELD_NUMBER: _ClassVar[int]
    LIST_FIELD_NUMBER: _ClassVar[int]
    value: int
    list: Operand.Values
    def __init__(self, value: _Optional[int] = ..., list: _Optional[_Union[Operand.Values, _Mapping]] = ...) -> None: ...

class Op(_message.Message):
    __slots__ = ("kind", "operands", "results", "attributes")
    KIND_FIELD_NUMBER: _ClassVar[int]
    OPERANDS_FIELD_NUMBER: _ClassVar[int]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    kind: str
    operands: _containers.RepeatedCompositeFieldContainer[Operand]
    results: _containers.RepeatedCompositeFieldContainer[TensorType]
    attributes: _containers.RepeatedCompositeFieldContainer[NamedAttribute]
    def __init__(self, kind: _Optional[str] = ..., operands: _Optional[_Iterable[_Union[Operand, _Mapping]]] = ..., results: _Optional[_Iterable[_Union[TensorType, _Mapping]]] = ..., attributes: _Optional[_Iterable[_Union[NamedAttribute, _Mapping]]] = ...) -> None: ...

class Block(_message.Message):
    __slots__ = ("repeat", "initial", "ops", "yields", "collects")
    REPEAT_FIELD_NUMBER: _ClassVar[int]
    INITIAL_FIELD_NUMBER: _ClassVar[int]
    OPS_FIELD_NUMBER: _ClassVar[int]
    YIELDS_FIELD_NUMBER: _ClassVar[int]
    COLLECTS_FIELD_NUMBER: _ClassVar[int]
    repeat: int
    initial: _containers.RepeatedScalarFieldContainer[int]
    ops: _containers.RepeatedCompositeFieldContainer[Op]
    yields: _containers.RepeatedScalarFieldContainer[int]
    collects: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, repeat: _Optional[int] = ..., initial: _Optional[_Iterable[int]] = ..., ops: _Optional[_Iterable[_Union[Op, _Mapping]]] = ..., yields: _Optional[_Iterable[int]] = ..., collects: _Optional[_Iterable[int]] = ...) -> None: ...

class FunctionInput(_message.Message):
    __slots__ = ("name", "type")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: TensorType
    def __init__(self, name: _Optional[str] = ..., type: _Optional[_Union[TensorType, _Mapping]] = ...) -> None: ...

class FunctionOutput(_message.Message):
    __slots__ = ("name", "value", "optional")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    OPTIONAL_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: int
    optional: bool
    def __init__(self, name: _Optional[str] = ..., value: _Optional[int] = ..., optional: _Optional[bool] = ...) -> None: ...

class Function(_message.Message):
    __slots__ = ("name", "symbols", "inputs", "blocks", "outputs")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SYMBOLS_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    BLOCKS_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    name: str
    symbols: _containers.RepeatedScalarFieldContainer[str]
    inputs: _containers.RepeatedCompositeFieldContainer[FunctionInput]
    blocks: _containers.RepeatedCompositeFieldContainer[Block]
    outputs: _containers.RepeatedCompositeFieldContainer[FunctionOutput]
    def __init__(self, name: _Optional[str] = ..., symbols: _Optional[_Iterable[str]] = ..., inputs: _Optional[_Iterable[_Union[FunctionInput, _Mapping]]] = ..., blocks: _Optional[_Iterable[_Union[Block, _Mapping]]] = ..., outputs: _Optional[_Iterable[_Union[FunctionOutput, _Mapping]]] = ...) -> None: ...

class Slot(_message.Message):
    __slots__ = ("dtype", "shape")
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    dtype: DType
    shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, dtype: _Optional[_Union[DType, str]] = ..., shape: _Optional[_Iterable[int]] = ...) -> None: ...

class KeyValueState(_message.Message):
    __slots__ = ("heads", "key_size", "value_size", "dtype")
    HEADS_FIELD_NUMBER: _ClassVar[int]
    KEY_SIZE_FIELD_NUMBER: _ClassVar[int]
    VALUE_SIZE_FIELD_NUMBER: _ClassVar[int]
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    heads: int
    key_size: int
    value_size: int
    dtype: DType
    def __init__(self, heads: _Optional[int] = ..., key_size: _Optional[int] = ..., value_size: _Optional[int] = ..., dtype: _Optional[_Union[DType, str]] = ...) -> None: ...

class RecurrentState(_message.Message):
    __slots__ = ("dtype", "shape")
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    dtype: DType
    shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, dtype: _Optional[_Union[DType, str]] = ..., shape: _Optional[_Iterable[int]] = ...) -> None: ...

class State(_message.Message):
    __slots__ = ("key_value", "recurrent")
    KEY_VALUE_FIELD_NUMBER: _ClassVar[int]
    RECURRENT_FIELD_NUMBER: _ClassVar[int]
    key_value: KeyValueState
    recurrent: RecurrentState
    def __init__(self, key_value: _Optional[_Union[KeyValueState, _Mapping]] = ..., recurrent: _Optional[_Union[RecurrentState, _Mapping]] = ...) -> None: ...

class Program(_message.Message):
    __slots__ = ("opset", "slots", "states", "functions")
    OPSET_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    FUNCTIONS_FIELD_NUMBER: _ClassVar[int]
    opset: int
    slots: _containers.RepeatedCompositeFieldContainer[Slot]
    states: _containers.RepeatedCompositeFieldContainer[State]
    functions: _containers.RepeatedCompositeFieldContainer[Function]
    def __init__(self, opset: _Optional[int] = ..., slots: _Optional[_Iterable[_Union[Slot, _Mapping]]] = ..., states: _Optional[_Iterable[_Union[State, _Mapping]]] = ..., functions: _Optional[_Iterable[_Union[Function, _Mapping]]] = ...) -> None: ...

class Tensor(_message.Message):
    __slots__ = ("dtype", "shape", "data", "transfer", "shared")
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    TRANSFER_FIELD_NUMBER: _ClassVar[int]
    SHARED_FIELD_NUMBER: _ClassVar[int]
    dtype: DType
    shape: _containers.RepeatedScalarFieldContainer[int]
    data: bytes
    transfer: str
    shared: int
    def __init__(self, dtype: _Optional[_Union[DType, str]] = ..., shape: _Optional[_Iterable[int]] = ..., data: _Optional[bytes] = ..., transfer: _Optional[str] = ..., shared: _Optional[int] = ...) -> None: ...

class WeightExpression(_message.Message):
    __slots__ = ("tensor", "permute", "view", "stack", "concatenate", "chunk", "cast", "literal", "content", "file")
    class Permute(_message.Message):
        __slots__ = ("source", "order")
        SOURCE_FIELD_NUMBER: _ClassVar[int]
        ORDER_FIELD_NUMBER: _ClassVar[int]
        source: WeightExpression
        order: _containers.RepeatedScalarFieldContainer[int]
        def __init__(self, source: _Optional[_Union[WeightExpression, _Mapping]] = ..., order: _Optional[_Iterable[int]] = ...) -> None: ...
    class View(_message.Message):
        __slots__ = ("source", "shape")
        SOURCE_FIELD_NUMBER: _ClassVar[int]
        SHAPE_FIELD_NUMBER: _ClassVar[int]
        source: WeightExpression
        shape: _containers.RepeatedScalarFieldContainer[int]
        def __init__(self, source: _Optional[_Union[WeightExpression, _Mapping]] = ..., shape: _Optional[_Iterable[int]] = ...) -> None: ...
    class Join(_message.Message):
        __slots__ = ("sources", "dimension")
        SOURCES_FIELD_NUMBER: _ClassVar[int]
        DIMENSION_FIELD_NUMBER: _ClassVar[int]
        sources: _containers.RepeatedCompositeFieldContainer[WeightExpression]
        dimension: int
        def __init__(self, sources: _Optional[_Iterable[_Union[WeightExpression, _Mapping]]] = ..., dimension: _Optional[int] = ...) -> None: ...
    class Chunk(_message.Message):
        __slots__ = ("source", "dimension", "start", "length")
        SOURCE_FIELD_NUMBER: _ClassVar[int]
        DIMENSION_FIELD_NUMBER: _ClassVar[int]
        START_FIELD_NUMBER: _ClassVar[int]
        LENGTH_FIELD_NUMBER: _ClassVar[int]
        source: WeightExpression
        dimension: int
        start: int
        length: int
        def __init__(self, source: _Optional[_Union[WeightExpression, _Mapping]] = ..., dimension: _Optional[int] = ..., start: _Optional[int] = ..., length: _Optional[int] = ...) -> None: ...
    class Cast(_message.Message):
        __slots__ = ("source", "dtype")
        SOURCE_FIELD_NUMBER: _ClassVar[int]
        DTYPE_FIELD_NUMBER: _ClassVar[int]
        source: WeightExpression
        dtype: DType
        def __init__(self, source: _Optional[_Union[WeightExpression, _Mapping]] = ..., dtype: _Optional[_Union[DType, str]] = ...) -> None: ...
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    PERMUTE_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    STACK_FIELD_NUMBER: _ClassVar[int]
    CONCATENATE_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    CAST_FIELD_NUMBER: _ClassVar[int]
    LITERAL_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    tensor: str
    permute: WeightExpression.Permute
    view: WeightExpression.View
    stack: WeightExpression.Join
    concatenate: WeightExpression.Join
    chunk: WeightExpression.Chunk
    cast: WeightExpression.Cast
    literal: Tensor
    content: Content
    file: FileBytes
    def __init__(self, tensor: _Optional[str] = ..., permute: _Optional[_Union[WeightExpression.Permute, _Mapping]] = ..., view: _Optional[_Union[WeightExpression.View, _Mapping]] = ..., stack: _Optional[_Union[WeightExpression.Join, _Mapping]] = ..., concatenate: _Optional[_Union[WeightExpression.Join, _Mapping]] = ..., chunk: _Optional[_Union[WeightExpression.Chunk, _Mapping]] = ..., cast: _Optional[_Union[WeightExpression.Cast, _Mapping]] = ..., literal: _Optional[_Union[Tensor, _Mapping]] = ..., content: _Optional[_Union[Content, _Mapping]] = ..., file: _Optional[_Union[FileBytes, _Mapping]] = ...) -> None: ...

class Content(_message.Message):
    __slots__ = ("digest", "dtype", "shape")
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    digest: bytes
    dtype: DType
    shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, digest: _Optional[bytes] = ..., dtype: _Optional[_Union[DType, str]] = ..., shape: _Optional[_Iterable[int]] = ...) -> None: ...

class FileBytes(_message.Message):
    __slots__ = ("path", "size", "modified_ns", "offset", "dtype", "shape")
    PATH_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    MODIFIED_NS_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    path: str
    size: int
    modified_ns: int
    offset: int
    dtype: DType
    shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, path: _Optional[str] = ..., size: _Optional[int] = ..., modified_ns: _Optional[int] = ..., offset: _Optional[int] = ..., dtype: _Optional[_Union[DType, str]] = ..., shape: _Optional[_Iterable[int]] = ...) -> None: ...

class Manifest(_message.Message):
    __slots__ = ("slots",)
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    slots: _containers.RepeatedCompositeFieldContainer[WeightExpression]
    def __init__(self, slots: _Optional[_Iterable[_Union[WeightExpression, _Mapping]]] = ...) -> None: ...
