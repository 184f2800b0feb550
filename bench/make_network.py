"""Make the weights of the networks in `scripts/networks.py`: drawn at random from a fixed seed, once, as safetensors.

python -m bench.make_network [NAME]
"""

from __future__ import annotations

import argparse
import importlib
import os
from pathlib import Path

from bench.make_model import models_root

NAMES = ("resnet50", "vit_b", "bert_base", "nothing")


def write_weights(name: str, path: Path) -> None:
    """Save the state of network `name`. Batch norms get statistics of noise, so that values neither grow nor vanish."""
    import torch
    from safetensors.torch import save_file

    networks = importlib.import_module("bench.scripts.networks").NETWORKS
    torch.manual_seed(0)
    network = networks[name]()
    if any(isinstance(module, torch.nn.BatchNorm2d) for module in network.modules()):
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.momentum = None  # averages of all batches instead of moving ones
        with torch.no_grad():
            network.train()(*network.inputs(4))
    save_file(network.state_dict(), path)


def weights(name: str, root: Path | None = None) -> Path:
    """The file with the weights of network `name`, made now if it is not there yet."""
    if name not in NAMES:
        raise ValueError(f"there is no network named {name!r}; choose one of {', '.join(NAMES)}.")
    path = (root or models_root()) / f"{name}.safetensors"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}.new")
        write_weights(name, new)
        new.rename(path)
    return path


def main() -> None:
    """Make what the command line names, or all."""
    parser = argparse.ArgumentParser(description="Make the weights of the measured networks.")
    parser.add_argument("name", nargs="*", default=list(NAMES))
    for name in parser.parse_args().name:
        print(weights(name))


if __name__ == "__main__":
    main()
