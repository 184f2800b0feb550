from aweigh.proto.v1 import generation_pb2 as _generation_pb2
from aweigh.proto.v1 import program_pb2 as _program_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LoadModelRequest(_message.Message):
    __slots__ = ("model", "program", "manifest", "directory", "limits", "fingerprint", "lease", "draft")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    PROGRAM_FIELD_NUMBER: _ClassVar[int]
    MANIFEST_FIELD_NUMBER: _ClassVar[int]
    DIRECTORY_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    LEASE_FIELD_NUMBER: _ClassVar[int]
    DRAFT_FIELD_NUMBER: _ClassVar[int]
    model: str
    program: _program_pb2.Program
    manifest: _program_pb2.Manifest
    directory: str
    limits: ModelLimits
    fingerprint: bytes
    lease: str
    draft: str
    def __init__(self, model: _Optional[str] = ..., program: _Optional[_Union[_program_pb2.Program, _Mapping]] = ..., manifest: _Optional[_Union[_program_pb2.Manifest, _Mapping]] = ..., directory: _Optional[str] = ..., limits: _Optional[_Union[ModelLimits, _Mapping]] = ..., fingerprint: _Optional[bytes] = ..., lease: _Optional[str] = ..., draft: _Optional[str] = ...) -> None: ...

class ModelLimits(_message.Message):
    __slots__ = ("context_length", "vocabulary_size")
    CONTEXT_LENGTH_FIELD_NUMBER: _ClassVar[int]
    VOCABULARY_SIZE_FIELD_NUMBER: _ClassVar[int]
    context_length: int
    vocabulary_size: int
    def __init__(self, context_length: _Optional[int] = ..., vocabulary_size: _Optional[int] = ...) -> None: ...

class ModelDescription(_message.Message):
    __slots__ = ("model", "fingerprint", "weight_bytes", "limits", "already_loaded", "functions", "missing")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_BYTES_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    ALREADY_LOADED_FIELD_NUMBER: _ClassVar[int]
    FUNCTIONS_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    model: str
    fingerprint: bytes
    weight_bytes: int
    limits: ModelLimits
    already_loaded: bool
    functions: _containers.RepeatedScalarFieldContainer[str]
    missing: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, model: _Optional[str] = ..., fingerprint: _Optional[bytes] = ..., weight_bytes: _Optional[int] = ..., limits: _Optional[_Union[ModelLimits, _Mapping]] = ..., already_loaded: _Optional[bool] = ..., functions: _Optional[_Iterable[str]] = ..., missing: _Optional[_Iterable[bytes]] = ...) -> None: ...

class UnloadModelRequest(_message.Message):
    __slots__ = ("model",)
    MODEL_FIELD_NUMBER: _ClassVar[int]
    model: str
    def __init__(self, model: _Optional[str] = ...) -> None: ...

class UnloadModelResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListModelsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListModelsResponse(_message.Message):
    __slots__ = ("models",)
    MODELS_FIELD_NUMBER: _ClassVar[int]
    models: _containers.RepeatedCompositeFieldContainer[ModelDescription]
    def __init__(self, models: _Optional[_Iterable[_Union[ModelDescription, _Mapping]]] = ...) -> None: ...

class WorkCommand(_message.Message):
    __slots__ = ("submit", "cancel", "lease")
    class Submit(_message.Message):
        __slots__ = ("request", "lease", "generate")
        REQUEST_FIELD_NUMBER: _ClassVar[int]
        LEASE_FIELD_NUMBER: _ClassVar[int]
        GENERATE_FIELD_NUMBER: _ClassVar[int]
        request: int
        lease: str
        generate: _generation_pb2.GenerateRequest
        def __init__(self, request: _Optional[int] = ..., lease: _Optional[str] = ..., generate: _Optional[_Union[_generation_pb2.GenerateRequest, _Mapping]] = ...) -> None: ...
    class Cancel(_message.Message):
        __slots__ = ("request",)
        REQUEST_FIELD_NUMBER: _ClassVar[int]
        request: int
        def __init__(self, request: _Optional[int] = ...) -> None: ...
    class LeaseChange(_message.Message):
        __slots__ = ("lease", "ended")
        LEASE_FIELD_NUMBER: _ClassVar[int]
        ENDED_FIELD_NUMBER: _ClassVar[int]
        lease: str
        ended: bool
        def __init__(self, lease: _Optional[str] = ..., ended: _Optional[bool] = ...) -> None: ...
    SUBMIT_FIELD_NUMBER: _ClassVar[int]
    CANCEL_FIELD_NUMBER: _ClassVar[int]
    LEASE_FIELD_NUMBER: _ClassVar[int]
    submit: WorkCommand.Submit
    cancel: WorkCommand.Cancel
    lease: WorkCommand.LeaseChange
    def __init__(self, submit: _Optional[_Union[WorkCommand.Submit, _Mapping]] = ..., cancel: _Optional[_Union[WorkCommand.Cancel, _Mapping]] = ..., lease: _Optional[_Union[WorkCommand.LeaseChange, _Mapping]] = ...) -> None: ...

