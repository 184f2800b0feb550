"""Modules of the script's own whose weights change, that write to buffers, draw random numbers, branch on data."""

import copy
import dataclasses
import io
import threading

import torch
from torch import nn


def show(name, value):
    print(
        name,
        tuple(value.shape),
        value.dtype,
        value.requires_grad,
        [round(one, 3) + 0.0 for one in value.flatten()[:5].tolist()],
    )


def x(*shape):
    return torch.linspace(-1, 1, torch.Size(shape).numel()).view(shape)


class Linear(nn.Module):
    def __init__(self, size=8):
        super().__init__()
        self.layer = nn.Linear(size, size)

    def forward(self, x):
        return torch.tanh(self.layer(x))


torch.manual_seed(2)

# weights that change between calls
net = Linear().eval()
with torch.no_grad():
    show("first", net(x(3, 8)))
    show("again", net(x(3, 8)))
    net.layer.weight.mul_(2)
    show("in place", net(x(3, 8)))
    net.layer.weight.data.mul_(0.5)
    show("by .data", net(x(3, 8)))
    net.layer.weight.data = torch.eye(8)
    show("assigned", net(x(3, 8)))
    array = net.layer.bias.detach().numpy()
    show("numpy", net(x(3, 8)))
    array[:] = 3
    show("written", net(x(3, 8)))
    array[:] = 1
    show("written again", net(x(3, 8)))
    del array
    held = torch.zeros(8)
    net.layer.bias = nn.Parameter(held)
    show("made of", net(x(3, 8)))
    held.add_(1)
    show("its source", net(x(3, 8)))
net.train()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(2):
    optimizer.zero_grad()
    net(x(3, 8)).square().sum().backward()
    optimizer.step()
    net.eval()
    with torch.no_grad():
        show("trained", net(x(3, 8)))
    net.train()
net.eval()

# gradients in evaluation mode
given = x(3, 8).requires_grad_()
output = net(given)
show("grad", output)
output.sum().backward()
show("of input", given.grad)
show("of weight", net.layer.weight.grad)
frozen = Linear().eval().requires_grad_(False)
show("frozen", frozen(x(3, 8)))
show("frozen, of input", torch.autograd.grad(frozen(given).sum(), given)[0])

torch.set_grad_enabled(False)


# what a Program cannot say
class Buffers(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(8, 8)
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, x):
        self.calls += 1
        return self.layer(x) * self.calls


net = Buffers().eval()
for _ in range(3):
    show("buffers", net(x(2, 8)))
print(net.calls)

net = nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8))
show("batch norm in training", net(x(4, 8)))
print(net[1].running_mean[:3], net[1].num_batches_tracked)
net.eval()
show("batch norm", net(x(4, 8)))
net = nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.5))
torch.manual_seed(5)
show("dropout in training", net(x(4, 8)))
show("dropout", net.eval()(x(4, 8)))


