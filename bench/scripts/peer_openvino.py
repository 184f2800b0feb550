"""OpenVINO GenAI with continuous batching, for `bench.peers`: `python peer_openvino.py MODEL THREADS`, in an environment that has it.

A line {"prompts": [[token, ...], ...], "new": [count, ...]} is answered by {"first": [seconds, ...], "seconds": seconds}: until the first token of each, and
until the last of all. Greedy, and nothing ends before its count.
"""

import json
import os
import sys
import time

import numpy
import openvino
import openvino_genai

settings = {
    "INFERENCE_NUM_THREADS": int(sys.argv[2]),
    "PERFORMANCE_HINT": "LATENCY",
    "INFERENCE_PRECISION_HINT": "bf16",
}
scheduler = openvino_genai.SchedulerConfig()
scheduler.cache_size = 2
scheduler.max_num_seqs = 32
scheduler.max_num_batched_tokens = 2048
scheduler.enable_prefix_caching = False
pipeline = openvino_genai.ContinuousBatchingPipeline(sys.argv[1], scheduler, "CPU", settings)
print(json.dumps({"pid": os.getpid(), "version": openvino_genai.__version__}), flush=True)
numbers = 0
for line in sys.stdin:
    question = json.loads(line)
    prompts, new = question["prompts"], question["new"]
    begin = time.perf_counter()
    handles = []
    for prompt, count in zip(prompts, new, strict=True):
        config = openvino_genai.GenerationConfig()
        config.max_new_tokens = config.min_new_tokens = count
        config.ignore_eos, config.do_sample = True, False
        numbers += 1
        tokens = openvino.Tensor(numpy.array([prompt], dtype=numpy.int64))
        handles.append(pipeline.add_request(numbers, tokens, config))
    first: list[float | None] = [None] * len(prompts)
    got = [0] * len(prompts)
    while any(have < count for have, count in zip(got, new, strict=True)):
        if pipeline.has_non_finished_requests():
            pipeline.step()
        for index, handle in enumerate(handles):
            while handle.can_read():
                got[index] += sum(len(part.generated_ids) for part in handle.read().values())
                if first[index] is None:
                    first[index] = time.perf_counter() - begin
    print(json.dumps({"first": first, "seconds": time.perf_counter() - begin}), flush=True)
