from aweigh.proto.v1 import generation_pb2 as _generation_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PublishedModel(_message.Message):
    __slots__ = ("version", "name", "digest", "structure", "used_as", "fingerprint", "tensors", "extents", "hashes", "files", "packs", "signatures")
    class Tensor(_message.Message):
        __slots__ = ("name", "dtype", "shape", "extent", "offset", "length")
        NAME_FIELD_NUMBER: _ClassVar[int]
        DTYPE_FIELD_NUMBER: _ClassVar[int]
        SHAPE_FIELD_NUMBER: _ClassVar[int]
        EXTENT_FIELD_NUMBER: _ClassVar[int]
        OFFSET_FIELD_NUMBER: _ClassVar[int]
        LENGTH_FIELD_NUMBER: _ClassVar[int]
        name: str
        dtype: str
        shape: _containers.RepeatedScalarFieldContainer[int]
        extent: int
        offset: int
        length: int
        def __init__(self, name: _Optional[str] = ..., dtype: _Optional[str] = ..., shape: _Optional[_Iterable[int]] = ..., extent: _Optional[int] = ..., offset: _Optional[int] = ..., length: _Optional[int] = ...) -> None: ...
    class File(_message.Message):
        __slots__ = ("path", "digest", "size")
        PATH_FIELD_NUMBER: _ClassVar[int]
        DIGEST_FIELD_NUMBER: _ClassVar[int]
        SIZE_FIELD_NUMBER: _ClassVar[int]
        path: str
        digest: bytes
        size: int
        def __init__(self, path: _Optional[str] = ..., digest: _Optional[bytes] = ..., size: _Optional[int] = ...) -> None: ...
    class Pack(_message.Message):
        __slots__ = ("hashes",)
        HASHES_FIELD_NUMBER: _ClassVar[int]
        hashes: bytes
        def __init__(self, hashes: _Optional[bytes] = ...) -> None: ...
    VERSION_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    STRUCTURE_FIELD_NUMBER: _ClassVar[int]
    USED_AS_FIELD_NUMBER: _ClassVar[int]
    FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    TENSORS_FIELD_NUMBER: _ClassVar[int]
    EXTENTS_FIELD_NUMBER: _ClassVar[int]
    HASHES_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    PACKS_FIELD_NUMBER: _ClassVar[int]
    SIGNATURES_FIELD_NUMBER: _ClassVar[int]
    version: int
    name: str
    digest: bytes
    structure: bytes
    used_as: str
    fingerprint: bytes
    tensors: _containers.RepeatedCompositeFieldContainer[PublishedModel.Tensor]
    extents: _containers.RepeatedScalarFieldContainer[int]
    hashes: bytes
    files: _containers.RepeatedCompositeFieldContainer[PublishedModel.File]
    packs: _containers.RepeatedCompositeFieldContainer[PublishedModel.Pack]
    signatures: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, version: _Optional[int] = ..., name: _Optional[str] = ..., digest: _Optional[bytes] = ..., structure: _Optional[bytes] = ..., used_as: _Optional[str] = ..., fingerprint: _Optional[bytes] = ..., tensors: _Optional[_Iterable[_Union[PublishedModel.Tensor, _Mapping]]] = ..., extents: _Optional[_Iterable[int]] = ..., hashes: _Optional[bytes] = ..., files: _Optional[_Iterable[_Union[PublishedModel.File, _Mapping]]] = ..., packs: _Optional[_Iterable[_Union[PublishedModel.Pack, _Mapping]]] = ..., signatures: _Optional[_Iterable[bytes]] = ...) -> None: ...

class StoreRequest(_message.Message):
    __slots__ = ("list", "open")
    LIST_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    list: ListStored
    open: OpenStored
    def __init__(self, list: _Optional[_Union[ListStored, _Mapping]] = ..., open: _Optional[_Union[OpenStored, _Mapping]] = ...) -> None: ...

class ListStored(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class OpenStored(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class StoredEntry(_message.Message):
    __slots__ = ("name", "content", "published")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_FIELD_NUMBER: _ClassVar[int]
    name: str
    content: bytes
    published: float
    def __init__(self, name: _Optional[str] = ..., content: _Optional[bytes] = ..., published: _Optional[float] = ...) -> None: ...

class OpenedModel(_message.Message):
    __slots__ = ("entry", "directory", "files")
    class FilesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: bytes
        def __init__(self, key: _Optional[str] = ..., value: _Optional[bytes] = ...) -> None: ...
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    DIRECTORY_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    entry: StoredEntry
    directory: str
    files: _containers.ScalarMap[str, bytes]
    def __init__(self, entry: _Optional[_Union[StoredEntry, _Mapping]] = ..., directory: _Optional[str] = ..., files: _Optional[_Mapping[str, bytes]] = ...) -> None: ...

class StoreAnswer(_message.Message):
    __slots__ = ("models", "opened", "failure")
    MODELS_FIELD_NUMBER: _ClassVar[int]
    OPENED_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    models: _containers.RepeatedCompositeFieldContainer[StoredEntry]
    opened: OpenedModel
    failure: _generation_pb2.Failure
    def __init__(self, models: _Optional[_Iterable[_Union[StoredEntry, _Mapping]]] = ..., opened: _Optional[_Union[OpenedModel, _Mapping]] = ..., failure: _Optional[_Union[_generation_pb2.Failure, _Mapping]] = ...) -> None: ...
