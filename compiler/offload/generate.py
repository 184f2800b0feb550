"""The `generate` rung: transformers prepares, the engine loops.

`GenerationMixin.generate` runs here as it is: defaults, warnings, errors, padding checks, expansion to `num_return_sequences`, the
streamer's prompt. Only its last act for greedy and sampling modes, `_sample`, is replaced: where the engine can run the loop it does
(rung `generate`), else transformers' own loop runs here over the stub's forward (rung `step`). Beam search and assisted decoding
have loops of their own and are always on `step`.
"""

import functools
import os
import time
from collections.abc import Callable, Iterator
from typing import Any, cast

import torch
from transformers import StaticCache

from aweigh.compiler.offload import explain, sampling
from aweigh.compiler.offload.cache import NAMES, adopt, is_begun, named
from aweigh.compiler.offload.connection import connection
from aweigh.compiler.offload.encoder import Deferred, inputs_of
from aweigh.compiler.offload.inputs import check_ids
from aweigh.compiler.offload.library_code import own_loop
from aweigh.compiler.offload.own_state import own_state
from aweigh.compiler.offload.settings import current
from aweigh.compiler.offload.stub import Stub, stub_of
from aweigh.proto.errors import EngineLost, PromptTooLong, UnsupportedModel
from aweigh.proto.status import from_kind
from aweigh.proto.v1 import front_door_pb2, generation_pb2

# What `generate` passes on to the loop besides its own parameters, and which value of it the engine's loop has.
_IGNORED = frozenset(
    {
        "tokenizer",
        "attention_mask",
        "encoder_outputs",
        "decoder_attention_mask",
        "position_ids",
        *NAMES,
        "use_cache",
        "logits_to_keep",
        "return_dict",
    }
)


def install(mixin: Any) -> None:
    """Patches GenerationMixin in place."""
    original: Callable[..., Any] = mixin._sample

    @functools.wraps(original)
    def _sample(
        self: Any,
        input_ids: torch.Tensor,
        logits_processor: Any,
        stopping_criteria: Any,
        generation_config: Any,
        synced_gpus: bool = False,
        streamer: Any = None,
        **model_kwargs: Any,
    ) -> Any:
        stub = stub_of(self)
        why = "the loop is synchronised between processes" if synced_gpus else ""
        if stub is not None and not synced_gpus and stub.refusal(self) is None:
            try:
                request = _request(
                    stub, self, input_ids, logits_processor, stopping_criteria, generation_config, model_kwargs
                )
            except (sampling.Unknown, UnsupportedModel) as unknown:
                why = str(unknown)  # transformers' loop runs here, and its forward passes choose their rungs
            else:
                try:
                    return _remote(stub, stub.placement(self).ops, request, input_ids, streamer)
                except PromptTooLong as error:
                    if current().strict:
                        raise
                    why = str(error)  # transformers itself knows no limit, or says so in its own words
        if isinstance(model_kwargs.get("encoder_outputs"), Deferred):
            model_kwargs["encoder_outputs"] = _encoded(stub, self, model_kwargs["encoder_outputs"], why)
        before = time.perf_counter()
        with explain.because(why):
            result = original(
                self,
                input_ids,
                logits_processor,
                stopping_criteria,
                generation_config,
                synced_gpus,
                streamer,
                **model_kwargs,
            )
        if stub is not None and stub.detached is None:
            tokens = result if isinstance(result, torch.Tensor) else result.sequences
            _count(stub, tokens.shape[1] - input_ids.shape[1], before, None)
        return result

    mixin._sample = _sample
    for name in ("_beam_search", "_assisted_decoding"):
        setattr(mixin, name, _told(getattr(mixin, name), name.strip("_").replace("_", " ")))
    prepare: Callable[..., Any] = mixin._prepare_cache_for_generation

    @functools.wraps(prepare)
    def _prepare_cache_for_generation(
        self: Any, generation_config: Any, model_kwargs: dict[str, Any], generation_mode: Any, *args: Any
    ) -> Any:
        result = prepare(self, generation_config, model_kwargs, generation_mode, *args)
        stub, cache = stub_of(self), named(model_kwargs)
        if self.config.is_encoder_decoder:
            return result  # its cache holds keys of two kinds, and never goes to the engine
        refused = generation_mode == "assisted_generation" and type(cache) is StaticCache  # by transformers, soon
        if stub is not None and cache is not None and not refused and stub.refusal(self) is None:
            # before masks are made: a static cache would ask for one of four dimensions
            adopt(cache, stub.depth, grows=True)
        return result

    mixin._prepare_cache_for_generation = _prepare_cache_for_generation


def _encoded(stub: Stub | None, model: Any, deferred: Deferred, why: str) -> Any:
    """The encoder's output, computed here, for a loop that runs here."""
    if stub is not None:
        reason = stub.refusal(model) or f"generate of a model with an encoder, with {why or 'a loop of its own'}"
        stub.come_home(model, reason, once=True)
    answer = deferred.here(model)
    if stub is not None and stub.detached is None:
        stub.settle(model)
    return answer


