"""Plays the cases of `bench.fuzz`: one line of JSON in, one line out. An ordinary script; with and without us it is the same.

    play.py MODELS [--witness]

Each case seeds torch by its own number, so that it answers the same alone as after a hundred others. What it says of a case is
everything that a script could see: values, structure, what callbacks and streamers were given, exceptions, and where torch's
generator stands afterwards. `--witness` adds how close each decision was.
"""

import hashlib
import json
import os
import sys
import time
import warnings
from collections.abc import Mapping
from typing import Any

import torch
import transformers
from encode import encode, failure
from values import Scene
from witness import Witness


def play(case: Mapping[str, Any], scene: Scene, witness: Witness | None) -> dict[str, Any]:
    """The answer to one case. An exception is an answer; what is no Exception ends the process."""
    torch.manual_seed(case["number"])
    scene.begin(case)
    before, began = rungs(), time.perf_counter()
    values: list[Any] = []
    error = None
    try:
        for act in case["acts"]:
            arguments = {name: scene.value(value) for name, value in act["arguments"].items()}
            scene.previous = scene.call(act["call"], arguments)
            values.append(encode(seen(case["kind"], act["call"], arguments, scene.previous)))
    except Exception as caught:  # noqa: BLE001  it is compared like any other answer
        error = failure(caught)
    answer = {
        "values": values,
        "error": error,
        "observed": encode(scene.observed),
        "generator": hashlib.sha256(torch.default_generator.get_state().numpy().tobytes()).hexdigest(),
        "seconds": round(time.perf_counter() - began, 4),
        "rungs": {name: count - before.get(name, 0) for name, count in rungs().items()},
    }
    if witness is not None:
        answer["decisions"] = witness.take()
    return answer


def seen(kind: str, call: str, arguments: Mapping[str, Any], value: Any) -> Any:
    """What is compared of an answer: all of it, but for columns of a pass that the script itself masked: there ours has zeros."""
    if call == "cache":
        return None  # the answer before
    mask = arguments.get("attention_mask")
    if kind != "decoder" or not isinstance(mask, torch.Tensor) or mask.dim() != 2 or bool(mask.all()):
        return value
    ids = next((arguments[name] for name in ("input_ids", "inputs_embeds", "inputs") if name in arguments), mask)
    hidden = mask[:, -ids.shape[1] :] == 0

    behind = (
        64 if call == "generate" else 1
    )  # without a cache every pass has the prompt again, and the tokens so far behind it

    def blank(item: Any) -> Any:
        if isinstance(item, transformers.utils.ModelOutput):
            return type(item)(**{name: blank(part) for name, part in item.items()})
        if isinstance(item, tuple):
            return tuple(blank(part) for part in item)
        if (
            isinstance(item, torch.Tensor)
            and item.dim() == 3
            and (more := item.shape[1] - hidden.shape[1]) in range(behind)
        ):
            rows, left = divmod(item.shape[0], hidden.shape[0])  # several sequences or beams of each prompt
            whole = torch.nn.functional.pad(hidden, (0, more)).repeat_interleave(rows, dim=0)
            return item if left else item.masked_fill(whole[:, :, None], 0.0)
        return item

    return blank(value)


def rungs() -> dict[str, int]:
    """How many calls each rung has had so far, by the summary of whoever offloads; nothing in a plain process."""
    summary = sys.modules.get("aweigh.compiler.offload.summary")
    counts: dict[str, int] = {}
    for model in summary.SUMMARY.models if summary else ():
        for name, count in (model.calls | {f"local: {reason}": n for reason, n in model.local_reasons.items()}).items():
            counts[name] = counts.get(name, 0) + count
    return counts


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    sys.stdout = sys.stderr  # what a library prints is no answer
    warnings.simplefilter("ignore")
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    witness = Witness() if "--witness" in sys.argv else None
    scene = Scene(sys.argv[1])
    print(json.dumps({"pid": os.getpid()}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(play(json.loads(line), scene, witness)), file=answers, flush=True)


if __name__ == "__main__":
    main()
