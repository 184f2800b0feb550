"""The unmodified `openai` client against the door: its answers are transformers' own."""

import asyncio
import json
from typing import Any

import openai
import pytest
from tests.integration.http import oracle
from tests.integration.http.door import Door

PROMPTS = ("def send(self, data):", "class Queue:\n    def get(", "import os\n", "é = '€'")


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("stream", [False, True])
def test_a_greedy_completion_is_transformers_own(door: Door, prompt: str, stream: bool) -> None:
    directory = door.models["small"]
    expected = oracle.greedy(directory, oracle.tokens_of(directory, prompt), 40)
    asked: dict[str, Any] = {"model": "small", "prompt": prompt, "max_tokens": 40, "temperature": 0}
    client = door.client()
    if stream:
        usage = {"include_usage": True}
        chunks = list(client.completions.create(**asked, stream=True, stream_options=usage))
        text = "".join(choice.text for chunk in chunks for choice in chunk.choices)
        reasons = [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason]
        assert not chunks[-1].choices
        counted, (reason,) = chunks[-1].usage, reasons
    else:
        answer = client.completions.create(**asked)
        text, reason, counted = answer.choices[0].text, answer.choices[0].finish_reason, answer.usage
    assert text == oracle.text_of(directory, expected)
    assert reason == ("stop" if expected[-1] == 2 else "length")
    assert counted.completion_tokens == len(expected)
    assert counted.prompt_tokens == len(oracle.tokens_of(directory, prompt))


@pytest.mark.parametrize("stream", [False, True])
def test_a_chat_is_the_template_and_then_transformers_own(door: Door, stream: bool) -> None:
    directory = door.models["org/chat"]
    messages: Any = [{"role": "user", "content": "close"}]
    _, tokenizer = oracle.loaded(directory)
    prompt = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=True)["input_ids"]
    tokens = oracle.greedy(directory, prompt, 24)
    expected, reason = oracle.text_of(directory, tokens), "stop" if tokens[-1] == 2 else "length"
    asked: dict[str, Any] = {
        "model": "org/chat", "messages": messages, "max_completion_tokens": 24, "temperature": 0,
    }  # fmt: skip
    client = door.client()
    if stream:
        chunks = list(client.chat.completions.create(**asked, stream=True))
        assert chunks[0].choices[0].delta.role == "assistant"
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == expected
        assert [c.choices[0].finish_reason for c in chunks if c.choices[0].finish_reason] == [reason]
    else:
        answer = client.chat.completions.create(**asked)
        assert answer.choices[0].message.content == expected
        assert answer.usage.prompt_tokens == len(prompt)


def test_parts_of_text_are_a_text(door: Door) -> None:
    parts: Any = [{"role": "user", "content": [{"type": "text", "text": "close"}]}]
    whole: Any = [{"role": "user", "content": "close"}]
    one, two = (
        door.client().chat.completions.create(model="org/chat", messages=m, max_tokens=8, temperature=0)
        for m in (parts, whole)
    )
    assert one.choices[0].message.content == two.choices[0].message.content


def test_log_probabilities_are_those_of_the_model(door: Door) -> None:
    directory = door.models["small"]
    prompt = oracle.tokens_of(directory, PROMPTS[0])
    expected = oracle.greedy(directory, prompt, 8)
    wanted_nV = oracle.logprobs(directory, prompt, expected)
    answer = door.client().completions.create(model="small", prompt=PROMPTS[0], max_tokens=8, temperature=0, logprobs=3)
    found = answer.choices[0].logprobs
    assert found.token_logprobs == pytest.approx([float(wanted_nV[at, t]) for at, t in enumerate(expected)], abs=1e-4)
    best = [wanted_nV[at].topk(3).values.tolist() for at in range(len(expected))]
    for entry, values in zip(found.top_logprobs, best, strict=True):
        assert sorted(entry.values(), reverse=True) == pytest.approx(values, abs=1e-4)
    assert "".join(found.tokens) == answer.choices[0].text
    starts = [len("".join(found.tokens[:at])) for at in range(8)]
    assert found.text_offset == starts
    chat = door.client().chat.completions.create(
        model="org/chat", messages=[{"role": "user", "content": "close"}], max_tokens=5, temperature=0, logprobs=True,
        top_logprobs=2,
    )  # fmt: skip
    content = chat.choices[0].logprobs.content
    assert len(content) == 5 and all(len(entry.top_logprobs) == 2 for entry in content)
    assert bytes(byte for entry in content for byte in entry.bytes).decode() == chat.choices[0].message.content
    assert all(entry.logprob == entry.top_logprobs[0].logprob for entry in content)


