"""The card that stands beside the example model's weights."""

from __future__ import annotations

import platform
from dataclasses import dataclass

CARD = """\
---
language: code
license: psf-2.0
library_name: transformers
pipeline_tag: text-generation
---
# A small model of Python source

It continues Python functions in the manner of the standard library: real text from a real model, small enough
to stand in a repository and to run anywhere. It is made to show and to test software, not to write programs with.

| | |
| --- | --- |
| architecture | Llama: 5 layers, width 256, 4 heads of 64 over 2 key-value heads, tied embeddings |
| size | {parameters:,} parameters, {megabytes:.1f} MB of bfloat16 safetensors |
| tokenizer | byte-level BPE of {vocabulary:,} tokens, learned from the same text |
| context | learned on windows of {window} tokens; positions up to 1024 are accepted |
| data | the sources of the standard library of Python {python}, read from the interpreter's own installation: whole files and, once more, single functions, each between `<s>` and `</s>`; without tests, encodings, idlelib, lib2to3 and other tables |
| held out | one file in twenty, with all its functions |
| seen in training | {tokens:,} tokens in {steps:,} steps |
| **held-out loss** after step {steps:,} | **{loss:.4f} nats per token, {bits_per_byte:.4f} bits per byte**, over {examined:,} windows |

## How it was made
    {command}

on one core, without anything downloaded; all steps take about three quarters of an hour when nothing else runs there.
{history}

Everything that is drawn comes from the seed and the number of the step, so the batches of a run that goes on are those
of a run that was never stopped. That its weights are equal to the last bit was not tried over the whole length.

## Licence
The text that it learned from, and what it repeats of it by heart, is under the Python Software Foundation License
Version 2 (https://docs.python.org/3/license.html), Copyright (c) 2001 Python Software Foundation; All Rights Reserved.
The weights are given under the same terms.
"""


@dataclass(frozen=True, kw_only=True)
class ModelFacts:
    """What the card tells of a training; `loss` in nats per token over `examined` windows.

    `resumed`: the step that the last run went on from; 0 where there was one run only.
    """

    parameters: int
    vocabulary: int
    window: int
    steps: int
    tokens: int
    loss: float
    examined: int
    resumed: int
    bits_per_byte: float
    command: str

    def card(self) -> str:
        """The card as Markdown, with the header that model hubs read."""
        history = "It was made in one run."
        if self.resumed:
            history = f"It was not made in one run: the last one went on from the state (`--state FILE`) of step {self.resumed:,}."
        return CARD.format(
            **vars(self), history=history, megabytes=self.parameters * 2 / 1e6, python=platform.python_version()
        )
