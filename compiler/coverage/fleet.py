"""Several examinations at a time, each in a child of this process, one worker of the engine per lane."""

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import torch
import torch.export
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

import aweigh.compiler.compilation  # noqa: F401  (imported before the fork, once for all children)
from aweigh.compiler.coverage.examine import examine
from aweigh.compiler.coverage.isolate import Child, start
from aweigh.compiler.coverage.verdict import Verdict
from aweigh.compiler.coverage.worker import WorkerProcess


def type_names() -> list[str]:
    """Returns every type that coverage goes over, in transformers' order."""
    return list(MODEL_FOR_CAUSAL_LM_MAPPING_NAMES)


class Fleet:
    """`jobs` lanes. Children are forked on the caller's thread only; threads do nothing but wait for them."""

    def __init__(self, jobs: int, seconds: float, memory: int) -> None:
        torch.set_num_threads(1)
        self._seconds, self._memory = seconds, memory
        self._workers = [WorkerProcess() for _ in range(jobs)]

    def examine(self, names: Sequence[str]) -> Iterator[tuple[str, Verdict]]:
        """Yields each name with its verdict, as they come."""
        queue, free = list(reversed(names)), list(self._workers)
        running: dict[Future[tuple[object, str]], tuple[str, WorkerProcess]] = {}
        with ThreadPoolExecutor(len(self._workers)) as pool:
            while queue or running:
                while queue and free:
                    name, worker = queue.pop(), free.pop()
                    running[pool.submit(self._start(name, worker).collect)] = name, worker
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    name, worker = running.pop(future)
                    free.append(worker)
                    yield name, _verdict(*future.result())

    def _start(self, name: str, worker: WorkerProcess) -> Child:
        address = worker.address()
        return start(lambda: examine(name, address).to_json(), self._seconds, self._memory)

    def close(self) -> None:
        """Ends all workers."""
        for worker in self._workers:
            worker.close()


def _verdict(answer: object, fate: str) -> Verdict:
    return Verdict(**answer) if isinstance(answer, dict) else Verdict(reason=f"The examination {fate}.")
