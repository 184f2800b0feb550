"""A model's chat template, rendered as transformers renders it: the same environment, in jinja's sandbox.

A template is the model's author's: it comes with the weights, and is believed no more than they are. The sandbox keeps it from Python; what
it may still do is take long, so it runs in a thread, beside the streams.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from jinja2 import TemplateError
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

from aweigh.proto.errors import InvalidRequest, UnsupportedModel
from aweigh.serverless.http.tokenizer import read_json, special_text

_SPECIAL = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")


class ChatTemplate:
    """From messages to a prompt."""

    def __init__(self, text: str, special: Mapping[str, str]) -> None:
        """`special`: texts of special tokens by name. Raises UnsupportedModel."""
        environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
        environment.filters["tojson"] = _tojson
        environment.globals["raise_exception"] = _refuse
        environment.globals["strftime_now"] = lambda form: datetime.now().strftime(form)
        try:
            self._template = environment.from_string(text)
        except TemplateError as error:
            raise UnsupportedModel(f"the model's chat template cannot be read: {error}") from None
        self._special = dict(special)

    @staticmethod
    def of(files: dict[str, bytes]) -> "ChatTemplate | None":
        """Of a model's small files; None where there is none. Raises UnsupportedModel."""
        config = read_json(files, "tokenizer_config.json")
        text: Any = files["chat_template.jinja"].decode(errors="replace") if "chat_template.jinja" in files else None
        if text is None:
            text = config.get("chat_template")
        if isinstance(text, list):
            named = {entry.get("name"): entry.get("template") for entry in text if isinstance(entry, dict)}
            text = named.get("default")
        if not isinstance(text, str):
            return None
        return ChatTemplate(text, {name: said for name in _SPECIAL if (said := special_text(config, name))})

    def render(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        generate: bool = True,
        tools: Sequence[Mapping[str, Any]] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> str:
        """The prompt of a conversation. `generate`: it ends where the answer begins. `more`: variables of the template's own. Raises InvalidRequest."""
        known = {
            **self._special,
            **(more or {}),
            "messages": messages,
            "tools": tools,
            "add_generation_prompt": generate,
        }
        try:
            return self._template.render(known)
        except (TemplateError, TypeError, ValueError, KeyError, AttributeError, IndexError, ArithmeticError) as error:
            raise InvalidRequest(f"the model's chat template refuses these messages: {error}") from None


def _tojson(value: Any, ensure_ascii: bool = False, indent: int | None = None, **other: Any) -> str:
    separators, sort_keys = other.get("separators"), bool(other.get("sort_keys", False))
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def _refuse(message: str) -> None:
    raise TemplateError(message)
