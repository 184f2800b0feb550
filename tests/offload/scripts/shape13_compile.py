"""`torch.compile`, `torch.export` and `torch.jit` over a causal language model."""

import sys

import torch
from transformers import AutoModelForCausalLM

ids = torch.tensor([[1, 2, 3, 4]])


def fresh(**options):
    return AutoModelForCausalLM.from_pretrained(sys.argv[1], **options).eval()


def top(tensor):
    return [round(value, 2) + 0.0 for value in tensor.flatten()[-3:].tolist()]


def tokens(model):
    return model.generate(ids, max_new_tokens=4, do_sample=False).tolist()


model = fresh()
compiled = torch.compile(model, backend="eager")
print(type(compiled).__name__, compiled.config.hidden_size, compiled._orig_mod is model, min(compiled.state_dict()))
with torch.no_grad():
    print(top(compiled(ids).logits), tokens(compiled), top(compiled(ids, attention_mask=torch.ones_like(ids)).logits))
    whole = torch.compile(fresh(), backend="eager", fullgraph=True, dynamic=True)
    print(top(whole(ids).logits), top(whole(ids[:, :2]).logits))
    bound = fresh()
    bound.forward = torch.compile(bound.forward, backend="eager", fullgraph=True)
    print(top(bound(ids).logits), tokens(bound))
    itself = fresh()
    itself.compile(backend="eager")
    print(top(itself(ids).logits), tokens(itself))
    generating = fresh()
    generating.generate = torch.compile(generating.generate, backend="eager")
    print(tokens(generating))
    inner = fresh()
    inner.model.layers[0].compile(backend="eager")
    inner.model.layers[1].mlp = torch.compile(inner.model.layers[1].mlp, backend="eager")
    print(top(inner(ids).logits), tokens(inner))

called = fresh()


@torch.compile(backend="eager")
def step(tokens):
    return called(tokens).logits[:, -1].argmax(-1) + 1


with torch.no_grad():
    print(step(ids).tolist(), step(ids[:, :3]).tolist())
    called.lm_head.weight.mul_(-1)
    print(step(ids).tolist())
    model.lm_head.weight.mul_(-1)
    print(top(compiled(ids).logits))

trained = torch.compile(fresh(), backend="eager")
trained.train()
loss = trained(ids, labels=ids).loss
loss.backward()
print(round(loss.item(), 3), round(trained._orig_mod.lm_head.weight.grad.abs().sum().item(), 2))


class Logits(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, tokens):
        return self.model(tokens, use_cache=False).logits


with torch.no_grad():
    held = Logits(fresh())
    print(top(torch.compile(held, backend="eager")(ids)))
    exported = torch.export.export(held, (ids,))
    print(type(exported).__name__, top(exported.module()(ids)), len(list(exported.parameters())))
    print(top(held(ids)), tokens(held.model))
    dynamic = {"input_ids": {1: torch.export.Dim("length", min=2, max=64)}, "use_cache": None}
    alone = torch.export.export(fresh(), (), {"input_ids": ids, "use_cache": False}, dynamic_shapes=dynamic)
    print(top(alone.module()(input_ids=ids[:, :3], use_cache=False).logits))
    traced = torch.jit.trace(Logits(fresh()), ids)
    print(type(traced).__name__, top(traced(ids)))
    try:
        torch.jit.script(fresh())
    except Exception as error:
        print(type(error).__name__)
