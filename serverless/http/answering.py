"""From a request's body to a running generation: which model, which tokens, which bodies."""

import asyncio
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aweigh.proto.errors import InvalidRequest
from aweigh.proto.v1 import generation_pb2
from aweigh.serverless.front_door import FrontDoor
from aweigh.serverless.http import settings
from aweigh.serverless.http.answer_grammar import grammar_of
from aweigh.serverless.http.bodies import Bodies, ChatBodies, CompletionBodies, Head
from aweigh.serverless.http.choice import Choice
from aweigh.serverless.http.errors import Unfit
from aweigh.serverless.http.fields import ChatRequest, CompletionRequest, Message, Sampling
from aweigh.serverless.http.forced_tool import forced_tool
from aweigh.serverless.http.generation import Generation
from aweigh.serverless.http.metrics import Metrics
from aweigh.serverless.http.models import Models, ServedModel
from aweigh.serverless.http.stop_matcher import StopMatcher
from aweigh.serverless.http.tool_bodies import ToolBodies

INLINE_CHARACTERS = 8192  # of text that is cheaper to encode here than in a thread
MAX_ROWS = 1024  # of all prompts of a request together


@dataclass(slots=True)
class Answering:
    """Everything that a route of generation needs."""

    door: FrontDoor
    models: Models
    metrics: Metrics
    lease: str

    async def completion(self, request: CompletionRequest, tenant: str) -> tuple[Generation, Bodies]:
        """Raises whatever is wrong with the request or its model."""
        began = time.perf_counter()
        settings.refuse_unknown(request)
        model = await self.models.get(request.model)
        prompts = await _prompts(model, request)
        echoes: list[str] = []
        if request.echo:
            texts = [request.prompt] if isinstance(request.prompt, str) else request.prompt
            shown = [
                text if isinstance(text, str) else model.tokenizer.decode(tokens)
                for text, tokens in zip(texts if isinstance(texts[0], str) else prompts, prompts, strict=True)
            ]
            echoes = [text for text in shown for _ in range(request.n)]
        head = self._head(request, model, "cmpl", "text_completion", len(prompts))
        head.best = request.logprobs
        return await self._generation(request, model, prompts, began, tenant), CompletionBodies(head, echoes)

    async def chat(self, request: ChatRequest, tenant: str) -> tuple[Generation, Bodies]:
        """Raises whatever is wrong with the request or its model."""
        began = time.perf_counter()
        settings.refuse_unknown(request)
        model = await self.models.get(request.model)
        tools = None if request.tool_choice == "none" else request.tools
        tokens = await chat_tokens(
            model, request.messages, request.add_generation_prompt, tools, request.chat_template_kwargs
        )
        head = self._head(request, model, "chatcmpl", "chat.completion.chunk", 1)
        head.best = (request.top_logprobs or 0) if request.logprobs else None
        tool = forced_tool(request)
        bodies = ChatBodies(head) if tool is None else ToolBodies(head, tool.name)
        return await self._generation(request, model, [tokens], began, tenant), bodies

    def _head(self, request: Sampling, model: ServedModel, prefix: str, kind: str, prompts: int) -> Head:
        options = request.stream_options
        usage = options is not None and options.include_usage
        name = f"{prefix}-{uuid.uuid4().hex}"
        return Head(name, kind, int(time.time()), model.name, prompts * request.n, model.tokenizer, usage=usage)

    async def _generation(
        self, request: Sampling, model: ServedModel, prompts: Sequence[list[int]], began: float, tenant: str
    ) -> Generation:
        if len(prompts) * request.n > MAX_ROWS:
            raise Unfit("n", f"prompts x n may be at most {MAX_ROWS}: split the request")
        grammar = grammar_of(request)
        source = await self.models.ready(model)
        limits = source.limits
        ends, seed = settings.ends_of(request, model.defaults), settings.seed_of(request)
        calls: list[generation_pb2.GenerateRequest] = []
        choices: list[Choice] = []
        for tokens in prompts:
            room = settings.room(tokens, request, limits.context_length)
            call = generation_pb2.GenerateRequest(
                model=source.model,
                prompts=[generation_pb2.Prompt(tokens=tokens)],
                num_return_sequences=request.n,
                sampling=settings.sampling_of(request, model.defaults, room, limits.vocabulary_size),
                seed=seed,
                logprobs=settings.logprobs_of(request),
                grammar=grammar,
            )
            calls.append(call)
            for _ in range(request.n):
                detokenizer = model.tokenizer.detokenizer(tokens, skip_special=request.skip_special_tokens)
                stops = StopMatcher(request.stops, include=request.include_stop_str_in_output)
                choices.append(Choice(len(choices), detokenizer, stops, ends))
        during = self.models.answering(model)
        of_model = self.metrics.of_model(model.name)
        return Generation(self.door, self.lease, tenant, calls, choices, of_model, during, began)


async def chat_tokens(
    model: ServedModel,
    messages: Sequence[Message],
    generate: bool,
    tools: Sequence[dict[str, Any]] | None = None,
    more: dict[str, Any] | None = None,
) -> list[int]:
    """The prompt of a conversation. Raises InvalidRequest."""
    template = model.chat_template()
    plain = [_plain(message) for message in messages]

    def render() -> list[int]:
        text = template.render(plain, generate=generate, tools=tools, more=more)
        return model.tokenizer.encode(text, special=False)

    if sum(len(str(message)) for message in plain) <= INLINE_CHARACTERS:
        return render()
    return await asyncio.to_thread(render)


async def _prompts(model: ServedModel, request: CompletionRequest) -> list[list[int]]:
    given: Any = request.prompt
    if isinstance(given, list) and isinstance(given[0], int):
        return [given]
    if isinstance(given, list) and isinstance(given[0], list):
        return given
    texts: list[str] = [given] if isinstance(given, str) else given

    def encode() -> list[list[int]]:
        return [model.tokenizer.encode(text, special=request.add_special_tokens) for text in texts]

    if sum(map(len, texts)) <= INLINE_CHARACTERS:
        return encode()
    return await asyncio.to_thread(encode)


def _plain(message: Message) -> dict[str, Any]:
    """A message with its text in one piece. Raises InvalidRequest for parts that are no text."""
    said = message.model_dump()
    if isinstance(message.content, list):
        texts = [part.get("text") for part in message.content if part.get("type") == "text"]
        if len(texts) < len(message.content) or not all(isinstance(text, str) for text in texts):
            raise InvalidRequest("messages hold text only: models that see or hear are asked by scripts")
        said["content"] = "\n".join(str(text) for text in texts)
    elif message.content is None:
        said["content"] = ""
    return said