class Random(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(8, 8)

    def forward(self, x):
        return self.layer(x + torch.randn_like(x))


torch.manual_seed(6)
net = Random().eval()
show("random", net(x(2, 8)))
show("random", net(x(2, 8)))


class Choice(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(8, 8), nn.Linear(8, 8)

    def forward(self, x):
        h = self.first(x)
        if h.sum().item() > 0:
            return self.second(h) + 1
        print("the other way")
        return self.second(-h)


net = Choice().eval()
for sign in (1, -1, 1):
    show("choice", net(sign * x(2, 8)))


class Rows(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(8, 8)

    def forward(self, x):
        h = self.layer(x)
        return h[h[:, 0] > 0], h.nonzero().shape[0]


show("rows", Rows().eval()(x(6, 8))[0])
net = nn.Linear(8, 8).to(torch.complex64)
show("complex", torch.view_as_real(net(torch.complex(x(2, 8), -x(2, 8)))))
net = nn.Linear(8, 8).double()
show("double", net(x(2, 8).double()))
net = Linear().eval()
bad = x(2, 8).clone()
bad[0, 0] = float("nan")
print("nan", net(bad).isnan().tolist())
print("empty", net(torch.empty(0, 8)).shape)
try:
    net(x(2, 7))
except RuntimeError as error:
    print(str(error).splitlines()[0])
nested = torch.nested.nested_tensor([x(2, 8), x(3, 8)], layout=torch.jagged)
print("nested", [tuple(one.shape) for one in nn.Linear(8, 4)(nested).unbind()])
show("sparse", nn.Linear(8, 4)(x(4, 8).relu().to_sparse().to_dense()))


# memory that is shared
class Views(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(8, 8)

    def forward(self, x):
        h = self.layer(x)
        return x, x[1:], h, h[:, :4], h.t(), x.shape[0] * 2


given = x(3, 8).clone()
same, rest, h, part, turned, count = Views().eval()(given)
print(same is given, rest._base is given, count)
rest.zero_()
part.fill_(7)
print(given[1:].abs().sum().item(), h[0].tolist()[:4], turned[0].tolist(), turned.stride())


class InPlace(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(8, 8)

    def forward(self, x):
        x.mul_(2)
        h = self.layer(x)
        h += 1
        return torch.relu_(h)


given = x(2, 8).clone()
show("in place", InPlace().eval()(given))
show("its input", given)

whole = torch.randn(16, 8)
net = nn.Linear(16, 8)
net.weight = nn.Parameter(whole.t())
tied = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8)).eval()
tied[2].weight = tied[0].weight
part = nn.Linear(8, 8).eval()
part.weight = nn.Parameter(whole[2:10])
show("not contiguous", net(x(2, 16)))
show("tied", tied(x(2, 8)))
show("part", part(x(2, 8)))
tied[0].weight.add_(1)
show("tied", tied(x(2, 8)))

# hooks, copies, threads, outputs
net = Linear().eval()
seen = []
net.register_forward_hook(lambda module, given, output: seen.append(tuple(output.shape)) or output + 1)
net.layer.register_forward_pre_hook(lambda module, given: (given[0] * 2,))
show("hooks", net(x(2, 8)))
print(seen)
other = copy.deepcopy(net)
show("copy", other(x(2, 8)))
buffer = io.BytesIO()
torch.save(Linear().eval(), buffer)
buffer.seek(0)
show("saved", torch.load(buffer, weights_only=False)(x(2, 8)))


@dataclasses.dataclass
class Output:
    logits: torch.Tensor
    words: str


class Structured(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(8, 8)
        self.count = 0

    def forward(self, x, *, scale=1.0, mask=None):
        self.count += 1
        h = self.layer(x) * scale
        return Output(h if mask is None else h.masked_fill(mask, 0), f"call {self.count}"), {"all": [h, None]}


net = Structured().eval()
for scale in (1.0, 2.0, 3.0):
    output, more = net(x=x(2, 8), scale=scale, mask=x(2, 8) > 0.5)
    show(output.words, output.logits)
    show(type(more["all"][1]).__name__, more["all"][0])
print(net.count)

nets = [Linear().eval() for _ in range(3)]
results = {}


def work(number):
    with torch.no_grad():
        results[number] = nets[number % 3](x(2 + number % 2, 8))


threads = [threading.Thread(target=work, args=(number,)) for number in range(9)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
for number in sorted(results):
    show(f"thread {number}", results[number])

show("compiled by the script", torch.compile(nets[0], backend="eager")(x(2, 8)))
show("traced", torch.jit.trace(nets[1], x(2, 8))(x(2, 8)))
show("exported", torch.export.export(nets[2], (x(2, 8),)).module()(x(2, 8)))
show("vmap", torch.vmap(nets[0])(x(3, 2, 8)))
show("functional", torch.func.functional_call(nets[0], {"layer.bias": torch.ones(8)}, (x(2, 8),)))
with torch.autocast("cpu", dtype=torch.bfloat16):
    show("autocast", nets[0](x(2, 8)))
