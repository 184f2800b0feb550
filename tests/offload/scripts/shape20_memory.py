"""Every way to a weight's memory (numpy, pointers, storages, `.data`), and writes through it."""

import copy
import ctypes
import io
import sys

import numpy as np
import torch
from transformers import AutoModelForCausalLM

ids = torch.tensor([[1, 2, 3]])
NAME = "model.layers.0.self_attn.q_proj.weight"


def fresh(**options):
    return AutoModelForCausalLM.from_pretrained(sys.argv[1], **options)


def weight(model):
    return model.get_parameter(NAME)


def through_state_dict(model):
    buffer = io.BytesIO()
    torch.save(model.state_dict(), buffer)
    return len(buffer.getvalue())


def kept_pointer(model):
    pointer = weight(model).data_ptr()
    model(ids)
    ctypes.memset(pointer, 0, weight(model).nbytes)


def later(model):
    array = weight(model).detach().numpy()
    model(ids)
    array[:] = 0


def of_a_copy(model):
    other = copy.deepcopy(model)
    weight(other).detach().numpy()[:] = 0
    return other.generate(ids, max_new_tokens=4, do_sample=False).tolist()


def load(model):
    zeros = {name: torch.zeros(value.shape, dtype=value.dtype) for name, value in model.state_dict().items()}
    return model.load_state_dict(zeros)


def assign(model):
    weight(model).data = torch.zeros(weight(model).shape)


ways = {
    "numpy": lambda model: weight(model).detach().numpy().fill(0),
    "numpy of a view": lambda model: weight(model).detach().view(-1)[: 64 * 60].numpy().fill(0),
    "numpy of .data": lambda model: weight(model).data.numpy().fill(0),
    "numpy later": later,
    "asarray": lambda model: np.asarray(weight(model).detach()).fill(0),
    "dlpack": lambda model: torch.from_dlpack(weight(model).detach()).zero_().sum(),
    "pointer": kept_pointer,
    "pointer of a row": lambda model: bool(
        ctypes.memset(weight(model).data_ptr() + 256, 0, weight(model).nbytes - 256)
    ),
    "storage": lambda model: bool(weight(model).untyped_storage().fill_(0)),
    "shared": lambda model: weight(model).share_memory_().is_shared(),
    "numpy with grad": lambda model: weight(model).numpy(),
    "of a copy": of_a_copy,
    "copy_": lambda model: weight(model).data.copy_(torch.zeros(weight(model).shape)).sum(),
    "data": assign,
    "state_dict": lambda model: model.state_dict()[NAME].zero_().sum(),
    "load_state_dict": load,
    "set_": lambda model: weight(model).requires_grad_(False).set_(torch.zeros(weight(model).shape)).sum(),
    "set_ of .data": lambda model: weight(model).data.set_(torch.zeros(weight(model).shape)).sum(),
    "tolist": lambda model: sum(weight(model).tolist()[0]),
    "item": lambda model: weight(model)[0, 0].item(),
    "torch.save": through_state_dict,
}
for name, way in ways.items():
    model = fresh()
    try:
        said = way(model)
    except RuntimeError as error:
        said = error
    print(name, said, model.generate(ids, max_new_tokens=4, do_sample=False)[0].tolist())

half = fresh(dtype=torch.bfloat16)
copied = weight(half).float()
copied.detach().numpy().fill(0)
print(copied.sum().item(), weight(half).float().detach().numpy().sum())
same = fresh()
other = weight(same).detach().to(torch.float32, copy=True)
other.numpy().fill(0)
print(other.sum(), same.generate(ids, max_new_tokens=4, do_sample=False).tolist())

for write in (lambda t: t.detach().zero_(), lambda t: t.data.zero_(), lambda t: t.detach().numpy().fill(0)):
    cast = fresh().double()
    write(weight(cast))
    print(weight(cast).sum().item(), cast.generate(ids, max_new_tokens=4, do_sample=False).tolist())
mine = fresh()
data = weight(mine).detach().to(torch.float32, copy=True)
weight(mine).data = data
data.zero_()
print(weight(mine).sum().item(), mine.generate(ids, max_new_tokens=4, do_sample=False).tolist())
