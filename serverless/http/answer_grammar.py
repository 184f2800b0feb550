"""What an answer must be: OpenAI's `response_format`, and vLLM's `guided_json`, `guided_regex`, `guided_grammar` and `guided_choice`, or
the arguments of a tool. Pure.

The grammar itself is read and proved by the engine, which knows the tokenizer.
"""

import json
import re
from typing import Any

from aweigh.proto.v1 import generation_pb2
from aweigh.serverless.http.errors import Unfit
from aweigh.serverless.http.fields import MAX_GRAMMAR, Sampling
from aweigh.serverless.http.forced_tool import forced_tool

_ANY_OBJECT = '{"type":"object"}'


def grammar_of(request: Sampling) -> generation_pb2.Grammar | None:
    """None: anything. Raises Unfit."""
    names = ("guided_json", "guided_regex", "guided_grammar", "guided_choice")
    asked = [name for name in names if getattr(request, name) is not None]
    said = request.response_format or {"type": "text"}
    kind = said.get("type")
    if kind not in ("text", "json_object", "json_schema"):
        raise Unfit("response_format", "response_format.type is 'text', 'json_object' or 'json_schema'")
    tool = forced_tool(request)
    asked += ["tool_choice"] * (tool is not None) + ["response_format"] * (kind != "text")
    if len(asked) > 1:
        raise Unfit(asked[0], f"{asked[0]} is not the only thing that the answer is bound to: choose one")
    if not asked:
        return None
    name = asked[0]
    if request.ignore_eos or request.min_tokens:
        raise Unfit(name, f"an answer that {name} binds ends where it is whole: leave out ignore_eos and min_tokens")
    if tool is not None:
        return generation_pb2.Grammar(json_schema=_schema(name, tool.schema))
    if request.guided_regex is not None:
        return generation_pb2.Grammar(regex=request.guided_regex)
    if request.guided_grammar is not None:
        return generation_pb2.Grammar(lark=request.guided_grammar)
    if request.guided_choice is not None:
        return generation_pb2.Grammar(regex="|".join(map(_literal, request.guided_choice)))
    if request.guided_json is not None:
        return generation_pb2.Grammar(json_schema=_schema(name, request.guided_json))
    if kind == "json_object":
        return generation_pb2.Grammar(json_schema=_ANY_OBJECT)
    named = said.get("json_schema")
    if not isinstance(named, dict) or not isinstance(named.get("schema"), dict):
        raise Unfit("response_format", "response_format.json_schema.schema is the schema, an object")
    return generation_pb2.Grammar(json_schema=_schema(name, named["schema"]))


def _schema(name: str, said: str | dict[str, Any]) -> str:
    text = said if isinstance(said, str) else json.dumps(said)
    if len(text) > MAX_GRAMMAR:
        raise Unfit(name, f"a schema has at most {MAX_GRAMMAR} characters")
    return text


def _literal(text: str) -> str:
    """A regular expression for a text, in the syntax of Rust's regex."""
    return re.sub(r"([\\.+*?()|\[\]{}^$#&~/-])", r"\\\1", text)
