"""Every relative link in a Markdown file leads somewhere, and every anchor names a heading there.

Links to other sites are not followed: a check that needs the network fails for reasons that are not ours. Anchors are
made from headings as GitHub does it: lower case, punctuation dropped, spaces to hyphens, ``-1`` for the second equal one.
"""

import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from house.tree import ROOT, files

_PARSER = MarkdownIt("commonmark").enable("table")
_HTML_TARGET = re.compile(r"""(?:href|src|srcset)=["']([^"']+)["']""")


def faults(root: Path = ROOT) -> list[str]:
    """One sentence per link that leads nowhere, for all Markdown files under ``root``."""
    return [fault for page in files(".md", root) for fault in _page_faults(page, root)]


def _page_faults(page: Path, root: Path) -> Iterator[str]:
    for target in targets(page.read_text(encoding="utf-8")):
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            continue
        where = f"{page.relative_to(root)}: {target}"
        goal = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if not goal.is_relative_to(root):
            yield f"{where} leads out of the repository."
        elif not goal.exists():
            yield f"{where} leads nowhere."
        elif (
            parts.fragment and goal.suffix == ".md" and parts.fragment not in anchors(goal.read_text(encoding="utf-8"))
        ):
            yield f"{where}: that page has no such heading."


def targets(text: str) -> list[str]:
    """What the links and pictures of a Markdown text point at, raw HTML included, in order."""
    found = []
    for token in _walk(_PARSER.parse(text)):
        for name in ("href", "src"):
            if isinstance(value := token.attrGet(name), str):
                found.append(value)
        if token.type in ("html_inline", "html_block"):
            found.extend(_HTML_TARGET.findall(token.content))
    return found


def anchors(text: str) -> set[str]:
    """The anchors of a Markdown text's headings."""
    tokens = _PARSER.parse(text)
    seen: dict[str, int] = {}
    found = set()
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        title = "".join(child.content for child in inline.children or [])
        slug = re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")
        repeat = seen.get(slug, 0)
        seen[slug] = repeat + 1
        found.add(f"{slug}-{repeat}" if repeat else slug)
    return found


def _walk(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or [])


if __name__ == "__main__":
    sys.exit("\n".join(faults()) or None)
