"""One type of model through everything: tiny configuration, oracle, compiler, paged engine, comparison."""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from aweigh.compiler.compilation import answer
from aweigh.compiler.coverage.oracle import NEW_TOKENS, Oracle, save_tiny_model, tiny_config
from aweigh.compiler.coverage.verdict import TIE, TOLERANCE, Verdict
from aweigh.compiler.coverage.worker import Client
from aweigh.proto.convert import program_from_message
from aweigh.proto.errors import AweighError
from aweigh.proto.program import Program
from aweigh.proto.v1 import compiler_pb2

_LONGEST_REASON = 240


def raised_share(program: Program) -> float:
    """Operators that have a name in the `aweigh` dialect, of all that are executed, weights not counted."""
    raised = plain = 0
    for function in program.functions:
        for block in function.blocks:
            aten = sum(op.kind.startswith("aten.") for op in block.ops) * block.repeat
            plain += aten
            raised += sum(op.kind != "weight" for op in block.ops) * block.repeat - aten
    return round(raised / max(raised + plain, 1), 4)


def _one_line(error: BaseException) -> str:
    details = getattr(error, "details", None)  # of a failed call
    text = str(details() if callable(details) else error).strip().splitlines()
    first = text[0] if text else ""
    if first.endswith(":") and len(text) > 1:
        first = f"{first} {text[1].strip()}"  # the first line only announces the cause
    return f"{type(error).__name__}: {first}"[:_LONGEST_REASON]


def examine(model_type: str, address: str) -> Verdict:
    """Returns the verdict; an exception anywhere is its reason, never raised."""
    begin = time.perf_counter()
    found: dict[str, Any] = {}
    stage = "transformers"
    try:
        with tempfile.TemporaryDirectory(prefix="aweigh-coverage-") as folder:
            directory = Path(folder)
            model_class, config = tiny_config(model_type)
            save_tiny_model(model_class, config, directory)
            oracle = Oracle(model_class, directory)
            logits_TV = oracle.logits(oracle.prompts[0])
            stage = "compiler"
            compiled = answer(compiler_pb2.CompileRequest(directory=folder, dtype="float32"))
            found |= {"captured": True, "raised_share": raised_share(program_from_message(compiled.program))}
            stage = "engine"
            found |= _compare(oracle, logits_TV, compiled, directory, address)
    except Exception as error:  # noqa: BLE001 (whatever a model's code raises is a finding)
        typed = isinstance(error, AweighError)
        found["reason"] = _one_line(error) if typed else f"{stage}: {_one_line(error)}"[:_LONGEST_REASON]
    return Verdict(**found, seconds=round(time.perf_counter() - begin, 1))


def _compare(oracle: Oracle, logits_TV: torch.Tensor, compiled: Any, directory: Path, address: str) -> dict[str, Any]:
    client, model = Client(address), ""
    try:
        model = client.load(compiled, directory)
        ours_TV = torch.from_numpy(client.logits(model, oracle.prompts[0]).copy())
        error = float((ours_TV - logits_TV).abs().max())
        found: dict[str, Any] = {"max_logit_error": error}
        if not error <= TOLERANCE * max(1.0, float(logits_TV.abs().max())):
            return found | {"reason": f"logits differ by {error:.2g}"}
        answers = client.greedy(model, oracle.prompts, NEW_TOKENS)
        excused = 0
        for prompt, tokens in zip(oracle.prompts, answers, strict=True):
            wanted = oracle.greedy(prompt)
            if tokens == wanted:
                continue
            if not _excused(oracle, prompt, tokens, wanted):
                return found | {"reason": "greedy tokens differ", "excused": excused}
            excused += 1
        return found | {"equal": True, "excused": excused}
    finally:
        client.close(model)


def _excused(oracle: Oracle, prompt: Sequence[int], tokens: Sequence[int], wanted: Sequence[int]) -> bool:
    same = next((n for n, (ours, theirs) in enumerate(zip(tokens, wanted, strict=False)) if ours != theirs), None)
    return same is not None and oracle.gap([*prompt, *wanted[:same]]) < TIE
