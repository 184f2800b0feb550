"""A front door and worker in one process, with transformers itself behind the wire: the oracle that offload is tested against.

``python tests/fakes/oracle.py unix:PATH`` prints ``ready ADDRESS``. It loads the directory of a LoadModel request as a script would and
ignores the Program but for the dtype of its first floating slot. A session is its log; every step computes the whole log again.
A Program with one op is a graph of a module: the op's name is the path of what torch.export saved, and torch runs it.
"""

import queue
import secrets
import sys
import threading
from collections.abc import Iterator
from concurrent import futures
from typing import Any

import grpc
import torch
import transformers
from graphs import Graphs  # type: ignore[import-not-found]  # beside this file
from transformers import AutoModelForCausalLM, GenerationConfig

from aweigh.proto.dtypes import DType
from aweigh.proto.errors import LeaseEnded, ModelNotFound, SessionNotFound
from aweigh.proto.status import METADATA_KEY, abort_arguments
from aweigh.proto.v1 import engine_pb2, engine_pb2_grpc, front_door_pb2, front_door_pb2_grpc, generation_pb2


class _Relay:
    """A transformers streamer that puts every column of tokens into a queue; the prompt is skipped."""

    def __init__(self, sink: "queue.SimpleQueue[Any]") -> None:
        self.sink, self.prompt = sink, True

    def put(self, tokens: torch.Tensor) -> None:
        if not self.prompt:
            self.sink.put(tokens.tolist())
        self.prompt = False

    def end(self) -> None:
        pass