def _told(loop: Callable[..., Any], reason: str) -> Callable[..., Any]:
    """A loop of transformers' own that always runs here."""

    @functools.wraps(loop)
    def told(*args: Any, **kwargs: Any) -> Any:
        with explain.because(reason):
            return loop(*args, **kwargs)

    return told


def _request(
    stub: Stub,
    model: Any,
    input_ids: torch.Tensor,
    processors: Any,
    criteria: Any,
    config: Any,
    model_kwargs: dict[str, Any],
) -> generation_pb2.GenerateRequest:
    """Raises sampling.Unknown for a loop that the engine cannot run."""
    if any((config.output_scores, config.output_logits, config.output_attentions, config.output_hidden_states)):
        raise sampling.Unknown("scores are asked for")
    if config.return_dict_in_generate or config.is_assistant or config.prefill_chunk_size is not None:
        raise sampling.Unknown("the cache is asked for")
    if model._forward_hooks or model._forward_pre_hooks:
        raise sampling.Unknown("a hook on the model")
    if (replaced := own_loop(model)) is not None:
        raise sampling.Unknown(replaced)
    if any(value is not None for key, value in model_kwargs.items() if key not in _IGNORED):
        raise sampling.Unknown("further inputs")
    cache, kind = named(model_kwargs), cast(Any, type(model))
    if cache is not None and (own_state(kind) or getattr(cache, "_is_user_defined", False) or is_begun(cache)):
        raise sampling.Unknown("a cache of the script's own")
    if input_ids.shape[1] == 0:
        raise sampling.Unknown("an empty prompt")
    if not isinstance(input_ids, torch.Tensor) or input_ids.dim() != 2:
        raise sampling.Unknown("a prompt that is not two-dimensional")
    check_ids(input_ids)
    place = stub.placement(model)
    mask = "decoder_attention_mask" if place.encoder else "attention_mask"
    padding = left_padding(input_ids, model_kwargs.get(mask))
    if not place.encoder and model_kwargs.get("encoder_outputs") is not None:
        raise sampling.Unknown("an encoder's output for a decoder alone")
    if place.encoder and (any(padding) or _holds_padding(model, input_ids)):
        raise sampling.Unknown("a padded prompt of the decoder")
    if any(padding) and not stub.keeps_out(model):
        raise sampling.Unknown("padding that the model lets into its state")
    if len(input_ids) > 1 and model_kwargs.get("use_cache") is not False and not stub.rows_apart(model):
        raise sampling.Unknown("several rows, which the model's state mixes")
    _check_positions(padding, input_ids.shape[1], model_kwargs.get("position_ids"))
    settings = sampling.translate(processors, criteria, config, input_ids.shape[1], padding)
    repeats = config.num_return_sequences or 1
    if repeats < 1:
        raise sampling.Unknown("less than one sequence")
    if place.end and input_ids.shape[1] + settings.max_new_tokens > place.end:
        raise sampling.Unknown("more tokens than the model's biases cover")
    request = generation_pb2.GenerateRequest(
        model=place.model,
        num_return_sequences=repeats,
        sampling=settings,
    )
    for tokens, pads in zip(input_ids.tolist()[::repeats], padding[::repeats], strict=True):
        request.prompts.add(tokens=tokens, left_padding=pads)
    if place.encoder:
        rows = inputs_of(model_kwargs.get("encoder_outputs"), place.encoder, input_ids.shape[0], repeats)
        for prompt, row in zip(request.prompts, rows, strict=True):
            prompt.encoder.extend(row)
    if settings.stop_strings:
        request.tokenizer_directory = _directory(model_kwargs.get("tokenizer"))
    if settings.do_sample:
        request.torch_generator = bytes(torch.default_generator.get_state().numpy())
    return request


def _holds_padding(model: Any, input_ids: torch.Tensor) -> bool:
    """Whether there is padding in a decoder's prompt, but for the token that begins it, which some models take for one."""
    pad = getattr(model.config, "pad_token_id", None)
    starts = [getattr(config, "decoder_start_token_id", None) for config in (model.config, model.generation_config)]
    return pad is not None and bool((input_ids[:, int(pad in starts) :] == pad).any())


def _directory(tokenizer: Any) -> str:
    """Where the tokenizer of stop strings was loaded from; empty: as the model. Raises sampling.Unknown for one that is in no file."""
    path = getattr(tokenizer, "name_or_path", "") or ""
    if tokenizer is not None and not os.path.isfile(os.path.join(path, "tokenizer.json")):
        raise sampling.Unknown("stop strings with a tokenizer that was not loaded from a directory")
    return os.path.abspath(path) if path else ""