class WorkEvents(_message.Message):
    __slots__ = ("events", "leases")
    class RequestEvent(_message.Message):
        __slots__ = ("request", "event")
        REQUEST_FIELD_NUMBER: _ClassVar[int]
        EVENT_FIELD_NUMBER: _ClassVar[int]
        request: int
        event: _generation_pb2.GenerateEvent
        def __init__(self, request: _Optional[int] = ..., event: _Optional[_Union[_generation_pb2.GenerateEvent, _Mapping]] = ...) -> None: ...
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    LEASES_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[WorkEvents.RequestEvent]
    leases: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, events: _Optional[_Iterable[_Union[WorkEvents.RequestEvent, _Mapping]]] = ..., leases: _Optional[_Iterable[str]] = ...) -> None: ...

class OpenSessionRequest(_message.Message):
    __slots__ = ("lease", "model")
    LEASE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    lease: str
    model: str
    def __init__(self, lease: _Optional[str] = ..., model: _Optional[str] = ...) -> None: ...

class OpenSessionResponse(_message.Message):
    __slots__ = ("session",)
    SESSION_FIELD_NUMBER: _ClassVar[int]
    session: int
    def __init__(self, session: _Optional[int] = ...) -> None: ...

class ForkSessionRequest(_message.Message):
    __slots__ = ("lease", "session", "keep")
    LEASE_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    KEEP_FIELD_NUMBER: _ClassVar[int]
    lease: str
    session: int
    keep: int
    def __init__(self, lease: _Optional[str] = ..., session: _Optional[int] = ..., keep: _Optional[int] = ...) -> None: ...

class CloseSessionRequest(_message.Message):
    __slots__ = ("lease", "sessions")
    LEASE_FIELD_NUMBER: _ClassVar[int]
    SESSIONS_FIELD_NUMBER: _ClassVar[int]
    lease: str
    sessions: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, lease: _Optional[str] = ..., sessions: _Optional[_Iterable[int]] = ...) -> None: ...

class CloseSessionResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class StepRow(_message.Message):
    __slots__ = ("session", "parent", "crop", "keep", "tokens", "positions", "embeddings", "logits")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    CROP_FIELD_NUMBER: _ClassVar[int]
    KEEP_FIELD_NUMBER: _ClassVar[int]
    TOKENS_FIELD_NUMBER: _ClassVar[int]
    POSITIONS_FIELD_NUMBER: _ClassVar[int]
    EMBEDDINGS_FIELD_NUMBER: _ClassVar[int]
    LOGITS_FIELD_NUMBER: _ClassVar[int]
    session: int
    parent: int
    crop: bool
    keep: int
    tokens: _containers.RepeatedScalarFieldContainer[int]
    positions: _containers.RepeatedScalarFieldContainer[int]
    embeddings: _program_pb2.Tensor
    logits: int
    def __init__(self, session: _Optional[int] = ..., parent: _Optional[int] = ..., crop: _Optional[bool] = ..., keep: _Optional[int] = ..., tokens: _Optional[_Iterable[int]] = ..., positions: _Optional[_Iterable[int]] = ..., embeddings: _Optional[_Union[_program_pb2.Tensor, _Mapping]] = ..., logits: _Optional[int] = ...) -> None: ...

