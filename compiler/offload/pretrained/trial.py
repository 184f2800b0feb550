"""Loading without weights: transformers' own loader is given a checkpoint of tensors on `meta`.

So names are resolved, tensors converted and cast, and keys reported as missing, unexpected or mismatched by the code that would do it
with the bytes; nothing of it is known here. The headers come from the compiler's process: this one opens no weight file.
"""

import copy
import dataclasses
from typing import Any

import torch

from aweigh.compiler.offload.checkpoint import in_silence
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import CheckpointInvalid
from aweigh.proto.v1 import compiler_pb2


def load(model: Any, tensors: list[compiler_pb2.CheckpointTensor], load_config: Any) -> Any:
    """Puts tensors on `meta`, of the dtypes that they will have, in place of the model's. Returns transformers' LoadStateDictInfo.

    Raises CheckpointInvalid, with a clause that says which weights it does not hold: the model can still be loaded in earnest.
    """
    from transformers.core_model_loading import convert_and_load_state_dict_in_model

    state = {one.key: _empty(one) for one in tensors}
    trial = dataclasses.replace(
        load_config, device_map={"": "meta"}, weight_mapping=copy.deepcopy(load_config.weight_mapping)
    )
    with in_silence():
        info, _ = convert_and_load_state_dict_in_model(model=model, state_dict=state, load_config=trial)
    tied = getattr(model, "all_tied_weights_keys", {})
    lost = sorted(name for name in info.missing_keys if tied.get(name, name) in info.missing_keys)
    if lost:
        raise CheckpointInvalid(f"its checkpoint lacks {_some(lost)}")
    if info.mismatched_keys:
        raise CheckpointInvalid(
            f"its checkpoint has another shape for {_some(sorted(key for key, *_ in info.mismatched_keys))}"
        )
    if info.conversion_errors or info.error_msgs:
        raise CheckpointInvalid("its checkpoint cannot be converted")
    return info


def _empty(one: compiler_pb2.CheckpointTensor) -> torch.Tensor:
    dtype = getattr(torch, DType(one.dtype).torch_name)
    return torch.empty(tuple(one.shape), dtype=dtype, device="meta")


def _some(names: list[str]) -> str:
    return names[0] + (f" and {len(names) - 1} more" if len(names) > 1 else "")
