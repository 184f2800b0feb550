"""Bodies that nobody thought of: the door answers every one in OpenAI's shape, and never with a status above 499."""

import json
from typing import Any

import httpx2
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from tests.integration.http.door import Door

from aweigh.serverless.http.fields import ChatRequest, CompletionRequest, DetokenizeRequest, TokenizeRequest

ROUTES: dict[str, tuple[type[BaseModel], dict[str, Any]]] = {
    "/v1/completions": (CompletionRequest, {"model": "small", "prompt": "x", "max_tokens": 1}),
    "/v1/chat/completions": (ChatRequest, {"model": "org/chat", "messages": [{"role": "user"}], "max_tokens": 1}),
    "/tokenize": (TokenizeRequest, {"model": "small", "prompt": "x"}),
    "/detokenize": (DetokenizeRequest, {"model": "small", "tokens": [1]}),
}
_plain = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 70), 1 << 70)
    | st.integers(-2, 40)
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["small", "org/chat", "text", "json_object", "none", "\ud800", "\x00"])
)
_keys = st.text(max_size=4) | st.sampled_from(["type", "role", "content", "text", "json_schema", "schema", "5", "-1"])
_any = st.recursive(_plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3))


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, Any]:
    """A body that is right but for some fields."""
    route = draw(st.sampled_from(sorted(ROUTES)))
    kind, body = ROUTES[route]
    names = [name for name in sorted(kind.model_fields) if name not in ("max_tokens", "max_completion_tokens")]
    changed = draw(st.dictionaries(st.sampled_from(names), _any, max_size=3))
    return route, {**body, **changed}


def test_never_a_status_above_499(door: Door) -> None:
    with httpx2.Client(base_url=door.url, timeout=60) as client:

        @settings(max_examples=300)
        @given(requests())
        def one(asked: tuple[str, Any]) -> None:
            route, body = asked
            answer = client.post(route, content=json.dumps(body), headers={"content-type": "application/json"})
            assert answer.status_code < 500, answer.text
            if answer.status_code >= 400:
                error = answer.json()["error"]
                assert set(error) == {"message", "type", "param", "code"} and error["message"]
            elif "text/event-stream" in answer.headers["content-type"]:
                assert answer.text.endswith("data: [DONE]\n\n")
            else:
                answer.json()

        one()