class StepRequest(_message.Message):
    __slots__ = ("lease", "model", "rows", "outputs", "close")
    LEASE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    CLOSE_FIELD_NUMBER: _ClassVar[int]
    lease: str
    model: str
    rows: _containers.RepeatedCompositeFieldContainer[StepRow]
    outputs: _containers.RepeatedScalarFieldContainer[str]
    close: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, lease: _Optional[str] = ..., model: _Optional[str] = ..., rows: _Optional[_Iterable[_Union[StepRow, _Mapping]]] = ..., outputs: _Optional[_Iterable[str]] = ..., close: _Optional[_Iterable[int]] = ...) -> None: ...

class NamedTensor(_message.Message):
    __slots__ = ("name", "tensor")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    name: str
    tensor: _program_pb2.Tensor
    def __init__(self, name: _Optional[str] = ..., tensor: _Optional[_Union[_program_pb2.Tensor, _Mapping]] = ...) -> None: ...

class StepResponse(_message.Message):
    __slots__ = ("outputs", "queue_seconds", "compute_seconds")
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    QUEUE_SECONDS_FIELD_NUMBER: _ClassVar[int]
    COMPUTE_SECONDS_FIELD_NUMBER: _ClassVar[int]
    outputs: _containers.RepeatedCompositeFieldContainer[NamedTensor]
    queue_seconds: float
    compute_seconds: float
    def __init__(self, outputs: _Optional[_Iterable[_Union[NamedTensor, _Mapping]]] = ..., queue_seconds: _Optional[float] = ..., compute_seconds: _Optional[float] = ...) -> None: ...

class StepReply(_message.Message):
    __slots__ = ("response", "failure")
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    response: StepResponse
    failure: _generation_pb2.Failure
    def __init__(self, response: _Optional[_Union[StepResponse, _Mapping]] = ..., failure: _Optional[_Union[_generation_pb2.Failure, _Mapping]] = ...) -> None: ...

class CallRequest(_message.Message):
    __slots__ = ("lease", "model", "function", "inputs", "share", "room")
    LEASE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    FUNCTION_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    ROOM_FIELD_NUMBER: _ClassVar[int]
    lease: str
    model: str
    function: str
    inputs: _containers.RepeatedCompositeFieldContainer[NamedTensor]
    share: int
    room: int
    def __init__(self, lease: _Optional[str] = ..., model: _Optional[str] = ..., function: _Optional[str] = ..., inputs: _Optional[_Iterable[_Union[NamedTensor, _Mapping]]] = ..., share: _Optional[int] = ..., room: _Optional[int] = ...) -> None: ...

class CallResponse(_message.Message):
    __slots__ = ("outputs", "queue_seconds", "compute_seconds", "together")
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    QUEUE_SECONDS_FIELD_NUMBER: _ClassVar[int]
    COMPUTE_SECONDS_FIELD_NUMBER: _ClassVar[int]
    TOGETHER_FIELD_NUMBER: _ClassVar[int]
    outputs: _containers.RepeatedCompositeFieldContainer[NamedTensor]
    queue_seconds: float
    compute_seconds: float
    together: int
    def __init__(self, outputs: _Optional[_Iterable[_Union[NamedTensor, _Mapping]]] = ..., queue_seconds: _Optional[float] = ..., compute_seconds: _Optional[float] = ..., together: _Optional[int] = ...) -> None: ...

class CallReply(_message.Message):
    __slots__ = ("response", "failure", "shared")
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    SHARED_FIELD_NUMBER: _ClassVar[int]
    response: CallResponse
    failure: _generation_pb2.Failure
    shared: SharedMemory
    def __init__(self, response: _Optional[_Union[CallResponse, _Mapping]] = ..., failure: _Optional[_Union[_generation_pb2.Failure, _Mapping]] = ..., shared: _Optional[_Union[SharedMemory, _Mapping]] = ...) -> None: ...

class SharedMemory(_message.Message):
    __slots__ = ("path", "size", "proof")
    PATH_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    PROOF_FIELD_NUMBER: _ClassVar[int]
    path: str
    size: int
    proof: bytes
    def __init__(self, path: _Optional[str] = ..., size: _Optional[int] = ..., proof: _Optional[bytes] = ...) -> None: ...

class Transfer(_message.Message):
    __slots__ = ("transfer", "lease")
    TRANSFER_FIELD_NUMBER: _ClassVar[int]
    LEASE_FIELD_NUMBER: _ClassVar[int]
    transfer: str
    lease: str
    def __init__(self, transfer: _Optional[str] = ..., lease: _Optional[str] = ...) -> None: ...

