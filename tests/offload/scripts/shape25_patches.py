"""A script that patches `generate`, classes, functions, attributes and buffers of its model, before and after loading."""

import sys
import types

import torch
import torch.nn.functional as F
import transformers
from transformers import AttentionInterface, AutoModelForCausalLM
from transformers.models.llama import modeling_llama as ml

ids = torch.tensor([[1, 2, 3, 4]])


def fresh(**k):
    return AutoModelForCausalLM.from_pretrained(sys.argv[1], **k).eval()


def show(name, model):
    with torch.no_grad():
        print(
            name,
            model.generate(ids, max_new_tokens=4, do_sample=False).tolist()[0][4:],
            [round(v, 3) for v in model(ids).logits.flatten()[-3:].tolist()],
        )


show("plain", fresh())
# class-level forward, before and after load
old = ml.LlamaMLP.forward
ml.LlamaMLP.forward = lambda self, x: old(self, x) * 0.5
show("class mlp before", fresh())
ml.LlamaMLP.forward = old
m = fresh()
m(ids)
ml.LlamaMLP.forward = lambda self, x: old(self, x) * 0.5
show("class mlp after", m)
ml.LlamaMLP.forward = old
show("class mlp undone", m)
# module function
old_rot = ml.apply_rotary_pos_emb
m = fresh()
show("pre", m)
ml.apply_rotary_pos_emb = lambda q, k, cos, sin, *a: (q, k)
show("rotary after", m)
show("rotary fresh", fresh())
ml.apply_rotary_pos_emb = old_rot
# sdpa
s = F.scaled_dot_product_attention
F.scaled_dot_product_attention = lambda *a, **k: s(*a, **k) * 2
show("sdpa", fresh())
F.scaled_dot_product_attention = s


def mine(module, q, k, v, mask, **kw):
    return transformers.integrations.sdpa_attention.sdpa_attention_forward(module, q, k, v, mask, **kw)[0] * 2, None


AttentionInterface.register("mine", mine)
show("attn mine", fresh(attn_implementation="mine"))
m = fresh()
m.set_attn_implementation("mine")
show("attn set", m)
# instance-level parts of generate
m = fresh()
orig = m.prepare_inputs_for_generation


def prep(input_ids, **kw):
    out = orig(input_ids, **kw)
    out["input_ids"] = (out["input_ids"] + 1) % 200
    return out


m.prepare_inputs_for_generation = prep
show("prepare inst", m)
m = fresh()
m.generate = types.MethodType(lambda self, x, **kw: type(self).generate(self, x + 1, **kw), m)
show("generate inst", m)
m = fresh()
f = m.forward


def fwd(*a, **k):
    o = f(*a, **k)
    o.logits = -o.logits
    return o


m.forward = fwd
show("forward inst", m)
m = fresh()
f2 = m.model.layers[0].mlp.forward
m.model.layers[0].mlp.forward = lambda x: f2(x) * 0
show("inner inst", m)
ol = ml.LlamaForCausalLM.forward


def lf(self, *a, **k):
    o = ol(self, *a, **k)
    o.logits = -o.logits
    return o


ml.LlamaForCausalLM.forward = lf
show("class root", fresh())
ml.LlamaForCausalLM.forward = ol


class Mine(ml.LlamaMLP):
    def forward(self, x):
        return super().forward(x) * 3


m = fresh()
for l in m.model.layers:
    l.mlp.__class__ = Mine
show("class of inner", m)
ml.LlamaMLP, keep = Mine, ml.LlamaMLP
show("class in module", fresh())
ml.LlamaMLP = keep
op = ml.LlamaForCausalLM.prepare_inputs_for_generation


def prep2(self, input_ids, **kw):
    out = op(self, input_ids, **kw)
    out["input_ids"] = (out["input_ids"] + 1) % 200
    return out


ml.LlamaForCausalLM.prepare_inputs_for_generation = prep2
show("prepare class", fresh())
ml.LlamaForCausalLM.prepare_inputs_for_generation = op
m = fresh()
m.model.rotary_emb.inv_freq.mul_(0.5)
show("buffer inplace", m)
m = fresh()
m.model.rotary_emb.inv_freq = m.model.rotary_emb.inv_freq * 0.5
show("buffer", m)
m = fresh()
m.model.norm.variance_epsilon = 10.0
show("attr", m)
m = fresh()
m.model.layers[0].self_attn.scaling = 1.0
show("scaling attr", m)
m = fresh()
m.model.layers = m.model.layers[:1]
show("layers dropped", m)
m = fresh()
m.config.num_hidden_layers = 1
show("config layers", m)
m = fresh()
m.resize_token_embeddings(300)
show("resized", m)
m = fresh()
m.lm_head = torch.nn.Sequential(m.lm_head, torch.nn.Tanh())
show("head", m)
m = fresh()
h = m.register_forward_hook(lambda mod, a, o: setattr(o, "logits", -o.logits))
show("root hook", m)
h.remove()
show("removed", m)
m = fresh()
h = m.model.layers[0].register_forward_pre_hook(lambda mod, a: (a[0] * 0,))
show("inner hook", m)
h.remove()
show("removed", m)
h = torch.nn.modules.module.register_module_forward_hook(
    lambda mod, a, o: o * 0.5 if isinstance(mod, ml.LlamaMLP) else None
)
show("global hook", fresh())
h.remove()
m = fresh()
m.model.layers[0].self_attn.q_proj.bias = torch.nn.Parameter(torch.ones(64))
show("bias", m)

# the class's own `generate`, before and after loading
kept = ml.LlamaForCausalLM.generate


def shifted(self, inputs=None, **k):
    print("mine", sorted(k))
    return kept(self, inputs + 1, **k)


m = fresh()
ml.LlamaForCausalLM.generate = shifted
show("generate of the class", m)
show("generate of the class", fresh())
del ml.LlamaForCausalLM.generate
show("generate undone", m)
loop = transformers.GenerationMixin._sample
transformers.GenerationMixin._sample = lambda self, input_ids, **k: loop(self, input_ids, **k)[:, :-1]
show("the loop of every class", fresh())
transformers.GenerationMixin._sample = loop
show("the loop again", fresh())
