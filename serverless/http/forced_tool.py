"""The tool that an answer must call. Pure.

How a model says of its own accord that it wants a tool is its own format, and nothing here knows formats: that stays text. Where a client says which tool is called,
the answer is bound to the schema of its parameters, so what comes out is the arguments, whichever model it is.
"""

from dataclasses import dataclass
from typing import Any

from aweigh.serverless.http.errors import Unfit
from aweigh.serverless.http.fields import Sampling


@dataclass(frozen=True, slots=True)
class ForcedTool:
    """`schema`: of the arguments, a JSON schema."""

    name: str
    schema: dict[str, Any]


def forced_tool(request: Sampling) -> ForcedTool | None:
    """None: the answer may be anything. Raises Unfit."""
    choice = getattr(request, "tool_choice", None)
    if choice in (None, "none", "auto"):
        return None
    tools = [_tool(tool) for tool in getattr(request, "tools", None) or ()]
    if choice == "required" and len(tools) == 1:
        return tools[0]
    if choice == "required":
        raise Unfit(
            "tool_choice",
            f"'required' needs exactly one tool here, and there are {len(tools)}: name the one that is meant",
        )
    function = choice.get("function") if isinstance(choice, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    for tool in tools:
        if tool.name == name:
            return tool
    raise Unfit("tool_choice", "tool_choice is 'none', 'auto', 'required', or names a function of tools")


def _tool(said: dict[str, Any]) -> ForcedTool:
    function = said.get("function")
    if not isinstance(function, dict) or not isinstance(function.get("name"), str):
        raise Unfit("tools", "a tool is {'type': 'function', 'function': {'name', 'parameters'}}")
    schema = function.get("parameters") or {"type": "object"}
    if not isinstance(schema, dict):
        raise Unfit("tools", "the parameters of a function are a JSON schema, an object")
    return ForcedTool(function["name"], schema)