class TensorChunk(_message.Message):
    __slots__ = ("lease", "header", "data")
    LEASE_FIELD_NUMBER: _ClassVar[int]
    HEADER_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    lease: str
    header: _program_pb2.Tensor
    data: bytes
    def __init__(self, lease: _Optional[str] = ..., header: _Optional[_Union[_program_pb2.Tensor, _Mapping]] = ..., data: _Optional[bytes] = ...) -> None: ...

class ContentChunk(_message.Message):
    __slots__ = ("lease", "digest", "size", "data")
    LEASE_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    lease: str
    digest: bytes
    size: int
    data: bytes
    def __init__(self, lease: _Optional[str] = ..., digest: _Optional[bytes] = ..., size: _Optional[int] = ..., data: _Optional[bytes] = ...) -> None: ...

class ContentStored(_message.Message):
    __slots__ = ("bytes",)
    BYTES_FIELD_NUMBER: _ClassVar[int]
    bytes: int
    def __init__(self, bytes: _Optional[int] = ...) -> None: ...

class StatsRequest(_message.Message):
    __slots__ = ("access_records",)
    ACCESS_RECORDS_FIELD_NUMBER: _ClassVar[int]
    access_records: bool
    def __init__(self, access_records: _Optional[bool] = ...) -> None: ...

