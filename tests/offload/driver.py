"""Runs ordinary scripts one after another in one interpreter, so that a dozen of them pay for one import of torch.

``python driver.py MODEL ASSISTANT SCRIPT...``: each script sees itself as `__main__` with `sys.argv` = [script, MODEL, ASSISTANT].
"""

import runpy
import sys
import traceback

import torch

model, assistant, *scripts = sys.argv[1:]
torch.set_num_threads(1)
for script in scripts:
    sys.argv = [script, model, assistant]
    print(f"=== {script}", flush=True)
    torch.manual_seed(0)
    torch.set_grad_enabled(True)
    try:
        runpy.run_path(script, run_name="__main__")
    except Exception:  # noqa: BLE001 - a script's own failure is a result, to be compared like any other
        traceback.print_exc(limit=0, file=sys.stdout)
        traceback.print_exc()
    sys.stdout.flush()
