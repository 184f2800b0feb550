"""Bodies of requests: OpenAI's fields, and those that vLLM added. Unknown fields are accepted and do nothing.

What is known and cannot be done is refused by name, before anything runs (`settings.py`).
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

MAX_CHOICES = 128
MAX_MESSAGES = 4096
MAX_PROMPTS = 256
MAX_STOPS = 16
MAX_STOP_CHARACTERS = 1024
MAX_LOGPROBS = 20
MAX_BIASES = 1024
MAX_GRAMMAR = 256 << 10  # characters

_Stop = Annotated[str, Field(min_length=1, max_length=MAX_STOP_CHARACTERS)]
_Choice = Annotated[str, Field(min_length=1, max_length=MAX_STOP_CHARACTERS)]
_Token = Annotated[int, Field(ge=0, lt=1 << 31)]


class StreamOptions(BaseModel):
    """Of a streamed answer."""

    model_config = ConfigDict(extra="allow")
    include_usage: bool = False


class Sampling(BaseModel):
    """What both routes of generation have. None: as the model's generation_config.json says, else OpenAI's default."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)
    model: str = Field(max_length=512)
    n: int = Field(default=1, ge=1, le=MAX_CHOICES)
    stream: bool = False
    stream_options: StreamOptions | None = None
    temperature: float | None = Field(default=None, ge=0, le=100)
    top_p: float | None = Field(default=None, gt=0, le=1)
    top_k: int | None = Field(default=None, ge=-1, lt=1 << 31)
    min_p: float | None = Field(default=None, ge=0, le=1)
    presence_penalty: float = Field(default=0.0, ge=-2, le=2)
    frequency_penalty: float = Field(default=0.0, ge=-2, le=2)
    repetition_penalty: float | None = Field(default=None, gt=0, le=1e4)
    seed: int | None = Field(default=None, ge=-(1 << 63), lt=1 << 64)
    stop: _Stop | Annotated[list[_Stop], Field(max_length=MAX_STOPS)] | None = None
    stop_token_ids: list[_Token] | None = Field(default=None, max_length=MAX_BIASES)
    include_stop_str_in_output: bool = False
    ignore_eos: bool = False
    skip_special_tokens: bool = True
    min_tokens: int = Field(default=0, ge=0, lt=1 << 24)
    max_tokens: int | None = Field(default=None, ge=1, lt=1 << 24)
    logit_bias: dict[str, float] | None = Field(default=None, max_length=MAX_BIASES)
    user: str | None = None
    response_format: dict[str, Any] | None = None
    guided_json: str | dict[str, Any] | None = None
    guided_regex: str | None = Field(default=None, min_length=1, max_length=MAX_GRAMMAR)
    guided_grammar: str | None = Field(default=None, min_length=1, max_length=MAX_GRAMMAR)
    guided_choice: list[_Choice] | None = Field(default=None, min_length=1, max_length=1024)

    @property
    def stops(self) -> list[str]:
        return [self.stop] if isinstance(self.stop, str) else self.stop or []


class CompletionRequest(Sampling):
    """POST /v1/completions."""

    prompt: (
        str
        | Annotated[list[_Token], Field(min_length=1)]
        | Annotated[list[str], Field(min_length=1, max_length=MAX_PROMPTS)]
        | Annotated[list[Annotated[list[_Token], Field(min_length=1)]], Field(min_length=1, max_length=MAX_PROMPTS)]
    )
    echo: bool = False
    logprobs: int | None = Field(default=None, ge=0, le=MAX_LOGPROBS)
    best_of: int | None = Field(default=None, ge=1)
    suffix: str | None = None
    add_special_tokens: bool = True


class Message(BaseModel):
    """One turn of a conversation; a template may know more fields."""

    model_config = ConfigDict(extra="allow")
    role: str = Field(max_length=64)
    content: str | list[dict[str, Any]] | None = None


class ChatRequest(Sampling):
    """POST /v1/chat/completions."""

    messages: list[Message] = Field(min_length=1, max_length=MAX_MESSAGES)
    max_completion_tokens: int | None = Field(default=None, ge=1, lt=1 << 24)
    logprobs: bool = False
    top_logprobs: int | None = Field(default=None, ge=0, le=MAX_LOGPROBS)
    tools: list[dict[str, Any]] | None = Field(default=None, max_length=128)
    tool_choice: str | dict[str, Any] | None = None
    add_generation_prompt: bool = True
    chat_template_kwargs: dict[str, Any] | None = None


class TokenizeRequest(BaseModel):
    """POST /tokenize: of a text or of a conversation."""

    model_config = ConfigDict(extra="allow")
    model: str = Field(max_length=512)
    prompt: str | None = None
    messages: list[Message] | None = Field(default=None, min_length=1, max_length=MAX_MESSAGES)
    add_special_tokens: bool = True
    add_generation_prompt: bool = True


class DetokenizeRequest(BaseModel):
    """POST /detokenize."""

    model_config = ConfigDict(extra="allow")
    model: str = Field(max_length=512)
    tokens: list[_Token]