class StatsResponse(_message.Message):
    __slots__ = ("worker", "device", "models", "blocks_total", "blocks_free", "sessions", "running", "waiting", "prompt_tokens", "generated_tokens", "prefix_hits", "preemptions", "steps", "leases", "access_source", "records", "loading", "arena", "drafted_tokens", "accepted_tokens")
    class ModelStats(_message.Message):
        __slots__ = ("model", "weight_bytes", "requests", "paged_frames", "resident_frames", "quarantined")
        MODEL_FIELD_NUMBER: _ClassVar[int]
        WEIGHT_BYTES_FIELD_NUMBER: _ClassVar[int]
        REQUESTS_FIELD_NUMBER: _ClassVar[int]
        PAGED_FRAMES_FIELD_NUMBER: _ClassVar[int]
        RESIDENT_FRAMES_FIELD_NUMBER: _ClassVar[int]
        QUARANTINED_FIELD_NUMBER: _ClassVar[int]
        model: str
        weight_bytes: int
        requests: int
        paged_frames: int
        resident_frames: int
        quarantined: bool
        def __init__(self, model: _Optional[str] = ..., weight_bytes: _Optional[int] = ..., requests: _Optional[int] = ..., paged_frames: _Optional[int] = ..., resident_frames: _Optional[int] = ..., quarantined: _Optional[bool] = ...) -> None: ...
    class Tier(_message.Message):
        __slots__ = ("name", "bytes", "seconds", "failures", "bytes_per_second", "rests")
        NAME_FIELD_NUMBER: _ClassVar[int]
        BYTES_FIELD_NUMBER: _ClassVar[int]
        SECONDS_FIELD_NUMBER: _ClassVar[int]
        FAILURES_FIELD_NUMBER: _ClassVar[int]
        BYTES_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
        RESTS_FIELD_NUMBER: _ClassVar[int]
        name: str
        bytes: int
        seconds: float
        failures: int
        bytes_per_second: float
        rests: bool
        def __init__(self, name: _Optional[str] = ..., bytes: _Optional[int] = ..., seconds: _Optional[float] = ..., failures: _Optional[int] = ..., bytes_per_second: _Optional[float] = ..., rests: _Optional[bool] = ...) -> None: ...
    class Arena(_message.Message):
        __slots__ = ("frames", "weight_frames", "kv_frames", "hits", "hit_bytes", "misses", "missed_bytes", "fetched_bytes", "drops", "policy", "scrubbed_bytes", "damaged", "failed", "tiers")
        FRAMES_FIELD_NUMBER: _ClassVar[int]
        WEIGHT_FRAMES_FIELD_NUMBER: _ClassVar[int]
        KV_FRAMES_FIELD_NUMBER: _ClassVar[int]
        HITS_FIELD_NUMBER: _ClassVar[int]
        HIT_BYTES_FIELD_NUMBER: _ClassVar[int]
        MISSES_FIELD_NUMBER: _ClassVar[int]
        MISSED_BYTES_FIELD_NUMBER: _ClassVar[int]
        FETCHED_BYTES_FIELD_NUMBER: _ClassVar[int]
        DROPS_FIELD_NUMBER: _ClassVar[int]
        POLICY_FIELD_NUMBER: _ClassVar[int]
        SCRUBBED_BYTES_FIELD_NUMBER: _ClassVar[int]
        DAMAGED_FIELD_NUMBER: _ClassVar[int]
        FAILED_FIELD_NUMBER: _ClassVar[int]
        TIERS_FIELD_NUMBER: _ClassVar[int]
        frames: int
        weight_frames: int
        kv_frames: int
        hits: int
        hit_bytes: int
        misses: int
        missed_bytes: int
        fetched_bytes: int
        drops: int
        policy: str
        scrubbed_bytes: int
        damaged: int
        failed: int
        tiers: _containers.RepeatedCompositeFieldContainer[StatsResponse.Tier]
        def __init__(self, frames: _Optional[int] = ..., weight_frames: _Optional[int] = ..., kv_frames: _Optional[int] = ..., hits: _Optional[int] = ..., hit_bytes: _Optional[int] = ..., misses: _Optional[int] = ..., missed_bytes: _Optional[int] = ..., fetched_bytes: _Optional[int] = ..., drops: _Optional[int] = ..., policy: _Optional[str] = ..., scrubbed_bytes: _Optional[int] = ..., damaged: _Optional[int] = ..., failed: _Optional[int] = ..., tiers: _Optional[_Iterable[_Union[StatsResponse.Tier, _Mapping]]] = ...) -> None: ...
    class AccessRecord(_message.Message):
        __slots__ = ("time", "source", "extent", "first_page", "pages", "uses")
        TIME_FIELD_NUMBER: _ClassVar[int]
        SOURCE_FIELD_NUMBER: _ClassVar[int]
        EXTENT_FIELD_NUMBER: _ClassVar[int]
        FIRST_PAGE_FIELD_NUMBER: _ClassVar[int]
        PAGES_FIELD_NUMBER: _ClassVar[int]
        USES_FIELD_NUMBER: _ClassVar[int]
        time: float
        source: str
        extent: str
        first_page: int
        pages: int
        uses: int
        def __init__(self, time: _Optional[float] = ..., source: _Optional[str] = ..., extent: _Optional[str] = ..., first_page: _Optional[int] = ..., pages: _Optional[int] = ..., uses: _Optional[int] = ...) -> None: ...
    class Loading(_message.Message):
        __slots__ = ("model", "bytes_done", "bytes_total")
        MODEL_FIELD_NUMBER: _ClassVar[int]
        BYTES_DONE_FIELD_NUMBER: _ClassVar[int]
        BYTES_TOTAL_FIELD_NUMBER: _ClassVar[int]
        model: str
        bytes_done: int
        bytes_total: int
        def __init__(self, model: _Optional[str] = ..., bytes_done: _Optional[int] = ..., bytes_total: _Optional[int] = ...) -> None: ...
    WORKER_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    BLOCKS_TOTAL_FIELD_NUMBER: _ClassVar[int]
    BLOCKS_FREE_FIELD_NUMBER: _ClassVar[int]
    SESSIONS_FIELD_NUMBER: _ClassVar[int]
    RUNNING_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    PROMPT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    GENERATED_TOKENS_FIELD_NUMBER: _ClassVar[int]
    PREFIX_HITS_FIELD_NUMBER: _ClassVar[int]
    PREEMPTIONS_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    LEASES_FIELD_NUMBER: _ClassVar[int]
    ACCESS_SOURCE_FIELD_NUMBER: _ClassVar[int]
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    LOADING_FIELD_NUMBER: _ClassVar[int]
    ARENA_FIELD_NUMBER: _ClassVar[int]
    DRAFTED_TOKENS_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_TOKENS_FIELD_NUMBER: _ClassVar[int]
    worker: str
    device: str
    models: _containers.RepeatedCompositeFieldContainer[StatsResponse.ModelStats]
    blocks_total: int
    blocks_free: int
    sessions: int
    running: int
    waiting: int
    prompt_tokens: int
    generated_tokens: int
    prefix_hits: int
    preemptions: int
    steps: int
    leases: int
    access_source: str
    records: _containers.RepeatedCompositeFieldContainer[StatsResponse.AccessRecord]
    loading: _containers.RepeatedCompositeFieldContainer[StatsResponse.Loading]
    arena: StatsResponse.Arena
    drafted_tokens: int
    accepted_tokens: int
    def __init__(self, worker: _Optional[str] = ..., device: _Optional[str] = ..., models: _Optional[_Iterable[_Union[StatsResponse.ModelStats, _Mapping]]] = ..., blocks_total: _Optional[int] = ..., blocks_free: _Optional[int] = ..., sessions: _Optional[int] = ..., running: _Optional[int] = ..., waiting: _Optional[int] = ..., prompt_tokens: _Optional[int] = ..., generated_tokens: _Optional[int] = ..., prefix_hits: _Optional[int] = ..., preemptions: _Optional[int] = ..., steps: _Optional[int] = ..., leases: _Optional[int] = ..., access_source: _Optional[str] = ..., records: _Optional[_Iterable[_Union[StatsResponse.AccessRecord, _Mapping]]] = ..., loading: _Optional[_Iterable[_Union[StatsResponse.Loading, _Mapping]]] = ..., arena: _Optional[_Union[StatsResponse.Arena, _Mapping]] = ..., drafted_tokens: _Optional[int] = ..., accepted_tokens: _Optional[int] = ...) -> None: ...

