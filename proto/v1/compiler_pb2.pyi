from aweigh.proto.v1 import engine_pb2 as _engine_pb2
from aweigh.proto.v1 import program_pb2 as _program_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CompileRequest(_message.Message):
    __slots__ = ("config", "directory", "dtype", "class_name", "graph", "call", "tensors", "attention", "whole", "outline", "ragged", "checkpoint_only", "low_bit", "adapters")
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    DIRECTORY_FIELD_NUMBER: _ClassVar[int]
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    CLASS_NAME_FIELD_NUMBER: _ClassVar[int]
    GRAPH_FIELD_NUMBER: _ClassVar[int]
    CALL_FIELD_NUMBER: _ClassVar[int]
    TENSORS_FIELD_NUMBER: _ClassVar[int]
    ATTENTION_FIELD_NUMBER: _ClassVar[int]
    WHOLE_FIELD_NUMBER: _ClassVar[int]
    OUTLINE_FIELD_NUMBER: _ClassVar[int]
    RAGGED_FIELD_NUMBER: _ClassVar[int]
    CHECKPOINT_ONLY_FIELD_NUMBER: _ClassVar[int]
    LOW_BIT_FIELD_NUMBER: _ClassVar[int]
    ADAPTERS_FIELD_NUMBER: _ClassVar[int]
    config: str
    directory: str
    dtype: str
    class_name: str
    graph: bytes
    call: CallTree
    tensors: _containers.RepeatedCompositeFieldContainer[TensorSpec]
    attention: str
    whole: Whole
    outline: bytes
    ragged: bool
    checkpoint_only: bool
    low_bit: _containers.RepeatedCompositeFieldContainer[LowBitTensor]
    adapters: Adapters
    def __init__(self, config: _Optional[str] = ..., directory: _Optional[str] = ..., dtype: _Optional[str] = ..., class_name: _Optional[str] = ..., graph: _Optional[bytes] = ..., call: _Optional[_Union[CallTree, _Mapping]] = ..., tensors: _Optional[_Iterable[_Union[TensorSpec, _Mapping]]] = ..., attention: _Optional[str] = ..., whole: _Optional[_Union[Whole, _Mapping]] = ..., outline: _Optional[bytes] = ..., ragged: _Optional[bool] = ..., checkpoint_only: _Optional[bool] = ..., low_bit: _Optional[_Iterable[_Union[LowBitTensor, _Mapping]]] = ..., adapters: _Optional[_Union[Adapters, _Mapping]] = ...) -> None: ...

class LowBitTensor(_message.Message):
    __slots__ = ("key", "kind", "scale", "group", "zeros")
    KEY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    ZEROS_FIELD_NUMBER: _ClassVar[int]
    key: str
    kind: str
    scale: _program_pb2.DType
    group: int
    zeros: bool
    def __init__(self, key: _Optional[str] = ..., kind: _Optional[str] = ..., scale: _Optional[_Union[_program_pb2.DType, str]] = ..., group: _Optional[int] = ..., zeros: _Optional[bool] = ...) -> None: ...

class Adapters(_message.Message):
    __slots__ = ("configs", "tensors", "outline")
    CONFIGS_FIELD_NUMBER: _ClassVar[int]
    TENSORS_FIELD_NUMBER: _ClassVar[int]
    OUTLINE_FIELD_NUMBER: _ClassVar[int]
    configs: _containers.RepeatedScalarFieldContainer[str]
    tensors: _containers.RepeatedCompositeFieldContainer[AdapterTensor]
    outline: bytes
    def __init__(self, configs: _Optional[_Iterable[str]] = ..., tensors: _Optional[_Iterable[_Union[AdapterTensor, _Mapping]]] = ..., outline: _Optional[bytes] = ...) -> None: ...

class AdapterTensor(_message.Message):
    __slots__ = ("name", "dtype", "shape")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    name: str
    dtype: _program_pb2.DType
    shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, name: _Optional[str] = ..., dtype: _Optional[_Union[_program_pb2.DType, str]] = ..., shape: _Optional[_Iterable[int]] = ...) -> None: ...

class Whole(_message.Message):
    __slots__ = ("config", "class_name", "prefix")
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    CLASS_NAME_FIELD_NUMBER: _ClassVar[int]
    PREFIX_FIELD_NUMBER: _ClassVar[int]
    config: str
    class_name: str
    prefix: str
    def __init__(self, config: _Optional[str] = ..., class_name: _Optional[str] = ..., prefix: _Optional[str] = ...) -> None: ...

class CheckpointTensor(_message.Message):
    __slots__ = ("key", "dtype", "shape")
    KEY_FIELD_NUMBER: _ClassVar[int]
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    key: str
    dtype: _program_pb2.DType
    shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, key: _Optional[str] = ..., dtype: _Optional[_Union[_program_pb2.DType, str]] = ..., shape: _Optional[_Iterable[int]] = ...) -> None: ...

