"""`docs/coverage.md` from the verdicts."""

from collections import Counter
from collections.abc import Mapping

from aweigh.compiler.coverage.verdict import TIE, TOLERANCE, Verdict

_HEAD = f"""# Coverage

Every type of `MODEL_FOR_CAUSAL_LM_MAPPING_NAMES` in transformers, with a tiny random float32 configuration, compared with transformers
itself on this machine. Made by

    aweigh compile --coverage

*equal*: logits of a prompt within {TOLERANCE:g} of the greatest (at least 1), and 32 greedy tokens of two prompts, generated in one batch
by the paged engine, the same as `generate` gives one by one. A divergence is excused, and counted, where transformers' own two best
logits are closer than {TIE:g}. Configurations are shrunk by the names of their attributes, and what is equal
among these stays equal; a type that can decode is told to. Where modelling code does otherwise with long sequences (it selects keys,
it stretches rotary embeddings), the Program is made for shorter ones and compared there. A reason that begins with *transformers:*
is transformers' own error on the tiny configuration. *raised*: share of executed operators that a pass gave a name; the rest is core
ATen.
"""


MODULES = "## Modules"
"""The title of the page's second part, which another command makes (`python -m bench.modules --write`)."""


def markdown(verdicts: Mapping[str, Verdict], before: str = "") -> str:
    """Returns the page. `before`: its old text, whose second part stays."""
    equal = sum(verdict.equal for verdict in verdicts.values())
    captured = sum(verdict.captured for verdict in verdicts.values())
    excused = sum(verdict.excused for verdict in verdicts.values() if verdict.equal)
    lines = [
        _HEAD,
        f"**{equal} of {len(verdicts)} types are equal**, {captured} become a Program, {excused} divergences are excused.\n",
        "| type | equal | raised | greatest difference of a logit | why not |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name in sorted(verdicts):
        lines.append(_row(name, verdicts[name]))
    _, title, rest = before.partition(f"\n{MODULES}\n")
    return "\n".join(lines) + "\n" + title + rest


def _row(name: str, verdict: Verdict) -> str:
    share = "" if verdict.raised_share is None else f"{verdict.raised_share:.0%}"
    error = "" if verdict.max_logit_error is None else f"{verdict.max_logit_error:.1e}"
    word = "yes" if verdict.equal else "no"
    if verdict.equal and verdict.excused:
        word = f"yes ({verdict.excused} excused)"
    reason = verdict.reason.replace("|", "\\|").replace("<", "&lt;")
    return f"| {name} | {word} | {share} | {error} | {reason} |"


def summary(verdicts: Mapping[str, Verdict]) -> str:
    """Returns a few lines for a terminal: the count, and the commonest reasons."""
    equal = sum(verdict.equal for verdict in verdicts.values())
    reasons = Counter(verdict.reason[:70] for verdict in verdicts.values() if not verdict.equal)
    lines = [f"{equal} of {len(verdicts)} types are equal"]
    return "\n".join([*lines, *(f"{count:4d}  {reason}" for reason, count in reasons.most_common(12))])