@pytest.mark.parametrize("stream", [False, True])
def test_a_stop_string_ends_the_text_across_tokens(door: Door, stream: bool) -> None:
    asked: dict[str, Any] = {"model": "small", "prompt": PROMPTS[0], "max_tokens": 40, "temperature": 0}
    client = door.client()
    whole = client.completions.create(**asked).choices[0].text
    middle = len(whole) // 2
    stop = whole[middle - 3 : middle + 3]
    if stream:
        chunks = list(client.completions.create(**asked, stop=[stop, "never there"], stream=True))
        text, reason = "".join(c.choices[0].text for c in chunks), chunks[-1].choices[0].finish_reason
    else:
        choice = client.completions.create(**asked, stop=[stop, "never there"]).choices[0]
        text, reason = choice.text, choice.finish_reason
    assert (text, reason) == (whole[: whole.index(stop)], "stop")
    kept = client.completions.create(**asked, stop=stop, extra_body={"include_stop_str_in_output": True})
    assert kept.choices[0].text == whole[: whole.index(stop) + len(stop)]


def test_a_seed_gives_the_same_texts_and_choices_differ(door: Door) -> None:
    asked: dict[str, Any] = {"model": "small", "prompt": "def ", "max_tokens": 24, "temperature": 1.0, "n": 4}
    client = door.client()
    first = [choice.text for choice in client.completions.create(**asked, seed=7).choices]
    again = [choice.text for choice in client.completions.create(**asked, seed=7).choices]
    other = [choice.text for choice in client.completions.create(**asked, seed=-8).choices]
    assert first == again != other
    assert len(set(first)) == 4
    streamed = [""] * 4
    for chunk in client.completions.create(**asked, seed=7, stream=True):
        for choice in chunk.choices:
            streamed[choice.index] += choice.text
    assert streamed == first


def test_prompts_of_a_list_are_answered_as_if_alone(door: Door) -> None:
    client = door.client()
    asked: dict[str, Any] = {"model": "small", "max_tokens": 12, "temperature": 0}
    alone = [client.completions.create(**asked, prompt=prompt).choices[0].text for prompt in PROMPTS]
    together = client.completions.create(**asked, prompt=list(PROMPTS), echo=True)
    assert [choice.text for choice in together.choices] == [p + t for p, t in zip(PROMPTS, alone, strict=True)]
    tokens = [oracle.tokens_of(door.models["small"], prompt) for prompt in PROMPTS]
    assert [choice.text for choice in client.completions.create(**asked, prompt=tokens).choices] == alone
    assert client.completions.create(**asked, prompt=tokens[0]).choices[0].text == alone[0]


def test_what_the_engine_is_told(door: Door) -> None:
    """Settings that change a greedy answer, against transformers' own."""
    directory = door.models["small"]
    prompt = oracle.tokens_of(directory, PROMPTS[1])
    first = oracle.greedy(directory, prompt, 1)[0]
    client = door.client()
    asked: dict[str, Any] = {"model": "small", "prompt": PROMPTS[1], "temperature": 0}

    def text(count: int, **settings: Any) -> str:
        return str(client.completions.create(**asked, max_tokens=count, **settings).choices[0].text)

    assert text(12, logit_bias={str(first): -100}) == oracle.text_of(
        directory, oracle.greedy(directory, prompt, 12, sequence_bias={(first,): -100.0})
    )
    assert text(30, extra_body={"repetition_penalty": 1.3}) == oracle.text_of(
        directory, oracle.greedy(directory, prompt, 30, repetition_penalty=1.3)
    )
    stopped = client.completions.create(**asked, max_tokens=12, extra_body={"stop_token_ids": [first]})
    assert (stopped.choices[0].text, stopped.choices[0].finish_reason) == ("", "stop")
    long = client.completions.create(**asked, max_tokens=300, extra_body={"ignore_eos": True})
    assert long.choices[0].finish_reason == "length" and long.usage.completion_tokens == 300


def test_models_are_those_that_were_published(door: Door) -> None:
    client = door.client()
    assert [model.id for model in client.models.list()] == ["org/chat", "small"]
    assert client.models.retrieve("org/chat").id == "org/chat"
    with pytest.raises(openai.NotFoundError) as refused:
        client.models.retrieve("other")
    assert refused.value.code == "model_not_found"


def test_errors_are_the_clients_own_classes(door: Door) -> None:
    client = door.client()
    with pytest.raises(openai.NotFoundError):
        client.completions.create(model="other", prompt="x")
    with pytest.raises(openai.BadRequestError) as refused:
        client.completions.create(model="small", prompt="x", max_tokens=5000)
    assert refused.value.code == "context_length_exceeded"
    with pytest.raises(openai.BadRequestError, match="no chat template"):
        client.chat.completions.create(model="small", messages=[{"role": "user", "content": "x"}])
    with pytest.raises(openai.BadRequestError) as refused:
        client.completions.create(model="small", prompt="x", temperature=-1, stream=True)
    assert refused.value.param == "temperature"
    with pytest.raises(openai.BadRequestError) as refused:
        client.completions.create(model="small", prompt="x", suffix="y")
    assert refused.value.param == "suffix"
    with pytest.raises(openai.BadRequestError, match="prompt token ids"):
        client.completions.create(model="small", prompt=[5, 99999], stream=True)


