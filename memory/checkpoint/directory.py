"""A checkpoint directory: which file holds which tensor.

Two forms are read: `model.safetensors`, or the shards that `model.safetensors.index.json` names. Shard names are plain names of
files in the same directory: an index cannot point elsewhere. Pickles (`pytorch_model.bin`, `*.pt`, `*.ckpt`) are never opened.
"""

import json
import os
from pathlib import Path

from aweigh.memory.checkpoint.file import CheckpointFile, open_regular
from aweigh.memory.checkpoint.header import TensorEntry
from aweigh.memory.core import Extent
from aweigh.proto.errors import CheckpointInvalid, ModelNotFound

SINGLE = "model.safetensors"
INDEX = "model.safetensors.index.json"
MAX_INDEX_BYTES = 100_000_000
MAX_SHARDS = 4_096


class Checkpoint:
    """The files of a directory, each opened and checked, and every tensor's place. Closing it leaves mappings alone."""

    def __init__(self, directory: str | Path, *, may_lack_data: bool = False) -> None:
        """`may_lack_data`: its files may end with their headers, since somebody else has the data. Raises ModelNotFound if there is no such directory, CheckpointInvalid if its files are not what they should be."""
        self.directory = Path(directory)
        if not os.path.isabs(directory) or "\0" in str(directory) or not os.path.isdir(directory):
            raise ModelNotFound(
                f"{str(directory)!r} is no directory on the engine's machine: give an absolute path to the checkpoint"
            )
        self._may_lack_data = may_lack_data
        self.files: list[CheckpointFile] = []
        self._file_of: dict[str, CheckpointFile] = {}
        try:
            self._open()
        except OSError as error:
            self.close()
            raise CheckpointInvalid(f"the checkpoint {directory} cannot be read: {error.strerror or error}") from None
        except BaseException:
            self.close()
            raise

    def __contains__(self, name: str) -> bool:
        return name in self._file_of

    @property
    def whole(self) -> bool:
        """Whether the data is there, too."""
        return all(file.whole for file in self.files)

    @property
    def names(self) -> list[str]:
        """Names of all tensors."""
        return list(self._file_of)

    def file(self, name: str) -> CheckpointFile:
        """The file that holds a tensor. Raises CheckpointInvalid."""
        try:
            return self._file_of[name]
        except KeyError:
            raise CheckpointInvalid(
                f"the checkpoint has no tensor {name!r}: it does not fit the model's configuration"
            ) from None

    def entry(self, name: str) -> TensorEntry:
        """Raises CheckpointInvalid."""
        return self.file(name).tensors[name]

    def extent(self, name: str) -> Extent:
        """Raises CheckpointInvalid."""
        return self.file(name).extent(name)

    def close(self) -> None:
        for file in self.files:
            file.close()

    def _file(self, name: str) -> CheckpointFile:
        return CheckpointFile(self.directory / name, may_lack_data=self._may_lack_data)

    def _open(self) -> None:
        if (self.directory / INDEX).exists():
            weight_map = _weight_map(self.directory / INDEX)
            opened = {name: self._file(name) for name in sorted(set(weight_map.values()))}
            self.files = list(opened.values())
            for tensor, name in weight_map.items():
                if tensor not in opened[name].tensors:
                    raise CheckpointInvalid(f"tensor {tensor!r} is not in {name}, where {INDEX} says it is")
                self._file_of[tensor] = opened[name]
        elif (self.directory / SINGLE).exists() or (self.directory / SINGLE).is_symlink():
            self.files = [self._file(SINGLE)]
            self._file_of = dict.fromkeys(self.files[0].tensors, self.files[0])
        else:
            raise CheckpointInvalid(
                f"the checkpoint has neither {SINGLE} nor {INDEX}: convert it with save_pretrained, pickles are never opened"
            )


def _weight_map(path: Path) -> dict[str, str]:
    descriptor = open_regular(path)
    with os.fdopen(descriptor, "rb") as stream:
        text = stream.read(MAX_INDEX_BYTES + 1)
    if len(text) > MAX_INDEX_BYTES:
        raise CheckpointInvalid(f"{INDEX} has more than {MAX_INDEX_BYTES} bytes")
    try:
        decoded = json.loads(text)
    except (ValueError, RecursionError):
        raise CheckpointInvalid(f"{INDEX} is no JSON") from None
    weight_map = decoded.get("weight_map") if isinstance(decoded, dict) else None
    if not isinstance(weight_map, dict) or not weight_map:
        raise CheckpointInvalid(f"{INDEX} has no weight_map")
    for tensor, name in weight_map.items():
        if (
            not isinstance(name, str)
            or os.path.basename(name) != name
            or not name.endswith(".safetensors")
            or "\0" in name
        ):
            raise CheckpointInvalid(
                f"{INDEX} places tensor {tensor!r} in {name!r}: only safetensors files beside it are read"
            )
    if len(set(weight_map.values())) > MAX_SHARDS:
        raise CheckpointInvalid(f"{INDEX} names more than {MAX_SHARDS} files")
    return weight_map
