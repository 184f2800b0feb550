"""`policy.toml` as text: every key with its unit, its default, and what it means."""

import json
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from aweigh.memory.policy.table import POLICIES
from aweigh.memory.tuner.policy_file import PolicyFile

_HEAD = """\
# How the arena of an engine's weights is run. `aweigh tune` searches for better values from a trace of requests.
# Every key may be left out: then its default holds.
"""


def written(file: PolicyFile, note: str = "") -> str:
    """The file's text; reading it again gives the same."""
    lines = [_HEAD + "".join(f"# {line}\n" for line in note.splitlines())]
    lines += _section("arena", file.arena)
    for tier in file.tiers:
        lines += _section("tiers", tier, header="[[tiers]]")
    lines += _section("policy", file.policy)
    lines += _parameters(file.policy.name, file.policy.parameters)
    lines += _section("prefetch", file.prefetch)
    lines += _section("split", file.split)
    lines += _section("scrub", file.scrub)
    lines += _section("origins", file.origins)
    return "\n".join(lines) + "\n"


def _section(name: str, section: BaseModel, header: str = "") -> Iterator[str]:
    yield f"# {(type(section).__doc__ or '').strip()}"
    yield header or f"[{name}]"
    for key, field in type(section).model_fields.items():
        if key == "parameters":
            continue
        yield f"# {field.description}; default {_value(field.default)}"
        yield f"{key} = {_value(getattr(section, key))}"
    yield ""


def _parameters(name: str, given: Mapping[str, float]) -> Iterator[str]:
    entry = POLICIES.get(name)
    if entry is None:
        yield "# Parameters that the class is made with."
        yield "[policy.parameters]"
        yield from (f"{key} = {_value(value)}" for key, value in given.items())
        yield ""
        return
    defaults = entry.defaults()
    yield f"# Parameters of {name!r}{'' if defaults else ': it has none'}."
    yield "[policy.parameters]"
    for key, default in defaults.items():
        bound = entry.bounds[key]
        yield f"# {bound.unit}, from {bound.least:g} to {bound.most:g}; default {_value(default)}"
        yield f"{key} = {_value(given.get(key, default))}"
    yield ""


def _value(value: object) -> str:
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value)
