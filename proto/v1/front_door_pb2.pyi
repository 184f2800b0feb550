from aweigh.proto.v1 import engine_pb2 as _engine_pb2
from aweigh.proto.v1 import generation_pb2 as _generation_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class HoldRequest(_message.Message):
    __slots__ = ("client",)
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    client: str
    def __init__(self, client: _Optional[str] = ...) -> None: ...

class Lease(_message.Message):
    __slots__ = ("lease", "epoch", "version")
    LEASE_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    lease: str
    epoch: int
    version: str
    def __init__(self, lease: _Optional[str] = ..., epoch: _Optional[int] = ..., version: _Optional[str] = ...) -> None: ...

class Placement(_message.Message):
    __slots__ = ("model", "worker", "address")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    WORKER_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    model: _engine_pb2.ModelDescription
    worker: str
    address: str
    def __init__(self, model: _Optional[_Union[_engine_pb2.ModelDescription, _Mapping]] = ..., worker: _Optional[str] = ..., address: _Optional[str] = ...) -> None: ...

class FrontDoorGenerateRequest(_message.Message):
    __slots__ = ("lease", "generate")
    LEASE_FIELD_NUMBER: _ClassVar[int]
    GENERATE_FIELD_NUMBER: _ClassVar[int]
    lease: str
    generate: _generation_pb2.GenerateRequest
    def __init__(self, lease: _Optional[str] = ..., generate: _Optional[_Union[_generation_pb2.GenerateRequest, _Mapping]] = ...) -> None: ...

class DrainRequest(_message.Message):
    __slots__ = ("worker", "undo")
    WORKER_FIELD_NUMBER: _ClassVar[int]
    UNDO_FIELD_NUMBER: _ClassVar[int]
    worker: str
    undo: bool
    def __init__(self, worker: _Optional[str] = ..., undo: _Optional[bool] = ...) -> None: ...

class DrainResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class LogsRequest(_message.Message):
    __slots__ = ("process", "follow")
    PROCESS_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_FIELD_NUMBER: _ClassVar[int]
    process: str
    follow: bool
    def __init__(self, process: _Optional[str] = ..., follow: _Optional[bool] = ...) -> None: ...

class LogLine(_message.Message):
    __slots__ = ("process", "text")
    PROCESS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    process: str
    text: str
    def __init__(self, process: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class StatusRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class StatusResponse(_message.Message):
    __slots__ = ("version", "uptime_seconds", "workers", "leases", "calls", "http")
    class Worker(_message.Message):
        __slots__ = ("name", "address", "state", "restarts", "process", "stats")
        NAME_FIELD_NUMBER: _ClassVar[int]
        ADDRESS_FIELD_NUMBER: _ClassVar[int]
        STATE_FIELD_NUMBER: _ClassVar[int]
        RESTARTS_FIELD_NUMBER: _ClassVar[int]
        PROCESS_FIELD_NUMBER: _ClassVar[int]
        STATS_FIELD_NUMBER: _ClassVar[int]
        name: str
        address: str
        state: str
        restarts: int
        process: int
        stats: _engine_pb2.StatsResponse
        def __init__(self, name: _Optional[str] = ..., address: _Optional[str] = ..., state: _Optional[str] = ..., restarts: _Optional[int] = ..., process: _Optional[int] = ..., stats: _Optional[_Union[_engine_pb2.StatsResponse, _Mapping]] = ...) -> None: ...
    class Calls(_message.Message):
        __slots__ = ("running", "waiting", "refused")
        class RefusedEntry(_message.Message):
            __slots__ = ("key", "value")
            KEY_FIELD_NUMBER: _ClassVar[int]
            VALUE_FIELD_NUMBER: _ClassVar[int]
            key: str
            value: int
            def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
        RUNNING_FIELD_NUMBER: _ClassVar[int]
        WAITING_FIELD_NUMBER: _ClassVar[int]
        REFUSED_FIELD_NUMBER: _ClassVar[int]
        running: int
        waiting: int
        refused: _containers.ScalarMap[str, int]
        def __init__(self, running: _Optional[int] = ..., waiting: _Optional[int] = ..., refused: _Optional[_Mapping[str, int]] = ...) -> None: ...
    VERSION_FIELD_NUMBER: _ClassVar[int]
    UPTIME_SECONDS_FIELD_NUMBER: _ClassVar[int]
    WORKERS_FIELD_NUMBER: _ClassVar[int]
    LEASES_FIELD_NUMBER: _ClassVar[int]
    CALLS_FIELD_NUMBER: _ClassVar[int]
    HTTP_FIELD_NUMBER: _ClassVar[int]
    version: str
    uptime_seconds: float
    workers: _containers.RepeatedCompositeFieldContainer[StatusResponse.Worker]
    leases: int
    calls: StatusResponse.Calls
    http: str
    def __init__(self, version: _Optional[str] = ..., uptime_seconds: _Optional[float] = ..., workers: _Optional[_Iterable[_Union[StatusResponse.Worker, _Mapping]]] = ..., leases: _Optional[int] = ..., calls: _Optional[_Union[StatusResponse.Calls, _Mapping]] = ..., http: _Optional[str] = ...) -> None: ...