class TraceRequest(_message.Message):
    __slots__ = ("source", "interval_seconds")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_SECONDS_FIELD_NUMBER: _ClassVar[int]
    source: str
    interval_seconds: float
    def __init__(self, source: _Optional[str] = ..., interval_seconds: _Optional[float] = ...) -> None: ...

class TraceBatch(_message.Message):
    __slots__ = ("source", "time", "page_bytes", "extents", "extent", "uses", "instruction", "thread", "address", "lost", "step_seconds", "processor_seconds", "unwatched")
    class Extent(_message.Message):
        __slots__ = ("model", "name", "first_page", "pages")
        MODEL_FIELD_NUMBER: _ClassVar[int]
        NAME_FIELD_NUMBER: _ClassVar[int]
        FIRST_PAGE_FIELD_NUMBER: _ClassVar[int]
        PAGES_FIELD_NUMBER: _ClassVar[int]
        model: str
        name: str
        first_page: int
        pages: int
        def __init__(self, model: _Optional[str] = ..., name: _Optional[str] = ..., first_page: _Optional[int] = ..., pages: _Optional[int] = ...) -> None: ...
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    PAGE_BYTES_FIELD_NUMBER: _ClassVar[int]
    EXTENTS_FIELD_NUMBER: _ClassVar[int]
    EXTENT_FIELD_NUMBER: _ClassVar[int]
    USES_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTION_FIELD_NUMBER: _ClassVar[int]
    THREAD_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    LOST_FIELD_NUMBER: _ClassVar[int]
    STEP_SECONDS_FIELD_NUMBER: _ClassVar[int]
    PROCESSOR_SECONDS_FIELD_NUMBER: _ClassVar[int]
    UNWATCHED_FIELD_NUMBER: _ClassVar[int]
    source: str
    time: float
    page_bytes: int
    extents: _containers.RepeatedCompositeFieldContainer[TraceBatch.Extent]
    extent: _containers.RepeatedScalarFieldContainer[int]
    uses: _containers.RepeatedScalarFieldContainer[int]
    instruction: _containers.RepeatedScalarFieldContainer[int]
    thread: _containers.RepeatedScalarFieldContainer[int]
    address: _containers.RepeatedScalarFieldContainer[int]
    lost: int
    step_seconds: float
    processor_seconds: float
    unwatched: int
    def __init__(self, source: _Optional[str] = ..., time: _Optional[float] = ..., page_bytes: _Optional[int] = ..., extents: _Optional[_Iterable[_Union[TraceBatch.Extent, _Mapping]]] = ..., extent: _Optional[_Iterable[int]] = ..., uses: _Optional[_Iterable[int]] = ..., instruction: _Optional[_Iterable[int]] = ..., thread: _Optional[_Iterable[int]] = ..., address: _Optional[_Iterable[int]] = ..., lost: _Optional[int] = ..., step_seconds: _Optional[float] = ..., processor_seconds: _Optional[float] = ..., unwatched: _Optional[int] = ...) -> None: ...
