"""What /metrics says, in the names of vLLM, so that its dashboards are a find and replace away; `aweigh:` stands for `vllm:`."""

from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from aweigh.proto.v1 import front_door_pb2, generation_pb2

_FIRST = (0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160)
_BETWEEN = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5)
_WHOLE = (0.01, 0.05, 0.1, 0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960)
_MODEL = ("model_name",)


class Metrics:
    """A registry of its own, so that two doors in one process do not meet."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counter = partial(Counter, registry=self.registry)
        gauge = partial(Gauge, registry=self.registry, labelnames=("worker",))
        histogram = partial(Histogram, registry=self.registry, labelnames=_MODEL)
        self.prompt = counter("aweigh:prompt_tokens_total", "Tokens of prompts.", _MODEL)
        self.generated = counter("aweigh:generation_tokens_total", "Tokens of answers.", _MODEL)
        ended = (*_MODEL, "finished_reason")
        self.success = counter("aweigh:request_success_total", "Choices, by why they ended.", ended)
        self.first = histogram("aweigh:time_to_first_token_seconds", "Until the first token.", buckets=_FIRST)
        self.between = histogram("aweigh:inter_token_latency_seconds", "Between tokens.", buckets=_BETWEEN)
        self.whole = histogram("aweigh:e2e_request_latency_seconds", "Of whole requests.", buckets=_WHOLE)
        self.queue = histogram("aweigh:request_queue_time_seconds", "In the engine's queue.", buckets=_WHOLE)
        self.prefill = histogram("aweigh:request_prefill_time_seconds", "From queue to first token.", buckets=_WHOLE)
        self.decode = histogram("aweigh:request_decode_time_seconds", "From first token to last.", buckets=_WHOLE)
        by = ("route", "status")
        self.responses = counter("aweigh:http_responses_total", "Answers of the door, by route and status.", by)
        self.running = gauge("aweigh:num_requests_running", "Calls in a worker's batch.")
        self.waiting = gauge("aweigh:num_requests_waiting", "Calls in a worker's queue.")
        self.cache = gauge("aweigh:kv_cache_usage_perc", "Blocks in use, 0 to 1.")
        self.hits = gauge("aweigh:prefix_cache_hits", "Tokens found in the prefix cache.")
        self.queries = gauge("aweigh:prefix_cache_queries", "Tokens looked up there.")
        self._of_model: dict[str, OfModel] = {}
        self._of_answer: dict[tuple[str, int], Counter] = {}

    def of_model(self, model: str) -> "OfModel":
        """Of a model that exists: names that clients make up never become labels."""
        if model not in self._of_model:
            self._of_model[model] = OfModel(self, model)
        return self._of_model[model]

    def answered(self, route: str, status: int) -> None:
        """An answer has begun."""
        if (route, status) not in self._of_answer:
            self._of_answer[route, status] = self.responses.labels(route, str(status))
        self._of_answer[route, status].inc()

    def render(self, status: front_door_pb2.StatusResponse) -> bytes:
        """The text format, with what the workers say now."""
        for worker in status.workers:
            stats = worker.stats
            self.running.labels(worker.name).set(stats.running)
            self.waiting.labels(worker.name).set(stats.waiting)
            used = stats.blocks_total - stats.blocks_free
            self.cache.labels(worker.name).set(used / stats.blocks_total if stats.blocks_total else 0.0)
            self.hits.labels(worker.name).set(stats.prefix_hits)
            self.queries.labels(worker.name).set(stats.prompt_tokens)
        return generate_latest(self.registry)


class OfModel:
    """The children of one model: looked up once, not per request or token."""

    def __init__(self, metrics: Metrics, model: str) -> None:
        self._prompt = metrics.prompt.labels(model)
        self._generated = metrics.generated.labels(model)
        self._first = metrics.first.labels(model)
        self._between = metrics.between.labels(model)
        self._whole = metrics.whole.labels(model)
        self._queue = metrics.queue.labels(model)
        self._prefill = metrics.prefill.labels(model)
        self._decode = metrics.decode.labels(model)
        self._success = {reason: metrics.success.labels(model, reason) for reason in ("stop", "length", "abort")}

    def first_token(self, seconds: float) -> None:
        self._first.observe(seconds)

    def token(self, seconds: float) -> None:
        self._between.observe(seconds)

    def finished(self, reason: str) -> None:
        self._success[reason].inc()

    def engine(self, usage: generation_pb2.Usage) -> None:
        """What the engine says of a call that has ended."""
        self._queue.observe(usage.queue_seconds)
        self._prefill.observe(max(0.0, usage.first_token_seconds - usage.queue_seconds))
        self._decode.observe(max(0.0, usage.total_seconds - usage.first_token_seconds))

    def over(self, prompt: int, generated: int, seconds: float) -> None:
        """A request has ended, somehow."""
        self._prompt.inc(prompt)
        self._generated.inc(generated)
        self._whole.observe(seconds)
