"""The routes. Whatever they raise is answered in OpenAI's shape, whoever raised it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from aweigh.proto.errors import AweighError, Overloaded
from aweigh.proto.status import from_rpc
from aweigh.proto.v1 import published_pb2 as pb
from aweigh.serverless.http.answering import Answering, chat_tokens
from aweigh.serverless.http.bodies import Bodies
from aweigh.serverless.http.errors import OF_STATUS, NoWorker, Unfit, body_of, headers_of, status_of
from aweigh.serverless.http.fields import ChatRequest, CompletionRequest, DetokenizeRequest, Sampling, TokenizeRequest
from aweigh.serverless.http.generation import Generation
from aweigh.serverless.http.sse import PATIENCE, ClientGone, EventStream, chunks, watched

_MAX_SENTENCE = 2000


class ErrorBody(BaseModel):
    """What is wrong."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class ErrorAnswer(BaseModel):
    """OpenAI's shape of errors."""

    error: ErrorBody


def application(answering: Answering, version: str, leaving: Callable[[], bool]) -> FastAPI:
    """The door's application; `leaving`: whether it takes nothing new."""
    responses: dict[int | str, dict[str, Any]] = {
        status: {"model": ErrorAnswer} for status in (400, 401, 404, 405, 408, 413, 429, 500, 503)
    }
    app = FastAPI(title="Aweigh", version=version, docs_url=None, redoc_url=None, responses=responses)
    _handle_errors(app, answering)
    door, models = answering.door, answering.models

    @app.get("/health")
    @app.get("/ping")
    @app.get("/ready")
    async def health() -> Response:
        if leaving() or not door.placement.ready:
            raise NoWorker("no worker serves now" if not leaving() else "the door is closing")
        return JSONResponse({"status": "ok"})

    @app.get("/version")
    async def version_of() -> dict[str, str]:
        return {"version": version}

    @app.get("/metrics")
    async def metrics() -> Response:
        status = await door.status()
        return Response(answering.metrics.render(status), media_type="text/plain; version=0.0.4")

    @app.get("/v1/models")
    async def list_models() -> dict[str, Any]:
        return {"object": "list", "data": [_model(entry) for entry in (await models.published.entries()).values()]}

    @app.get("/v1/models/{name:path}")
    async def get_model(name: str) -> dict[str, Any]:
        return _model(await models.published.entry(name))

    @app.post("/v1/completions", response_model=None)
    async def completions(body: CompletionRequest, request: Request) -> Response:
        return await _answer(request, body, answering.completion(body, request.state.tenant))

    @app.post("/v1/chat/completions", response_model=None)
    async def chat(body: ChatRequest, request: Request) -> Response:
        return await _answer(request, body, answering.chat(body, request.state.tenant))

    @app.post("/tokenize")
    async def tokenize(body: TokenizeRequest) -> dict[str, Any]:
        model = await models.get(body.model)
        if (body.prompt is None) == (body.messages is None):
            raise Unfit("prompt", "give either prompt or messages")
        if body.messages is not None:
            tokens = await chat_tokens(model, body.messages, body.add_generation_prompt)
        else:
            tokens = await asyncio.to_thread(model.tokenizer.encode, body.prompt or "", special=body.add_special_tokens)
        return {"tokens": tokens, "count": len(tokens)}

    @app.post("/detokenize")
    async def detokenize(body: DetokenizeRequest) -> dict[str, str]:
        model = await models.get(body.model)
        return {"prompt": await asyncio.to_thread(model.tokenizer.decode, body.tokens, skip_special=False)}

    _document(app)
    return app


async def _answer(request: Request, body: Sampling, begun: Awaitable[tuple[Generation, Bodies]]) -> Response:
    """Waits until an engine has begun, or a while, so that what is refused has its own status; then streams, or waits for all."""

    async def work() -> Response:
        generation, bodies = await begun
        if not body.stream:
            pieces = [piece async for some in generation.pieces() for piece in some]
            return Response(bodies.whole(pieces, generation.usage), media_type="application/json")
        rest = chunks(generation, bodies)
        first = asyncio.ensure_future(_next(rest))
        try:
            await asyncio.wait((first,), timeout=PATIENCE)
        except asyncio.CancelledError:
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            await rest.aclose()
            raise
        if first.done():
            first.result()
        return EventStream(first, rest)

    return await watched(request.receive, work())


async def _next(stream: Any) -> bytes:
    data: bytes = await anext(stream)
    return data


def _model(entry: pb.StoredEntry) -> dict[str, Any]:
    return {"id": entry.name, "object": "model", "created": int(entry.published), "owned_by": "aweigh"}


def _handle_errors(app: FastAPI, answering: Answering) -> None:
    @app.exception_handler(AweighError)
    async def typed(_: Request, error: AweighError) -> Response:
        if isinstance(error, Overloaded) and not answering.door.placement.ready:
            error = NoWorker(str(error))
        status = status_of(error)
        param = error.field if isinstance(error, Unfit) else None
        return Response(body_of(status, str(error), param), status.status, headers_of(status, error))

    @app.exception_handler(grpc.RpcError)
    async def remote(request: Request, error: grpc.RpcError) -> Response:
        return await typed(request, from_rpc(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        place = [str(part) for part in first["loc"] if part != "body"]
        is_json = first["type"] != "json_invalid"
        sentence = (
            f"{'.'.join(place)}: {first['msg']}"
            if is_json and place
            else f"the body is no JSON of this route: {first['msg']}"
        )
        status = OF_STATUS[400]
        return Response(
            body_of(status, sentence[:_MAX_SENTENCE], place[0] if is_json and place else None), 400, headers_of(status)
        )

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        status = OF_STATUS.get(error.status_code, OF_STATUS[400])
        sentences = {
            404: f"there is no route {request.method} {request.url.path}: /openapi.json lists them",
            405: f"{request.method} is no method of {request.url.path}: see the header allow",
        }
        sentence = sentences.get(error.status_code, str(error.detail))
        headers = {**headers_of(status), **(error.headers or {})}
        return Response(body_of(status, sentence[:_MAX_SENTENCE]), status.status, headers)

    @app.exception_handler(ClientGone)
    async def gone(_: Request, error: ClientGone) -> Response:
        return Response(status_code=499)

    @app.exception_handler(Exception)
    async def bug(_: Request, error: Exception) -> Response:
        status = OF_STATUS[500]
        return Response(
            body_of(status, f"{type(error).__name__}: see the log of the front door"), 500, headers_of(status)
        )


def _document(app: FastAPI) -> None:
    """The OpenAPI document: what is invalid is 400 here, not 422."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        for path in document["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
        return document

    app.openapi = openapi  # type: ignore[method-assign]
