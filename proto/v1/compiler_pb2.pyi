from aweigh.proto.v1 import engine_pb2 as _engine_pb2
from aweigh.proto.v1 import program_pb2 as _program_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CompileRequest(_message.Message):
    __slots__ = ("config", "directory", "dtype", "class_name")
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    DIRECTORY_FIELD_NUMBER: _ClassVar[int]
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    CLASS_NAME_FIELD_NUMBER: _ClassVar[int]
    config: str
    directory: str
    dtype: str
    class_name: str
    def __init__(self, config: _Optional[str] = ..., directory: _Optional[str] = ..., dtype: _Optional[str] = ..., class_name: _Optional[str] = ...) -> None: ...

class Compiled(_message.Message):
    __slots__ = ("program", "fingerprint", "names", "manifest", "limits")
    PROGRAM_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    MANIFEST_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    program: _program_pb2.Program
    fingerprint: bytes
    names: _containers.RepeatedScalarFieldContainer[str]
    manifest: _program_pb2.Manifest
    limits: _engine_pb2.ModelLimits
    def __init__(self, program: _Optional[_Union[_program_pb2.Program, _Mapping]] = ..., fingerprint: _Optional[bytes] = ..., names: _Optional[_Iterable[str]] = ..., manifest: _Optional[_Union[_program_pb2.Manifest, _Mapping]] = ..., limits: _Optional[_Union[_engine_pb2.ModelLimits, _Mapping]] = ...) -> None: ...

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