def left_padding(input_ids: torch.Tensor, mask: torch.Tensor | None) -> list[int]:
    """Pads per row where a mask hides nothing but a prefix of each row. Raises sampling.Unknown for any other mask."""
    if mask is None:
        return [0] * input_ids.shape[0]
    if mask.shape != input_ids.shape:
        raise sampling.Unknown("an attention mask of another shape than the prompt")
    seen = mask != 0
    if not torch.equal(seen, mask == 1):
        raise sampling.Unknown("an attention mask of other values than 0 and 1")
    padding = (~seen).sum(dim=1)
    expected = torch.arange(mask.shape[1])[None, :] >= padding[:, None]
    if not torch.equal(seen, expected) or bool((padding == mask.shape[1]).any()):
        raise sampling.Unknown("an attention mask that hides more than pads on the left")
    found: list[int] = padding.tolist()
    return found


def _check_positions(padding: list[int], length: int, positions: torch.Tensor | None) -> None:
    if positions is None:
        return
    if positions.dim() != 2 or positions.shape[0] not in (1, len(padding)) or positions.shape[1] != length:
        raise sampling.Unknown("positions of another shape than the prompt")
    pads = torch.tensor(padding)[:, None]
    expected = torch.arange(length)[None, :] - pads
    if not bool(((positions == expected) | (expected < 0)).all()):
        raise sampling.Unknown("positions of the script's own")


def _remote(
    stub: Stub, ops: int, request: generation_pb2.GenerateRequest, input_ids: torch.Tensor, streamer: Any
) -> torch.Tensor:
    """Runs the loop, of passes of so many ops, on the engine.

    Returns [rows, prompt + new] token ids, padded as transformers pads finished rows.
    """
    stub.summary.calls["generate"] += 1
    pad = request.sampling.pad_token if request.sampling.HasField("pad_token") else 0
    columns: list[list[int]] = []
    rows = Rows(input_ids.shape[0], frozenset(request.sampling.eos_tokens), pad)
    before = time.perf_counter()
    first: float | None = None
    live = connection()
    events = live.stream(
        lambda: live.front_door.Generate, front_door_pb2.FrontDoorGenerateRequest(lease=live.lease, generate=request)
    )
    ended = False
    crossing = explain.Crossing(sent=explain.size(request))
    asked = before
    try:
        for event in events:
            now = time.perf_counter()
            crossing += explain.Crossing(received=explain.size(event), waited=now - asked)
            if event.HasField("failure"):
                raise from_kind(event.failure.kind, event.failure.message)
            ended = event.HasField("finished")
            if ended:
                usage = event.finished.usage
                crossing += explain.Crossing(
                    queue=usage.queue_seconds, engine=usage.total_seconds - usage.queue_seconds
                )
            for row in event.rows:
                rows.put(row.row, row.tokens)
            if ended:
                rows.finish()
            for column in rows.columns():
                first = first or time.perf_counter()
                columns.append(column)
                if streamer is not None:
                    streamer.put(torch.tensor(column))
            if ended and request.sampling.do_sample:
                state = torch.frombuffer(bytearray(event.finished.torch_generator), dtype=torch.uint8)
                torch.default_generator.set_state(state)
            asked = time.perf_counter()
    except PromptTooLong:
        stub.summary.calls["generate"] -= 1  # it was none
        raise
    except BaseException:
        events.cancel()  # first, and in C: see courier.py
        raise
    if not ended:
        raise EngineLost("the engine's answer ended in the middle: run the script again")
    _count(stub, len(columns), before, first)
    if streamer is not None:
        streamer.end()
    new = torch.tensor(columns).T if columns else input_ids[:, :0]  # torch.long, as transformers' loop makes them
    seconds = time.perf_counter() - before
    explain.call(stub.class_name, "generate", "", seconds=seconds, remote_ops=ops, crossing=crossing)
    return torch.cat([input_ids, new], dim=-1)


class Rows:
    """Tokens that come per row, in whatever portions, into columns of the lock-step loop: pads where a row has ended."""

    def __init__(self, count: int, eos: frozenset[int], pad: int) -> None:
        self._tokens: list[list[int]] = [[] for _ in range(count)]
        self._ended = [False] * count
        self._eos, self._pad, self._done, self._over = eos, pad, 0, False

    def put(self, row: int, tokens: Any) -> None:
        self._tokens[row].extend(tokens)
        if self._tokens[row] and self._tokens[row][-1] in self._eos:
            self._ended[row] = True

    def finish(self) -> None:
        """No more tokens will come."""
        self._over = True

    def columns(self) -> Iterator[list[int]]:
        """The columns that are complete by now and were not given before."""
        while any(len(tokens) > self._done for tokens in self._tokens):
            if not self._over and any(
                len(tokens) <= self._done and not ended for tokens, ended in zip(self._tokens, self._ended, strict=True)
            ):
                return
            yield [tokens[self._done] if len(tokens) > self._done else self._pad for tokens in self._tokens]
            self._done += 1


def _count(stub: Stub, tokens: int, before: float, first: float | None) -> None:
    """`tokens` is of one row; times are of the lock-step loop, whatever its width."""
    now = time.perf_counter()
    summary = stub.summary
    summary.tokens += tokens
    if first is not None:
        summary.first_token_seconds.append(first - before)
        if tokens > 1:
            summary.token_seconds.append((now - first) / (tokens - 1))
    elif tokens:
        summary.token_seconds.append((now - before) / tokens)