def test_many_at_once(door: Door) -> None:
    client = openai.AsyncOpenAI(base_url=f"{door.url}/v1", api_key="none", max_retries=0)

    async def one(number: int) -> str:
        text = ""
        stream = await client.completions.create(
            model="small", prompt=f"def f{number % 4}(", max_tokens=16, temperature=0, stream=True
        )
        async for chunk in stream:
            text += chunk.choices[0].text
        return text

    async def every() -> list[str]:
        return await asyncio.gather(*map(one, range(16)))

    texts = asyncio.run(every())
    assert texts[:4] == texts[4:8] == texts[8:12] == texts[12:]


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_that_a_schema_binds(door: Door, stream: bool) -> None:
    schema = {
        "type": "object",
        "properties": {"kind": {"enum": ["list", "dict"]}, "size": {"type": "integer", "minimum": 0, "maximum": 99}},
        "required": ["kind", "size"],
        "additionalProperties": False,
    }
    asked: dict[str, Any] = {
        "model": "org/chat", "messages": [{"role": "user", "content": "close"}], "max_tokens": 200, "temperature": 0,
        "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}},
    }  # fmt: skip
    client = door.client()
    if stream:
        chunks = list(client.chat.completions.create(**asked, stream=True))
        text, reason = "".join(c.choices[0].delta.content or "" for c in chunks), chunks[-1].choices[0].finish_reason
    else:
        choice = client.chat.completions.create(**asked).choices[0]
        text, reason = choice.message.content, choice.finish_reason
    assert reason == "stop"
    found = json.loads(text)
    assert found["kind"] in ("list", "dict") and 0 <= found["size"] <= 99
    with pytest.raises(openai.BadRequestError, match="json_schema cannot be read"):
        asked["response_format"]["json_schema"]["schema"] = {"type": "nothing"}
        client.chat.completions.create(**asked, stream=stream)


def test_an_answer_that_is_one_of_several(door: Door) -> None:
    client = door.client()
    for choices in (["raise OSError", "(a|b)*"], ["x.y", "x+y-[z]"]):
        answer = client.completions.create(
            model="small", prompt="def f(", max_tokens=40, extra_body={"guided_choice": choices}
        )
        assert answer.choices[0].text in choices
        assert answer.choices[0].finish_reason == "stop"
    with pytest.raises(openai.BadRequestError) as refused:
        client.completions.create(model="small", prompt="x", extra_body={"guided_regex": "a", "ignore_eos": True})
    assert refused.value.param == "guided_regex"


@pytest.mark.parametrize("stream", [False, True])
def test_a_tool_that_must_be_called(door: Door, stream: bool) -> None:
    parameters = {
        "type": "object",
        "properties": {"place": {"enum": ["here", "there"]}, "days": {"type": "integer", "minimum": 1, "maximum": 9}},
        "required": ["place", "days"],
        "additionalProperties": False,
    }
    tools = [
        {"type": "function", "function": {"name": "weather", "parameters": parameters}},
        {"type": "function", "function": {"name": "other"}},
    ]
    asked: dict[str, Any] = {
        "model": "org/chat", "messages": [{"role": "user", "content": "close"}], "max_tokens": 100, "temperature": 0,
        "tools": tools, "tool_choice": {"type": "function", "function": {"name": "weather"}},
    }  # fmt: skip
    client = door.client()
    if stream:
        name, arguments = "", ""
        chunks = list(client.chat.completions.create(**asked, stream=True))
        for chunk in chunks:
            for call in chunk.choices[0].delta.tool_calls or ():
                name += call.function.name or ""
                arguments += call.function.arguments or ""
        reason = chunks[-1].choices[0].finish_reason
    else:
        choice = client.chat.completions.create(**asked).choices[0]
        (call,) = choice.message.tool_calls
        name, arguments, reason = call.function.name, call.function.arguments, choice.finish_reason
    assert (name, reason) == ("weather", "tool_calls")
    found = json.loads(arguments)
    assert found["place"] in ("here", "there") and 1 <= found["days"] <= 9
    for choice in ("required", {"type": "function", "function": {"name": "nobody"}}, "sometimes"):
        with pytest.raises(openai.BadRequestError) as refused:
            client.chat.completions.create(**{**asked, "tool_choice": choice}, stream=stream)
        assert refused.value.param == "tool_choice"
    free = client.chat.completions.create(**{**asked, "tool_choice": "auto"})
    assert free.choices[0].message.content and not free.choices[0].message.tool_calls