class TensorSpec(_message.Message):
    __slots__ = ("dtype", "shape")
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    dtype: _program_pb2.DType
    shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, dtype: _Optional[_Union[_program_pb2.DType, str]] = ..., shape: _Optional[_Iterable[int]] = ...) -> None: ...

class CallTree(_message.Message):
    __slots__ = ("tensor", "constant", "items")
    class Items(_message.Message):
        __slots__ = ("kind", "keys", "items")
        KIND_FIELD_NUMBER: _ClassVar[int]
        KEYS_FIELD_NUMBER: _ClassVar[int]
        ITEMS_FIELD_NUMBER: _ClassVar[int]
        kind: str
        keys: _containers.RepeatedScalarFieldContainer[str]
        items: _containers.RepeatedCompositeFieldContainer[CallTree]
        def __init__(self, kind: _Optional[str] = ..., keys: _Optional[_Iterable[str]] = ..., items: _Optional[_Iterable[_Union[CallTree, _Mapping]]] = ...) -> None: ...
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    CONSTANT_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    tensor: int
    constant: str
    items: CallTree.Items
    def __init__(self, tensor: _Optional[int] = ..., constant: _Optional[str] = ..., items: _Optional[_Union[CallTree.Items, _Mapping]] = ...) -> None: ...

class Range(_message.Message):
    __slots__ = ("least", "most")
    LEAST_FIELD_NUMBER: _ClassVar[int]
    MOST_FIELD_NUMBER: _ClassVar[int]
    least: int
    most: int
    def __init__(self, least: _Optional[int] = ..., most: _Optional[int] = ...) -> None: ...

class Compiled(_message.Message):
    __slots__ = ("program", "fingerprint", "names", "manifest", "limits", "result", "ranges", "checkpoint", "refusal", "work")
    PROGRAM_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    MANIFEST_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    RANGES_FIELD_NUMBER: _ClassVar[int]
    CHECKPOINT_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    WORK_FIELD_NUMBER: _ClassVar[int]
    program: _program_pb2.Program
    fingerprint: bytes
    names: _containers.RepeatedScalarFieldContainer[str]
    manifest: _program_pb2.Manifest
    limits: _engine_pb2.ModelLimits
    result: CallTree
    ranges: _containers.RepeatedCompositeFieldContainer[Range]
    checkpoint: _containers.RepeatedCompositeFieldContainer[CheckpointTensor]
    refusal: str
    work: CompileWork
    def __init__(self, program: _Optional[_Union[_program_pb2.Program, _Mapping]] = ..., fingerprint: _Optional[bytes] = ..., names: _Optional[_Iterable[str]] = ..., manifest: _Optional[_Union[_program_pb2.Manifest, _Mapping]] = ..., limits: _Optional[_Union[_engine_pb2.ModelLimits, _Mapping]] = ..., result: _Optional[_Union[CallTree, _Mapping]] = ..., ranges: _Optional[_Iterable[_Union[Range, _Mapping]]] = ..., checkpoint: _Optional[_Iterable[_Union[CheckpointTensor, _Mapping]]] = ..., refusal: _Optional[str] = ..., work: _Optional[_Union[CompileWork, _Mapping]] = ...) -> None: ...

class CompileWork(_message.Message):
    __slots__ = ("imported", "passes")
    class Pass(_message.Message):
        __slots__ = ("name", "seconds")
        NAME_FIELD_NUMBER: _ClassVar[int]
        SECONDS_FIELD_NUMBER: _ClassVar[int]
        name: str
        seconds: float
        def __init__(self, name: _Optional[str] = ..., seconds: _Optional[float] = ...) -> None: ...
    IMPORTED_FIELD_NUMBER: _ClassVar[int]
    PASSES_FIELD_NUMBER: _ClassVar[int]
    imported: int
    passes: _containers.RepeatedCompositeFieldContainer[CompileWork.Pass]
    def __init__(self, imported: _Optional[int] = ..., passes: _Optional[_Iterable[_Union[CompileWork.Pass, _Mapping]]] = ...) -> None: ...

class CompileFailure(_message.Message):
    __slots__ = ("kind", "sentence")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    kind: str
    sentence: str
    def __init__(self, kind: _Optional[str] = ..., sentence: _Optional[str] = ...) -> None: ...

class CompileProgress(_message.Message):
    __slots__ = ("stage", "done", "total")
    STAGE_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    stage: str
    done: int
    total: int
    def __init__(self, stage: _Optional[str] = ..., done: _Optional[int] = ..., total: _Optional[int] = ...) -> None: ...

class CompileAnswer(_message.Message):
    __slots__ = ("compiled", "failure", "progress")
    COMPILED_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    compiled: Compiled
    failure: CompileFailure
    progress: CompileProgress
    def __init__(self, compiled: _Optional[_Union[Compiled, _Mapping]] = ..., failure: _Optional[_Union[CompileFailure, _Mapping]] = ..., progress: _Optional[_Union[CompileProgress, _Mapping]] = ...) -> None: ...
