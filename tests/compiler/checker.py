"""A small FileCheck: what a pass makes of a text.

A file holds cases between lines `// -----`. In a case, `// RUN: a,b` names passes; the patterns of `// CHECK:` must be found in the printed
result one after another, and no `// CHECK-NOT:` between its neighbours. In a pattern `{{...}}` is a regular expression, `%[[NAME:.*]]` binds
what it matches and `%[[NAME]]` repeats it; everything else is literal. `// ERROR:` is a part of the message with which the passes must fail.
(The PyPI package `filecheck` does all this and more; this is what is needed here, without a dependency.)
"""

import re
from dataclasses import dataclass
from pathlib import Path

_DIRECTIVE = re.compile(r"^// (RUN|CHECK-NOT|CHECK|ERROR): (.*)$")
_PIECES = re.compile(r"\{\{(.*?)\}\}(?!\})|\[\[(\w+):(.*?)\]\]|\[\[(\w+)\]\]")


@dataclass(frozen=True, slots=True)
class Case:
    """One text and what is said about it."""

    name: str
    source: str
    passes: tuple[str, ...]
    checks: tuple[tuple[bool, str], ...]
    error: str


def cases(path: Path) -> list[Case]:
    found = []
    for number, part in enumerate(path.read_text().split("// -----\n")):
        said = [match.groups() for line in part.splitlines() if (match := _DIRECTIVE.match(line))]
        runs = [text for word, text in said if word == "RUN"]
        assert len(runs) == 1, f"case {number} of {path.name} needs one RUN line"
        checks = tuple((word == "CHECK", text) for word, text in said if word.startswith("CHECK"))
        errors = [text for word, text in said if word == "ERROR"]
        assert checks or errors, f"case {number} of {path.name} checks nothing"
        found.append(
            Case(f"{path.stem}-{number}", part, tuple(runs[0].split(",")), checks, errors[0] if errors else "")
        )
    return found


def check(case: Case, output: str) -> str:
    """The first pattern that does not hold; empty where all do."""
    place = 0
    bound: dict[str, str] = {}
    forbidden: list[str] = []
    for wanted, text in case.checks:
        if not wanted:
            forbidden.append(text)
            continue
        match = re.compile(_expression(text, bound)).search(output, place)
        if match is None:
            return f"CHECK: {text}\nnot found in\n{output[place:]}"
        if complaint := _found(forbidden, output[place : match.start()], bound):
            return complaint
        bound |= {name: value for name, value in match.groupdict().items() if value is not None}
        place, forbidden = match.end(), []
    return _found(forbidden, output[place:], bound)


def _found(patterns: list[str], text: str, bound: dict[str, str]) -> str:
    for pattern in patterns:
        if re.search(_expression(pattern, bound), text):
            return f"CHECK-NOT: {pattern}\nfound in\n{text}"
    return ""


def _expression(pattern: str, bound: dict[str, str]) -> str:
    answer, place = "", 0
    for piece in _PIECES.finditer(pattern):
        answer += re.escape(pattern[place : piece.start()])
        expression, name, definition, use = piece.groups()
        if expression is not None:
            answer += f"(?:{expression})"
        elif name is not None:
            answer += f"(?P<{name}>[\\w-]+)" if definition == ".*" else f"(?P<{name}>{definition})"
        else:
            answer += re.escape(bound[use])
        place = piece.end()
    return answer + re.escape(pattern[place:])