class Oracle(front_door_pb2_grpc.FrontDoorServicer, engine_pb2_grpc.EngineServicer):
    """Both services. `calls` counts them by name; `models` holds transformers' models by name."""

    def __init__(self) -> None:
        self.address = ""
        self.models: dict[str, Any] = {}
        self.leases: set[str] = set()
        self.sessions: dict[tuple[str, int], list[tuple[int, int]]] = {}
        self.lock = threading.Lock()
        self.graphs = Graphs()

    def Hold(self, request_iterator: Any, context: Any) -> Iterator[front_door_pb2.Lease]:
        lease = secrets.token_hex(8)
        next(request_iterator)
        self.leases.add(lease)
        context.add_callback(lambda: self.leases.discard(lease))
        yield front_door_pb2.Lease(lease=lease, epoch=1, version="0")
        for _ in request_iterator:
            pass

    def LoadModel(self, request: engine_pb2.LoadModelRequest, context: Any) -> front_door_pb2.Placement:
        if Graphs.understands(request.program):
            return front_door_pb2.Placement(model=self.graphs.load(request), worker="oracle", address=self.address)
        dtypes = [DType(slot.dtype) for slot in request.program.slots]
        dtype = next((getattr(torch, kind.torch_name) for kind in dtypes if kind.floating), "auto")
        name = f"{request.directory}:{dtype}"
        with self.lock:
            if name not in self.models:
                self.models[name] = AutoModelForCausalLM.from_pretrained(request.directory, dtype=dtype)
        model = engine_pb2.ModelDescription(model=name, limits=request.limits)
        return front_door_pb2.Placement(model=model, worker="oracle", address=self.address)

    def UnloadModel(self, request: engine_pb2.UnloadModelRequest, context: Any) -> engine_pb2.UnloadModelResponse:
        if self.graphs.models.pop(request.model, None) is None:
            _abort(context, ModelNotFound("no such model"))
        return engine_pb2.UnloadModelResponse()

    def PutContent(self, request_iterator: Any, context: Any) -> engine_pb2.ContentStored:
        stored: engine_pb2.ContentStored = self.graphs.put(request_iterator)
        return stored

    def Upload(self, request_iterator: Any, context: Any) -> engine_pb2.Transfer:
        made: engine_pb2.Transfer = self.graphs.upload(request_iterator)
        return made

    def Download(self, request: engine_pb2.Transfer, context: Any) -> Iterator[engine_pb2.TensorChunk]:
        yield from self.graphs.download(request)

    def Call(self, request: engine_pb2.CallRequest, context: Any) -> engine_pb2.CallResponse:
        if request.model not in self.graphs.models:
            _abort(context, ModelNotFound("no such model"))
        with self.lock:
            found: engine_pb2.CallResponse = self.graphs.call(request)
        return found

    def Calls(self, requests: Iterator[engine_pb2.CallRequest], context: Any) -> Iterator[engine_pb2.CallReply]:
        for request in requests:
            refusal = _Refusal()
            if request.share:
                failure = generation_pb2.Failure(kind="InvalidRequest", message="no memory is shared here")
                yield engine_pb2.CallReply(failure=failure)
                continue
            try:
                yield engine_pb2.CallReply(response=self.Call(request, refusal))
            except InterruptedError:
                yield engine_pb2.CallReply(failure=refusal.failure)

    def Generate(
        self, request: front_door_pb2.FrontDoorGenerateRequest, context: Any
    ) -> Iterator[generation_pb2.GenerateEvent]:
        if request.lease not in self.leases:
            _abort(context, LeaseEnded("no such lease"))
        if request.generate.model not in self.models:
            _abort(context, ModelNotFound("no such model"))
        sink: queue.SimpleQueue[Any] = queue.SimpleQueue()
        stop = threading.Event()
        context.add_callback(stop.set)
        threading.Thread(target=self._loop, args=(request.generate, sink, stop), daemon=True).start()
        ended: set[int] = set()
        eos = set(request.generate.sampling.eos_tokens)
        while isinstance(column := sink.get(), list):
            event = generation_pb2.GenerateEvent()
            for row, token in enumerate(column):
                if row not in ended:
                    event.rows.add(row=row, tokens=[token])
                if token in eos:
                    ended.add(row)
            yield event
        if isinstance(column, BaseException):
            failure = generation_pb2.Failure(kind="InvalidRequest", message=f"{type(column).__name__}: {column}")
            yield generation_pb2.GenerateEvent(failure=failure)
            return
        finished = generation_pb2.GenerateEvent.Finished(torch_generator=column or b"")
        yield generation_pb2.GenerateEvent(finished=finished)

    def _loop(self, request: generation_pb2.GenerateRequest, sink: Any, stop: threading.Event) -> None:
        model, settings = self.models[request.model], request.sampling
        with self.lock:
            try:
                ids = torch.tensor([list(prompt.tokens) for prompt in request.prompts])
                pads = torch.tensor([prompt.left_padding for prompt in request.prompts])
                mask = (torch.arange(ids.shape[1])[None] >= pads[:, None]).long()
                if settings.do_sample:
                    state = torch.frombuffer(bytearray(request.torch_generator), dtype=torch.uint8)
                    torch.default_generator.set_state(state)

                def stopped(ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
                    return torch.full((ids.shape[0],), stop.is_set())

                model.generate(
                    ids,
                    attention_mask=mask,
                    generation_config=_config(settings, request.num_return_sequences),
                    streamer=_Relay(sink),
                    stopping_criteria=[stopped],
                    tokenizer=_tokenizer(model) if settings.stop_strings else None,
                )
                sink.put(bytes(torch.default_generator.get_state().numpy()) if settings.do_sample else None)
            except Exception as error:  # noqa: BLE001 - the script hears of it
                sink.put(error)

    def Step(self, request: engine_pb2.StepRequest, context: Any) -> engine_pb2.StepResponse:
        if request.lease not in self.leases:
            _abort(context, LeaseEnded("no such lease"))
        lease, model = request.lease, self.models[request.model]
        for session in request.close:
            self.sessions.pop((lease, session), None)
        wanted: dict[str, list[torch.Tensor]] = {name: [] for name in request.outputs}
        logits = []
        for row in request.rows:
            log = self.sessions.setdefault((lease, row.session), [])
            if row.parent:
                if (lease, row.parent) not in self.sessions:
                    _abort(context, SessionNotFound(f"no session {row.parent}"))
                log[:] = self.sessions[lease, row.parent]
            if row.crop:
                del log[row.keep :]
            positions = list(row.positions) or range(len(log), len(log) + len(row.tokens))
            log.extend(zip(row.tokens, positions, strict=True))
            with self.lock, torch.no_grad():
                out = model(
                    torch.tensor([[token for token, _ in log]]),
                    position_ids=torch.tensor([[position for _, position in log]]),
                    output_hidden_states="hidden_states" in wanted,
                )
            if row.logits:
                logits.append(out.logits[0, -row.logits :])
            if "hidden_states" in wanted:
                wanted["hidden_states"].append(torch.stack(out.hidden_states)[:, 0, -len(row.tokens) :])
        response = engine_pb2.StepResponse()
        if logits:
            response.outputs.add(name="logits", tensor=_tensor(torch.cat(logits)))
        for name, parts in wanted.items():
            response.outputs.add(name=name, tensor=_tensor(torch.cat(parts, dim=1)))
        return response

    def Steps(self, requests: Iterator[engine_pb2.StepRequest], context: Any) -> Iterator[engine_pb2.StepReply]:
        for request in requests:
            refusal = _Refusal()
            try:
                yield engine_pb2.StepReply(response=self.Step(request, refusal))
            except InterruptedError:
                yield engine_pb2.StepReply(failure=refusal.failure)

    def CloseSession(self, request: engine_pb2.CloseSessionRequest, context: Any) -> engine_pb2.CloseSessionResponse:
        for session in request.sessions:
            self.sessions.pop((request.lease, session), None)
        return engine_pb2.CloseSessionResponse()

    def Status(self, request: Any, context: Any) -> front_door_pb2.StatusResponse:
        return front_door_pb2.StatusResponse(leases=len(self.leases))

    def Stats(self, request: Any, context: Any) -> engine_pb2.StatsResponse:
        return engine_pb2.StatsResponse(sessions=len(self.sessions), leases=len(self.leases))


def _config(settings: generation_pb2.SamplingSettings, repeats: int) -> GenerationConfig:
    """Back into transformers' words; what is absent is off."""
    names = (
        "temperature",
        "top_p",
        "min_p",
        "typical_p",
        "epsilon_cutoff",
        "eta_cutoff",
        "top_h",
        "repetition_penalty",
    )
    values: dict[str, Any] = {name: getattr(settings, name) for name in names if settings.HasField(name)}
    if settings.HasField("exponential_decay_start"):
        decay = (int(settings.exponential_decay_start), settings.exponential_decay_factor)
        values["exponential_decay_length_penalty"] = decay
    if settings.HasField("forced_bos_token"):
        values["forced_bos_token_id"] = settings.forced_bos_token
    return GenerationConfig(
        do_sample=settings.do_sample,
        top_k=settings.top_k if settings.HasField("top_k") else 0,
        no_repeat_ngram_size=settings.no_repeat_ngram_size or None,
        bad_words_ids=[list(word.tokens) for word in settings.bad_words] or None,
        suppress_tokens=list(settings.suppress_tokens) or None,
        begin_suppress_tokens=list(settings.begin_suppress_tokens) or None,
        forced_eos_token_id=list(settings.forced_eos_tokens) or None,
        min_length=settings.min_length,
        min_new_tokens=settings.min_new_tokens or None,
        max_new_tokens=settings.max_new_tokens,
        eos_token_id=list(settings.eos_tokens) or None,
        pad_token_id=settings.pad_token if settings.HasField("pad_token") else None,
        stop_strings=list(settings.stop_strings) or None,
        sequence_bias=[[list(entry.sequence.tokens), entry.bias] for entry in settings.sequence_bias] or None,
        renormalize_logits=settings.renormalize_logits,
        remove_invalid_values=settings.remove_invalid_values,
        num_return_sequences=max(1, repeats),
        **values,
    )


def _tokenizer(model: Any) -> Any:
    return transformers.AutoTokenizer.from_pretrained(model.config._name_or_path)


def _tensor(values: torch.Tensor) -> Any:
    from aweigh.proto.v1 import program_pb2

    values = values.contiguous()
    dtype = next(kind for kind in DType if kind.torch_name == str(values.dtype).removeprefix("torch."))
    return program_pb2.Tensor(
        dtype=f"DTYPE_{dtype.name}", shape=values.shape, data=values.flatten().view(torch.uint8).numpy().tobytes()
    )


class _Refusal:
    """Takes an abort as data."""

    def __init__(self) -> None:
        self.failure = generation_pb2.Failure()

    def set_trailing_metadata(self, metadata: Any) -> None:
        self.failure.kind = dict(metadata)[METADATA_KEY]

    def abort(self, code: grpc.StatusCode, details: str) -> None:
        self.failure.message = details
        raise InterruptedError


def _abort(context: Any, error: Exception) -> None:
    code, details, metadata = abort_arguments(error)
    context.set_trailing_metadata(metadata)
    context.abort(code, details)


def serve(address: str) -> grpc.Server:
    """Starts an oracle at `address`."""
    oracle = Oracle()
    options = (("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1))
    server = grpc.server(futures.ThreadPoolExecutor(32), options=options)
    front_door_pb2_grpc.add_FrontDoorServicer_to_server(oracle, server)
    engine_pb2_grpc.add_EngineServicer_to_server(oracle, server)
    server.add_insecure_port(address)
    oracle.address = address
    server.start()
    return server


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    running = serve(sys.argv[1])
    print("ready", sys.argv[1], flush=True)
    running.wait_for_termination()
