"""An ordinary script that is interrupted, catches that, and goes on with the same model.

``interrupted.py MODEL POINTS``: prints "caught" after the interrupt of a long stream and waits for a line; then interrupts a stream and a
loop of steps at POINTS points each, spread over all lines and returns of the code between script and wire, and says whether all that
came afterwards was right. How many lines a call takes depends on what its threads wait for: the last points may lie behind the end of a
shorter call, which then is not interrupted.
"""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Self

import torch
from transformers import AutoModelForCausalLM
from transformers.generation.streamers import BaseStreamer

PLACES = ("/compiler/offload/", "/grpc/", "/threading.py", "/queue.py")


class Interrupt:
    """Raises KeyboardInterrupt in this thread at event `at` of what runs inside; `count` is how many there were."""

    def __init__(self, at: int) -> None:
        self.at, self.count = at, 0

    def __enter__(self) -> Self:
        sys.settrace(self._enter)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _enter(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._trace if any(place in frame.f_code.co_filename for place in PLACES) else None

    def _trace(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event != "exception":
            self.count += 1
            if self.count == self.at:
                raise KeyboardInterrupt
        return self._trace


class Late(BaseStreamer):
    def __init__(self) -> None:
        self.puts = 0

    def put(self, value: torch.Tensor) -> None:
        self.puts += 1
        if self.puts == 4:
            raise KeyboardInterrupt

    def end(self) -> None:
        raise AssertionError


model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
prompt = torch.arange(3, 13).unsqueeze(0)


def stream(tokens: int = 12) -> list[int]:
    found: list[int] = model.generate(prompt, max_new_tokens=tokens, do_sample=False)[0].tolist()
    return found


@torch.no_grad()
def steps(interrupt: Interrupt | None = None, count: int = 6) -> tuple[list[int], bool]:
    """Greedy by hand. `interrupt` is for the third call; whatever became of that, it is made again."""
    output = model(prompt, use_cache=True)
    cache, tokens, caught = output.past_key_values, [], False
    for number in range(count):
        token = output.logits[:, -1:].argmax(-1)
        tokens.append(int(token))
        before = cache.get_seq_length()
        if number == 2 and interrupt is not None:
            try:
                with interrupt:
                    model(token, past_key_values=cache, use_cache=True)
            except KeyboardInterrupt:
                caught = True
            if cache.get_seq_length() > before:
                cache.crop(before - cache.get_seq_length())
        output = model(token, past_key_values=cache, use_cache=True)
    return tokens, caught


def points(count: int, run: Callable[[Interrupt], object]) -> list[int]:
    whole = Interrupt(-1)
    run(whole)
    return [1 + whole.count * number // count for number in range(count)]


def streamed(interrupt: Interrupt) -> bool:
    with interrupt:
        stream()
    return False


expected_stream, (expected_steps, _) = stream(), steps()
try:
    model.generate(prompt, max_new_tokens=20000, do_sample=False, streamer=Late())
except KeyboardInterrupt:
    print("caught", flush=True)
sys.stdin.readline()

interrupts = 0
for at in points(int(sys.argv[2]), streamed):
    try:
        streamed(Interrupt(at))
    except KeyboardInterrupt:
        interrupts += 1
    assert stream() == expected_stream, f"a stream after an interrupt at {at}"
print("streams", interrupts, flush=True)

interrupts = 0
for at in points(int(sys.argv[2]), steps):
    tokens, caught = steps(Interrupt(at))
    interrupts += caught
    assert tokens == expected_steps, f"steps with an interrupt at {at}"
assert stream() == expected_stream
print("steps", interrupts, flush=True)
