"""A model by its name on the Hugging Face hub: what it takes of it, and the sentence where it cannot be had.

Weights are taken as safetensors alone, and files that `assets` would keep: no pickle is even downloaded.
"""

import re
from pathlib import Path

from aweigh.memory.store.assets import NAMES, SUFFIXES
from aweigh.proto.errors import ModelNotFound

_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


def is_hub_name(model: str) -> bool:
    """Whether it may be an ORGANISATION/MODEL of the hub."""
    return _ID.fullmatch(model) is not None and ".." not in model


def downloaded(model: str) -> Path:
    """The directory of a model, downloaded if it is not in the hub's cache. Raises ModelNotFound."""
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, RepositoryNotFoundError
    except ImportError:
        raise ModelNotFound(
            f"{model!r} is no directory here, and no hub can be asked: pip install huggingface_hub, or give a directory"
        ) from None
    wanted = [
        "*.safetensors",
        "*.safetensors.index.json",
        *(f"*{suffix}" for suffix in sorted(SUFFIXES)),
        *sorted(NAMES),
    ]
    try:
        return Path(snapshot_download(model, allow_patterns=wanted))
    except RepositoryNotFoundError:
        raise ModelNotFound(
            f"the hub has no model {model!r}, or not for you: check the name, or log in with `hf auth login`"
        ) from None
    except LocalEntryNotFoundError:
        raise ModelNotFound(
            f"{model!r} is no directory here, and the hub cannot be reached: check the network, or give a directory"
        ) from None
    except (HfHubHTTPError, OSError, ValueError) as error:
        reason = str(error).strip().splitlines()
        raise ModelNotFound(
            f"{model!r} cannot be had from the hub ({reason[0] if reason else type(error).__name__}): give a directory"
        ) from None
